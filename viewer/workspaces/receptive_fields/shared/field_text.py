"""Writes the sentences about a receptive field from the numbers of the analysis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import prod

from analysis.facts import Facts
from analysis.receptive_field import Exactness, Field, UnitField, UnitSet
from viewer.text.block_names import full_name
from viewer.text.fault_sentences import fault_sentence
from viewer.text.number_format import box, decimal, grouped
from viewer.text.translation import tr

Spans = tuple[tuple[int, int], ...]
SIDES = {(0, 0): "top", (0, 1): "bottom", (1, 0): "left", (1, 1): "right"}


def spans_of(seen: UnitSet) -> Spans:
    """The hull's half-open span along each axis; () for a set that is empty."""
    if seen.box is None or seen.pixels == 0:
        return ()
    half = len(seen.box) // 2
    return tuple((seen.box[axis], seen.box[half + axis]) for axis in range(half))


def unclipped(field: Field, unit: Sequence[int]) -> Spans:
    """The span along each axis as if the image had no border; () where no period is known."""
    if field.axes is None:
        return ()
    spans = [axis.span(at) for axis, at in zip(field.axes, unit, strict=True)]
    return tuple(span for span in spans if span is not None) if None not in spans else ()


def own_position(field: Field, unit: Sequence[int]) -> tuple[float, ...] | None:
    """Where the unit stands, in input pixels from the upper left corner: jump · (i + ½)."""
    if field.jump is None or len(field.jump) != len(unit):
        return None
    return tuple(jump * (at + 0.5) for jump, at in zip(field.jump, unit, strict=True))


def size_text(spans: Spans) -> str:
    """`188 × 204`, height first."""
    return " × ".join(grouped(high - low) for low, high in spans)


def pixels_text(seen: UnitSet, single: bool = True) -> str:
    """What the big number counts, and how many pixels that is.

    A set with holes fills its box only in part: the big number is then that of the box.
    """
    if single and seen.box is not None and seen.pixels != _box_size(seen.box):
        return tr(
            "box around the {pixels} input pixels that can change this unit",
            pixels=grouped(seen.pixels),
        )
    if not single:
        return tr(
            "input pixels can change these units, {pixels} in all", pixels=grouped(seen.pixels)
        )
    return tr("input pixels can change this unit, {pixels} in all", pixels=grouped(seen.pixels))


def _box_size(edges: Sequence[int]) -> int:
    axes = len(edges) // 2
    return prod(edges[axes + axis] - edges[axis] for axis in range(axes))


def box_text(seen: UnitSet) -> str:
    """`[18, 206) × [114, 318)`, or a dash for a unit that sees nothing."""
    return box(seen.box) if seen.box is not None and seen.pixels else "–"


def offset_text(field: Field, unit: Sequence[int], spans: Spans) -> str:
    """Centre of the box minus the unit's own position, in input pixels, y then x."""
    own = own_position(field, unit)
    if own is None or not spans:
        return "–"
    offsets = [(low + high) / 2 - at for (low, high), at in zip(spans, own, strict=True)]
    return f"{', '.join(decimal(offset) for offset in offsets)} px"


def pattern_text(field: Field, unit: Sequence[int]) -> tuple[str, str] | None:
    """(label, value) of the unit's position within the repeating pattern; None without one."""
    axes = field.axes
    if axes is None or all(axis.period == 1 for axis in axes):
        return None
    advance = " × ".join(str(size) for size in dict.fromkeys(axis.advance for axis in axes))
    places = ", ".join(str(at % axis.period) for axis, at in zip(axes, unit, strict=True))
    return tr("Position within the {n}-px pattern", n=advance), places


def growth_text(facts: Facts, layer: str) -> tuple[str, str] | None:
    """(label, `24 + (3 − 1) · 4 = 32`) where r + (k − 1) · jump says how the layer's field grew.

    The rule (Araujo, Norris and Sim, "Computing Receptive Fields of CNNs", 2019) holds along
    chains; None where it does not, as behind an up-sampling, or where the axes differ.
    """
    node = facts.graph[layer]
    while node.operator.pointwise and len(node.inputs) == 1:
        node = facts.graph[node.inputs[0]]
    kernel = getattr(node.operator, "kernel", None)
    if kernel is None or len(node.inputs) != 1:
        return None
    before, after = facts.fields.get(node.inputs[0]), facts.fields.get(node.id)
    spread = getattr(node.operator, "dilation", (1,) * len(kernel))
    axes = zip(_extents(before, after), kernel, spread, _jumps(before), strict=False)
    known = {(*extents, k, d, jump) for extents, k, d, jump in axes}
    if len(known) != 1:
        return None
    start, end, k, d, jump = known.pop()
    if start + (k - 1) * d * jump != end:
        return None
    reach = f"({k} − 1)" if d == 1 else f"({k} − 1) · {d}"
    name = full_name(node.id)
    return tr("Grown by {layer}", layer=name), f"{start} + {reach} · {jump:g} = {end}"


