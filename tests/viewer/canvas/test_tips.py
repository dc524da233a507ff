"""What the canvas says in a sentence about what the pointer is on."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from analysis.faults import Fault
from viewer.canvas.tool_tips import tip
from viewer.text.block_names import block_name, fault_text, spoken_name
from viewer.text.translation import language


def at(canvas, point) -> str:
    return tip(canvas.session, canvas.scene.hits.at(point))


def test_every_kind_of_thing_has_its_sentence(make_canvas, shares_of):
    canvas = make_canvas("live")
    canvas.session.show_measured(shares_of(canvas.session, 0.29, -0.04))
    middle = canvas.edge("skip1").path.pointAtPercent(0.5)
    assert at(canvas, middle) == "Skip 1 adds 29 % of the output."
    negative = canvas.edge("skip2").path.pointAtPercent(0.5)
    assert at(canvas, negative) == "Skip 2 subtracts 4 % of the output."
    assert at(canvas, canvas.edge("skip1").gate(1.0 / canvas.view.zoom)).startswith(
        "Gate of skip 1"
    )
    assert at(canvas, canvas.node("join1").centre).endswith("one after the other.")
    assert at(canvas, canvas.node("dec2").centre).startswith("Decoder block 2, 16 by 32 by 32")
    assert at(canvas, QPointF(-500, -500)) == ""


def test_sentences_in_chinese(make_canvas, shares_of):
    canvas = make_canvas("live")
    canvas.session.show_measured(shares_of(canvas.session, 0.29, -0.04))
    language.use("zh")
    assert at(canvas, canvas.edge("skip1").path.pointAtPercent(0.5)) == (
        "跳跃连接 1 贡献了输出的 29%。"
    )


def test_an_opened_row_names_its_operator(make_canvas):
    canvas = make_canvas("build")
    canvas.session.set_view(expanded=frozenset({"enc1"}))
    said = at(canvas, canvas.node("enc1").row_rects[0].center())
    assert said.splitlines()[:2] == ["enc1.conv1", "8 × 64 × 64"]


def test_names():
    assert block_name("enc12") == "enc 12"
    assert block_name("bottleneck") == "bottleneck"
    assert block_name("conv3") == "conv 3"
    assert block_name("encoder.block1.conv") == "encoder.block1.conv"
    assert spoken_name("dec2") == "Decoder block 2"


def test_a_fault_in_three_words():
    assert fault_text(Fault("join-sizes-differ", (1, 127, 128, 1))) == "127 ≠ 128 wide"
    assert fault_text(Fault("join-sizes-differ", (0, 127, 128, 1))) == "127 ≠ 128 high"
    assert fault_text(Fault("kernel-too-large", (0, 7, 5, 5))) == "kernel 7 > 5"
    assert fault_text(Fault("unknown-operator", ("x",))) == "does not fit"
