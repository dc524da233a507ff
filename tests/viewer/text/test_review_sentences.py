"""Every finding that a rule can make has its lines, whole, in every language."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pytest

from analysis.faults import Fault
from analysis.review import Finding, Mend, Untold
from analysis.review.after_repair import Changed, What
from analysis.review.rules import RULES
from viewer.text import number_format
from viewer.text.block_names import full_name
from viewer.text.review.after_repair import after_and_now, brought_words, changed_words
from viewer.text.review.findings import finding_lines, finding_text, kind_of
from viewer.text.review.lines import LINES
from viewer.text.review.reasons import MENDS, REASONS, mend_words, reason
from viewer.text.translation import language

NUMBERS = {
    name: 2
    for line in LINES.values()
    for name in re.findall(r"{(\w+)}", line.what + line.why)
    if name not in ("layers", "shares", "fault", "closing")
}
KINDS = {
    "idle-skip closing": ("idle-skip", {}),
    "dominant-skip closing": ("dominant-skip", {}),
    "centre-off border": ("centre-off", {"pixels": 0.0}),
    "join-misaligned border": ("join-misaligned", {"pixels": 0.0}),
    "activation-after-head one": ("activation-after-head", {"value": 1.0}),
    "norm-of-one-value batch": ("norm-of-one-value", {"pixels": 1}),
    "norm-of-one-value traced": ("norm-of-one-value", {"line": 9}),
    **{
        f"{code} {cause}": (code, {f"{cause}_pixels": -3.0, "stride_pixels": 1.0})
        for code in ("centre-off", "join-misaligned")
        for cause in ("crop", "padding", "roll", "up")
    },
    "padding-asymmetric several": ("padding-asymmetric", {"count": 3}),
    "size-drops-rows works": ("size-drops-rows", {"works": 64}),
    "vanishing-gradient skips": ("vanishing-gradient", {"without_skips": 8.0}),
    **{
        f"{kind} skips": (kind, {"without_skips": 8.0})
        for kind in ("exploding-gradient", "vanishing-signal", "exploding-signal")
    },
    **{
        f"{kind} turned": (kind, {"without_skips": 0.25})
        for kind in (
            "vanishing-gradient",
            "exploding-gradient",
            "vanishing-signal",
            "exploding-signal",
        )
    },
    "nearest-then-stride copies": ("nearest-then-stride", {"taps": 4}),
    "dilation-gridding some": ("dilation-gridding", {"units": 64}),
    "dead-channel one": ("dead-channel", {"dead": 1}),
    "duplicate-channel one": ("duplicate-channel", {"duplicates": 1}),
    "dead-relu one": ("dead-relu", {"dead": 1}),
    "bias-before-norm one": ("bias-before-norm", {"parameters": 1}),
    "join-unequal one": ("join-unequal", {"narrow": 1}),
    "field-covers-image one": ("field-covers-image", {"layers": 1}),
    "linear-pair one": ("linear-pair", {"pairs": 1}),
}


@pytest.fixture(params=["en", "zh_CN"])
def _tongue(request: pytest.FixtureRequest):
    language.use(request.param)
    yield
    language.use("en")


def test_every_rule_has_its_lines() -> None:
    assert {kind.partition(" ")[0] for kind in LINES} == set(RULES)


@pytest.mark.usefixtures("_tongue")
@pytest.mark.parametrize("kind", LINES)
def test_lines_are_whole(kind: str) -> None:
    code, more = KINDS.get(kind, (kind, {}))
    of_some = ("value", "works", "without_skips", "line", "count", "taps", "units")
    numbers = {name: value for name, value in NUMBERS.items() if name not in of_some}
    numbers["layers"] = 4
    if code == "norm-of-one-value":
        numbers.pop("pixels")
    layers = ("a", "b") if kind in ("idle-skip", "dominant-skip") else ("a", "b", "c", "d")
    finding = Finding(code, "note", layers, {**numbers, **more})
    if code == "cannot-run":
        finding = replace(finding, fault=Fault("nothing-left", (0, 8)))
    assert kind_of(finding) == kind
    lines = finding_lines(finding)
    for text in (lines.what, lines.why):
        assert text
        assert "{" not in text


def test_names_of_strangers_are_shown_and_not_obeyed() -> None:
    finding = Finding("bias-before-norm", "note", ("\x1b[31m\u202eevil",), {"parameters": 4})
    assert "\x1b" not in finding_text(finding)
    assert "\u202e" not in finding_text(finding)


@pytest.mark.usefixtures("_tongue")
@pytest.mark.parametrize("code", REASONS)
def test_reasons_are_said(code: str) -> None:
    assert reason(Untold(code)) in reason(Untold(code, "layer"))


@pytest.mark.usefixtures("_tongue")
@pytest.mark.parametrize("code", sorted({code.partition(" ")[0] for code in MENDS}))
def test_repairs_say_their_numbers(code: str) -> None:
    numbers = {"kernel": 4, "layers": 3, "factor": 2, "stride": 2, "channels": 8}
    special = {"use-size": {"side1": 64, "side2": 64}, "rates-in-turn": {"rate1": 1, "field": 9}}
    said = mend_words(Mend(code, special.get(code, numbers)))
    assert "{" not in said
    assert said


@pytest.mark.usefixtures("_tongue")
@pytest.mark.parametrize("what", get_args(What))
def test_what_a_repair_makes_of_a_number_is_said(what: What) -> None:
    said = changed_words((Changed(what, 7.0, 1e-9), Changed("field", 64, 1280)))
    assert "7" in said
    assert "0" in said
    assert "1\N{NARROW NO-BREAK SPACE}280" in said
    assert "{" not in said


@pytest.mark.usefixtures("_tongue")
def test_what_a_repair_brings_is_said_with_its_numbers() -> None:
    numbers = {"tile": 64, "margin": 43, "least": 88, "period": 8}
    tile = Finding("tile-below-margin", "note", ("output",), numbers)
    heavy = Finding("heavy-layer", "note", ("a",), {"parameters_percent": 60.0})
    assert finding_lines(tile).what in brought_words([tile])
    several = brought_words([tile, heavy])
    assert finding_lines(tile).what in several
    assert " 1 " in several
    assert "{" not in several
    assert brought_words([]) == ""


def test_several_repairs_are_said_together() -> None:
    mend = Mend("together", {"crops": 1, "even": 3})
    assert mend_words(mend) == "Crop alike on both sides; even kernels in 3 strided layers"


def test_a_number_past_counting_is_a_power_of_ten() -> None:
    finding = Finding("vanishing-gradient", "warning", ("a", "b"), {"times": 6.02e22})
    assert "6 × 10²²" in finding_lines(finding).what


@pytest.mark.parametrize(("without", "said"), [(2.6e-19, "4 × 10¹⁸"), (0.368, "2.72")])
def test_what_grows_with_skips_and_shrinks_without_is_said_so(without: float, said: str) -> None:
    numbers = {"times": 4050.0, "without_skips": without}
    finding = Finding("exploding-gradient", "warning", ("a", "b"), numbers)
    words = finding_lines(finding).what
    assert words.endswith(f"larger than at the output; with the skips cut, {said} times smaller.")


def test_names_with_commas_are_told_apart() -> None:
    finding = Finding("level-adds-nothing", "note", ("enc1.conv1", "enc2.conv1"), {"image": 64})
    assert "enc 1, conv 1; enc 2, conv 1" in finding_lines(finding, full_name).what
    assert "enc1.conv1, enc2.conv1" in finding_lines(finding).what


def test_one_row_is_said_as_one() -> None:
    numbers = {"size": 66, "rows": 1, "works": 64}
    one = Finding("size-drops-rows", "warning", ("pool",), numbers)
    assert finding_lines(one).what == "At 66 px the last row is not read: pool."
    more = replace(one, numbers={**numbers, "rows": 3})
    assert "up to 3 of the last rows are not read" in finding_lines(more).what


def test_no_space_stands_between_a_chinese_name_and_a_chinese_sentence() -> None:
    language.use("zh_CN")
    skip = Finding("idle-skip", "note", ("join1", "up1"), {"percent": 0.0})
    said = finding_lines(skip, full_name).what
    language.use("en")
    assert "进入融合 1 的" in said


def test_one_layer_is_said_as_one() -> None:
    assert mend_words(Mend("put-activation", {"layers": 1})) == "Put an activation between"
    assert "2" in mend_words(Mend("put-activation", {"layers": 2}))
    numbers = {"kernel": 4, "layers": 1, "strided": 2}
    said = "Kernel 4 in 1 layer, and even kernels in 2 strided ones"
    assert mend_words(Mend("kernel-multiple-of-stride", numbers)) == said


def test_a_small_change_of_the_parameters_is_not_rounded_away() -> None:
    said = after_and_now(132_481, 1_407_123_456, 132_529, 1_407_123_456)
    counts = number_format.grouped(132_481), number_format.grouped(132_529)
    assert said == "After the repair: {} parameters (now {}), MACs as now.".format(*counts)
    assert "133 k parameters (now 108 k)" in after_and_now(132_529, 2, 108_465, 1)
