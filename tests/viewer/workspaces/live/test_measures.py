"""The measures in the real window: numbers, checks, the pictures over the rows, a target."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from analysis.graph import Node
from analysis.inference.engine import Engine
from analysis.inference.measures.table import MEASURES
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.measures import MeasureRequest
from analysis.inference.protocol.runs import RunRequest
from analysis.operators import Softmax
from tests.viewer.networks import document_of
from viewer.look.fonts import BODY, font
from viewer.session.view_state import ViewState
from viewer.text.translation import language
from viewer.workspaces.live.canvas_text import heading
from viewer.workspaces.live.skips.importance import importance_image
from viewer.workspaces.live.skips.panel import SkipsPanel
from viewer.workspaces.live.skips.picture_pair import on_input

FORMAT = QImage.Format.Format_ARGB32_Premultiplied
KEYS = [row.key for row in MEASURES]


@pytest.fixture
def live(open_desk):
    return open_desk(view=ViewState(workspace="live"))


@pytest.fixture
def skips(live) -> SkipsPanel:
    return live.window.findChild(SkipsPanel)


def choose(live, skips: SkipsPanel, key: str) -> None:
    live.qtbot.mouseClick(skips.measures.buttons[KEYS.index(key)], Qt.MouseButton.LeftButton)
    live.wait(lambda: skips.measured() is not None and not live.session.measure_is_stale)


def test_shares_ahead_of_a_closing_softmax_are_of_the_logits(open_desk) -> None:
    document = document_of("unet:depth=2,base=4,size=32")
    graph = document.graph.insert_on(document.graph.edges[-1], Node("last", Softmax()))
    live = open_desk(replace(document, graph=graph), view=ViewState(workspace="live"))
    panel = live.window.findChild(SkipsPanel)
    live.wait(lambda: panel.measured() is not None)
    assert panel.captions.of_bar.text() == "share of the logits"
    assert panel.captions.of_map.text() == "adds to logits"
    assert panel.sentence.text().endswith("of the logits before softmax.")
    assert panel.split.check.text().startswith("The parts rebuild the logits before softmax to")
    assert heading(live.session)[0] == "What each path adds to the logits before softmax"
    language.use("zh")
    assert panel.captions.of_bar.text() == "占 logits 的比例"
    # Without it they are of the output again.
    live.edit(graph=document.graph)
    assert heading(live.session)[0] == "各路径对输出的贡献"


def by_hand(live, key: str):
    """The measure from an engine in this process."""
    document, engine = live.session.document, Engine("cpu", threads=1)
    graph, image = document.graph, live.store.path(document.image.hash)
    source = ImageSource(document.image.hash, str(image))
    target = document.target
    engine.answer(
        RunRequest(
            1,
            "test",
            graph.structure_hash,
            graph,
            source,
            noise=live.session.live.noise,
            target=ImageSource(target.hash, str(live.store.path(target.hash))) if target else None,
        )
    )
    return engine.answer(MeasureRequest(1, "test", graph.structure_hash, key))


def test_shapley_values_and_gradients_stand_as_parts_of_what_all_are_worth(live, skips):
    for key, said in (("shapley", "exact for this network"), ("gradient", "integrated")):
        choose(live, skips, key)
        expected = by_hand(live, key)
        for name, part in expected.skips.items():
            text = skips.rows[name].value.text().removesuffix(" %").replace("−", "-")
            assert float(text) == pytest.approx(100 * part.value / expected.worth.span, abs=0.51)
        assert skips.certainty.text() == said
        assert skips.split.check.isVisible()
        assert "all skips are worth" in skips.split.check.text()
        assert skips.split.kept.text().startswith("100 % is the mean squared change")
        assert not skips.pair.isVisible()


def test_ablation_lights_where_the_chosen_skip_matters(live, skips):
    choose(live, skips, "ablation")
    expected = by_hand(live, "ablation")
    live.qtbot.mouseClick(skips.rows["skip2"].name, Qt.MouseButton.LeftButton)
    assert live.session.view.skip == "skip2"
    part = expected.skips["skip2"]
    assert skips.sentence.text().startswith("Skip 2 off: the output changes by ")
    assert skips.pair.isVisible()
    lit = skips.pair.made._lit
    assert lit == importance_image(live.session.measured.skips["skip2"].where)
    brightest = np.unravel_index(int(part.where.argmax()), part.where.shape)
    alphas = [lit.pixelColor(x, y).alpha() for y in range(0, 64, 7) for x in range(0, 64, 7)]
    assert lit.pixelColor(int(brightest[1]), int(brightest[0])).alpha() >= max(alphas)
    tip = skips.rows["skip2"].toolTip()
    assert "off is zero:" in tip
    before = skips.pair.made.grab().toImage()
    QTest.mousePress(skips.pair.made, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    held = skips.pair.made.grab().toImage()
    QTest.mouseRelease(skips.pair.made, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert held != before
    assert skips.pair.made.grab().toImage() == before


def test_one_click_shows_what_is_left_without_any_skip_beside_the_input(live, skips):
    choose(live, skips, "deep")
    expected = by_hand(live, "deep")
    assert skips.pair.of_made.text().startswith("all skips off: ")
    assert skips.pair.made._image is not None
    last = expected.skips["skip2"].picture
    assert skips.pair.made._image.pixel(9, 11) == int(last[11, 9])
    live.qtbot.mouseClick(skips.rows["skip1"].name, Qt.MouseButton.LeftButton)
    assert skips.pair.of_made.text().startswith("skip 1 off: ")
    first = expected.skips["skip1"].picture
    assert skips.pair.made._image.pixel(9, 11) == int(first[11, 9])
    assert not skips.sentence.isVisible()


def test_a_target_is_what_everything_is_held_to(live, skips, tmp_path):
    choose(live, skips, "shapley")
    colours = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(colours).save(tmp_path / "target.png")
    live.window.opener.targets.open(str(tmp_path / "target.png"))
    live.wait(lambda: live.session.document.target is not None)
    assert live.session.measure_is_stale
    live.wait(lambda: not live.session.measure_is_stale)
    expected = by_hand(live, "shapley")
    assert (expected.worth.name, expected.worth.against) == ("psnr", "target")
    for name, part in expected.skips.items():
        text = skips.rows[name].value.text()
        assert text.endswith(" dB")
        value = float(text.removesuffix(" dB").replace("−", "-"))
        assert value == pytest.approx(part.value, abs=0.051)
    assert skips.split.kept.text().startswith("PSNR against the target: ")
    choose(live, skips, "ablation")
    assert "Against the target it " in skips.sentence.text()


def test_what_is_old_is_pale(live, skips):
    choose(live, skips, "deep")
    live.edit(gates={"skip1": 0.5})
    assert skips.pair.made.pale
    assert skips.certainty.text() == "out of date"
    live.wait(lambda: not live.session.measure_is_stale)
    assert not skips.pair.made.pale


def test_the_canvas_writes_no_share_of_the_network_before(live, skips):
    choose(live, skips, "share")
    scene = live.window.canvas.scene()
    skip = next(i for i, edge in enumerate(scene.edges.edges) if edge.skip == "skip1")
    assert scene.edges.states[skip].number
    assert scene.bottleneck() is not None
    live.session.edit("other", document_of("unet_plus_plus:depth=2,base=4,size=64"))
    QApplication.processEvents()
    assert "skip1" in {edge.skip for edge in scene.edges.edges}
    assert live.session.measured_now is None
    assert not any(state.number for state in scene.edges.states.values())
    assert scene.bottleneck() is None


def test_all_measures_fit_the_narrowest_dock(live, skips):
    skips.measures.ensurePolished()
    assert skips.measures.minimumSizeHint().width() <= 340 - 24


def test_no_word_of_them_is_cut(live, skips):
    """Each in bold, as the chosen one is, beside what the style sheet keeps free."""
    live.window.resize(1280, 720)
    for button in skips.measures.buttons:
        words = QFontMetrics(font(BODY, bold=True)).horizontalAdvance(button.text())
        assert button.width() >= words + 2 * 3


@pytest.mark.parametrize(
    ("across", "expected"),
    [(64, QRectF(0, 0, 128, 128)), (48, QRectF(16, 16, 96, 96)), (32, QRectF(0, 0, 128, 128))],
)
def test_a_map_of_the_output_lies_where_the_output_looks(across, expected):
    """Padded it is as large, without padding in the middle, at half the resolution on all of it."""
    image, lit = QImage(64, 64, FORMAT), QImage(across, across, FORMAT)
    assert on_input(QRectF(0, 0, 128, 128), image, lit) == expected