def _extents(before: Field | None, after: Field | None) -> list[tuple[int, int]]:
    """Extent before and after along each axis; [] unless every unit of an axis sees as much."""
    if before is None or after is None or before.axes is None or after.axes is None:
        return []
    pairs = list(zip(before.axes, after.axes, strict=False))
    if any(len({*axis.extents}) != 1 for pair in pairs for axis in pair):
        return []
    return [(one.extents[0], other.extents[0]) for one, other in pairs]


def _jumps(field: Field | None) -> tuple[float, ...]:
    return (field.jump or ()) if field is not None else ()


def exactness_text(exactness: Exactness) -> str:
    """How sure an answer is, in one or two words."""
    match exactness:
        case "exact":
            return tr("exact")
        case "upper bound":
            return tr("upper bound")
        case "whole input":
            return tr("whole input")
        case _:
            return tr("unknown")


def _exact_aside(region: bool) -> str:
    """What an exact answer says while statistics and gates are not counted."""
    if region:
        return tr(
            "Each of these pixels is connected to at least one of the units; any other only "
            "through statistics or gates."
        )
    return tr(
        "Each of these pixels is connected to the unit; any other only through statistics or gates."
    )


def certainty_sentence(unit_field: UnitField, field: Field | None, aside: bool = False) -> str:
    """Why the answer is as sure as it is, in one sentence; the field's own note comes first.

    `aside` where statistics or gates on the way read more than what is counted.
    """
    note = field.note if field is not None else None
    if note is not None and unit_field.exactness != "exact":
        return fault_sentence(note)
    match unit_field.exactness:
        case "exact":
            region = len(unit_field.unit) > 2
            if aside:
                return _exact_aside(region)
            if region:
                return tr(
                    "Each of these pixels, and no other, is connected to at least one of the units."
                )
            return tr("Each of these pixels, and no other, is connected to the unit.")
        case "upper bound":
            return tr("No pixel outside can change the unit; some inside may not either.")
        case "whole input":
            return tr("An operator on the way reads the whole map.")
        case _:
            return tr("An operator on the way is not known, so neither is the field.")


def phases_sentence(field: Field) -> str:
    """How many of the neighbours see how much; '' where all see the same or axes differ."""
    axes = field.axes
    if axes is None or len(set(axes)) != 1 or len(set(axes[0].extents)) == 1:
        return ""
    counts = sorted(Counter(axes[0].extents).items())
    parts = [tr("{count} see {extent}", count=count, extent=extent) for extent, count in counts]
    said = tr("{first} and {last}", first=tr(", ").join(parts[:-1]), last=parts[-1])
    sizes = tr(
        "The size depends on the position: of every {period} neighbours, {counts}.",
        period=axes[0].period,
        counts=said,
    )
    why = tr(
        "It repeats every {n} input pixels: the coarsest grid on the way has cells of that size, "
        "and a unit sees whole cells.",
        n=axes[0].advance,
    )
    return tr("{first} {second}", first=sizes, second=why)


def cut_sentence(spans: Spans, whole: Spans, size: Sequence[int]) -> str:
    """Where the image's border cuts the field and how large it is without; '' if nowhere."""
    if not spans or not whole or spans == whole:
        return ""
    sides = [
        _side(axis, end)
        for axis, ((low, high), length) in enumerate(zip(whole, size, strict=True))
        for end, over in ((0, low < 0), (1, high > length))
        if over
    ]
    if not sides or len(whole) != 2:
        return ""
    return tr(
        "Cut at the border ({sides}): without it the field is {size}.",
        sides=tr(", ").join(sides),
        size=size_text(whole),
    )


def _side(axis: int, end: int) -> str:
    match SIDES.get((axis, end)):
        case "top":
            return tr("top")
        case "bottom":
            return tr("bottom")
        case "left":
            return tr("left")
        case _:
            return tr("right")


def larger_sentence(field: Field, size: Sequence[int], middle: Spans, corner: Spans) -> str:
    """Said when the field is larger than the image; `middle` and `corner` are two units' spans."""
    largest = field.extent_max
    if largest is None or not middle or not corner:
        return ""
    if not any(extent > length for extent, length in zip(largest, size, strict=True)):
        return ""
    seen = " × ".join(str(n) for n in dict.fromkeys(high - low for low, high in corner))
    if all(span == (0, length) for span, length in zip(middle, size, strict=True)):
        return tr(
            "The field is larger than the image and is cut at its border: "
            "central units see all of it, the corner unit {corner} px.",
            corner=seen,
        )
    return tr(
        "The field is larger than the image and is cut at its border: "
        "the central unit sees {middle} px, the corner unit {corner} px.",
        middle=size_text(middle),
        corner=seen,
    )
