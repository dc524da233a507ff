"""Writes the two lines of a finding, with its numbers and the names of its layers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from analysis.review import Finding
from analysis.review.signal.steepness import MOST
from viewer.text import number_format
from viewer.text.escaping import name_text
from viewer.text.fault_sentences import sentence_at
from viewer.text.review.lines import LINES, Lines
from viewer.text.translation import language, mark, tr

CAUSES = ("stride", "crop", "padding", "roll", "up", "resize", "drop")
"""What moves a map, by the names of their numbers."""
PAST_COUNTING = 1e9
"""Numbers from here on are said as a power of ten."""
MOST_NAMES = 3
"""Layers that a sentence names; of more it says how many."""

_PLACES = ("centre-off", "join-misaligned")
_SKIPS = ("idle-skip", "dominant-skip")
_COUNTS: Mapping[str, str] = {
    "dead-channel": "dead",
    "duplicate-channel": "duplicates",
    "dead-relu": "dead",
    "bias-before-norm": "parameters",
    "join-unequal": "narrow",
    "field-covers-image": "layers",
    "linear-pair": "pairs",
}
"""The number of which one is said otherwise than several."""
_WITHOUT_SKIPS = {"without_skips": "skips"}
_HAVING: Mapping[str, Mapping[str, str]] = {
    "size-drops-rows": {"works": "works"},
    "vanishing-gradient": _WITHOUT_SKIPS,
    "exploding-gradient": _WITHOUT_SKIPS,
    "vanishing-signal": _WITHOUT_SKIPS,
    "exploding-signal": _WITHOUT_SKIPS,
    "narrow-bottleneck": {"output": "output"},
    "nearest-then-stride": {"taps": "copies"},
    "activation-after-head": {"value": "one"},
    "padding-asymmetric": {"count": "several"},
    "norm-of-one-value": {"line": "traced", "pixels": "batch"},
    "dilation-gridding": {"units": "some"},
}
"""The kind of a finding that has a number, which only some of its code have."""

_SHARES: Mapping[str, str] = {
    "parameters_percent": mark("{percent} of the parameters"),
    "macs_percent": mark("{percent} of the multiply-accumulates"),
    "memory_percent": mark("{percent} of the memory of feature maps"),
}


def kind_of(finding: Finding) -> str:
    """The row of `LINES` that a finding has."""
    code, numbers = finding.code, finding.numbers
    if code in _PLACES:
        if abs(numbers["pixels"]) < 0.5:
            return f"{code} border"
        cause = _main_cause(numbers)
        return f"{code} {cause}" if cause else code
    if code in _SKIPS and len(finding.layers) > 2:
        return f"{code} closing"
    if code in _COUNTS and numbers[_COUNTS[code]] == 1:
        return f"{code} one"
    if "without_skips" in numbers and numbers["without_skips"] < 1:
        return f"{code} turned"
    having = (kind for number, kind in _HAVING.get(code, {}).items() if number in numbers)
    kind = next(having, "")
    return f"{code} {kind}" if kind else code


def _main_cause(numbers: Mapping[str, int | float]) -> str:
    """What moved a map most, where that is no stride: empty for those."""
    moves = {cause: abs(numbers.get(f"{cause}_pixels", 0.0)) for cause in CAUSES}
    most = max(moves, key=moves.__getitem__)
    return most if moves[most] and most != "stride" else ""


def finding_lines(finding: Finding, called: Callable[[str], str] = name_text) -> Lines:
    """Both lines in the language in use; `called` names a layer."""
    lines = LINES[kind_of(finding)]
    said = {name: number_text(name, value) for name, value in finding.numbers.items()}
    said["layers"] = names(_named(finding), called)
    said["closing"] = names(finding.layers[2:], called)
    if "without_skips" in finding.numbers:
        said["turned"] = number_text("times", _turned(finding.numbers["without_skips"]))
    if "rows" in finding.numbers:
        said["unread"] = _unread(int(finding.numbers["rows"]))
    if "field_least" in finding.numbers:
        least, most = (int(finding.numbers[name]) for name in ("field_least", "field"))
        said["fields"] = number_format.span(least, most)
    if finding.fault is not None:
        axes = int(finding.numbers.get("axes", 2))
        said["fault"] = sentence_at(finding.fault, finding.inputs, axes, called)
    said["shares"] = tr(", ").join(
        tr(words, percent=number_format.percent(finding.numbers[name] / 100))
        for name, words in _SHARES.items()
        if name in finding.numbers
    )
    return Lines(*(_closed_up(tr(each).format(**said)) for each in (lines.what, lines.why)))


def _turned(times: float) -> float:
    """How many times larger is what is so many times smaller, to three digits."""
    return float(f"{1 / times:.3g}") if times else MOST


def _unread(rows: int) -> str:
    if rows == 1:
        return tr("the last row is")
    return tr("up to {count} of the last rows are", count=number_format.grouped(rows))


def _closed_up(text: str) -> str:
    """In a language without spaces none stands where a name of its own letters meets a sentence."""
    return text if language.row.space else _BESIDE_NAME.sub("", text)


_BESIDE_NAME = re.compile(r"(?<=[一-鿿，。：；]) (?=[一-鿿])|(?<=[，。：；]) ")


def _named(finding: Finding) -> Sequence[str]:
    """The layers that its sentence is about."""
    if finding.code in _LAST:
        return finding.layers[-1:]
    return finding.layers[:1] if finding.code in _FIRST else finding.layers


_LAST = ("dilation-gridding",)
"""Findings at an output, which stands behind the layers that make it so."""
_FIRST = (
    "join-misaligned",
    "pixels-never-read",
    "activation-after-head",
    "join-unequal",
    "idle-skip",
    "dominant-skip",
    "vanishing-gradient",
    "exploding-gradient",
    "vanishing-signal",
    "exploding-signal",
)
"""Findings at one layer, whose others are what it reads."""


def finding_text(finding: Finding) -> str:
    """Both lines as one text."""
    lines = finding_lines(finding)
    return f"{lines.what} {lines.why}"


def names(
    layers: Sequence[str],
    called: Callable[[str], str] = name_text,
    most: int = MOST_NAMES,
    comma: str = "",
) -> str:
    """The first few names with a comma between them, or what is given, and how many more."""
    shown = [called(layer) for layer in layers[:most]]
    between = comma or tr(", ")
    told_apart = any(between.strip() in name for name in shown) and not comma
    said = (tr("; ") if told_apart else between).join(shown)
    more = len(layers) - most
    return tr("{names} and {count} more", names=said, count=more) if more > 0 else said


def number_text(name: str, value: int | float) -> str:
    """A number of a finding as its sentence has it; distances without their sign."""
    if name in ("pixels", "at_border") and isinstance(value, float):
        value = abs(value)
    if abs(value) >= PAST_COUNTING:
        return number_format.power_of_ten(value)
    if isinstance(value, int) or value == int(value):
        return number_format.grouped(int(value))
    return f"{value:.3g}" if abs(value) < 1000 else number_format.scaled(value)
