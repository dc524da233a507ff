"""`fieldglass field --projective`: which units of every layer one input pixel reaches."""

from __future__ import annotations

from typing import Any

from analysis.facts import Facts
from viewer.command_line.fields.unit_field import note_of
from viewer.command_line.shared.refusal import Refusal

COLUMNS = ("pixel", "name", "box", "pixels", "exactness")


def projective(
    facts: Facts, pixel: tuple[int, ...], layer: str | None, strict: bool
) -> dict[str, Any]:
    """The answer for one pixel of the first input; only of `layer` where one is named.

    Layers stand in topological order, the output last; those that do not stand behind the input
    are left out. `boxes` cover the units that see the pixel, null where the set has holes. Raises
    Refusal.
    """
    from analysis.receptive_field import projective_field

    source = facts.graph.inputs[0].id
    _check(pixel, facts.shapes.get(source, ())[1:])
    found = projective_field(facts.graph, facts.shapes, pixel, strict)
    last = facts.graph.output.id
    names = [name for name in found.exactness if layer in (None, name)]
    rows = []
    for name in sorted(names, key=lambda each: each == last):
        units = found.sets.get(name)
        boxes = None if units is None else units.boxes
        row = {
            "name": name,
            "box": None if units is None or units.box is None else list(units.box),
            "pixels": None if units is None else units.pixels,
            "boxes": None if boxes is None else [list(box) for box in boxes],
            "exactness": found.exactness[name],
            "note": note_of(facts, name) if found.exactness[name] != "exact" else None,
        }
        rows.append(row)
    return {
        "source": source,
        "pixel": list(pixel),
        "statistics": found.statistics,
        "layers": rows,
    }


def projective_rows(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row a pixel and layer."""
    return [{"pixel": each["pixel"], **row} for each in answers for row in each["layers"]]


def _check(pixel: tuple[int, ...], size: tuple[int, ...]) -> None:
    given, length = ",".join(map(str, pixel)), " × ".join(map(str, size))
    if len(pixel) != len(size):
        what = "number" if len(size) == 1 else "numbers"
        raise Refusal(
            f"--projective {given}: the input is {length or 'a vector'}, "
            f"so a pixel takes {len(size)} {what}."
        )
    if any(not 0 <= at < n for at, n in zip(pixel, size, strict=True)):
        last = ",".join(str(n - 1) for n in size)
        raise Refusal(
            f"--projective {given} is outside the input, which is {length}. "
            f"The last pixel is {last}."
        )
