"""Writes the two lines of a finding, with its numbers and the names of its layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from analysis.review import Finding
from viewer.text import number_format
from viewer.text.escaping import name_text
from viewer.text.fault_sentences import sentence_at
from viewer.text.review.lines import LINES, Lines
from viewer.text.translation import mark, tr

CAUSES = ("stride", "crop", "padding", "roll", "up", "resize", "drop")
"""What moves a map, by the names of their numbers."""
PAST_COUNTING = 1e9
"""Numbers from here on are said as a power of ten."""
MOST_NAMES = 3
"""Layers that a sentence names; of more it says how many."""

_SHARES: Mapping[str, str] = {
    "parameters_percent": mark("{percent} of the parameters"),
    "macs_percent": mark("{percent} of the multiply-accumulates"),
    "memory_percent": mark("{percent} of the memory of feature maps"),
}


def kind_of(finding: Finding) -> str:
    """The row of `LINES` that a finding has."""
    numbers = finding.numbers
    match finding.code:
        case "centre-off" | "join-misaligned" if abs(numbers["pixels"]) < 0.5:
            return f"{finding.code} border"
        case "centre-off" | "join-misaligned":
            cause = _main_cause(numbers)
            return f"{finding.code} {cause}" if cause else finding.code
        case "idle-skip" | "dominant-skip" if len(finding.layers) > 2:
            return f"{finding.code} closing"
        case "size-drops-rows" if "works" in numbers:
            return "size-drops-rows works"
        case (
            "vanishing-gradient" | "exploding-gradient" | "vanishing-signal" | "exploding-signal"
        ) if "without_skips" in numbers:
            return f"{finding.code} skips"
        case "narrow-bottleneck" if "output" in numbers:
            return "narrow-bottleneck output"
        case "nearest-then-stride" if "taps" in numbers:
            return "nearest-then-stride copies"
        case "activation-after-head" if "value" in numbers:
            return "activation-after-head one"
        case "padding-asymmetric" if "count" in numbers:
            return "padding-asymmetric several"
        case "norm-of-one-value" if "line" in numbers:
            return "norm-of-one-value traced"
        case "norm-of-one-value" if "pixels" in numbers:
            return "norm-of-one-value batch"
    return finding.code


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
    return Lines(tr(lines.what).format(**said), tr(lines.why).format(**said))


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


def names(layers: Sequence[str], called: Callable[[str], str] = name_text) -> str:
    """The first few names, and how many more there are."""
    shown = [called(layer) for layer in layers[:MOST_NAMES]]
    comma = tr(", ")
    said = (tr("; ") if any(comma.strip() in name for name in shown) else comma).join(shown)
    more = len(layers) - MOST_NAMES
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
