"""`fieldglass field --unit`: what one unit sees, and why that is not exact where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.facts import Facts
from viewer.command_line.shared.model import Model
from viewer.command_line.shared.refusal import Refusal

if TYPE_CHECKING:
    from analysis.receptive_field import UnitField, UnitSet


def check_unit(given: tuple[int, ...], layer: str, shape: tuple[int, ...]) -> None:
    """Raises Refusal where the layer has no such unit."""
    spatial = shape[1:] or shape
    size = " × ".join(map(str, spatial))
    if len(given) != len(spatial):
        what = "number" if len(spatial) == 1 else "numbers"
        raise Refusal(
            f"--unit {_comma(given)}: the layer {layer} is {size}, "
            f"so a unit takes {len(spatial)} {what}."
        )
    if any(not 0 <= at < length for at, length in zip(given, spatial, strict=True)):
        last = _comma(tuple(length - 1 for length in spatial))
        raise Refusal(
            f"--unit {_comma(given)} is outside the layer {layer}, which is {size}. "
            f"The last unit is {last}."
        )


def _comma(values: tuple[int, ...]) -> str:
    return ",".join(map(str, values))


def unit_answer(field: UnitField, model: Model, facts: Facts) -> dict[str, Any]:
    """What one unit sees: on the input, and at every earlier layer."""
    seen = field.sets.get(model.graph.inputs[0].id)
    whole = seen is not None
    boxes = seen.boxes if seen is not None else None
    return {
        "layer": field.layer,
        "unit": list(field.unit),
        "box": _box(seen),
        "pixels": seen.pixels if seen is not None else (0 if _blind(field, whole) else None),
        "boxes": None if boxes is None else [list(box) for box in boxes],
        "exactness": field.exactness,
        "statistics": field.statistics,
        "note": note_of(facts, field.layer) if field.exactness != "exact" else None,
        "layers": [
            {"name": name, "box": _box(part), "pixels": part.pixels}
            for name, part in field.sets.items()
        ],
    }


def _blind(field: UnitField, reached: bool) -> bool:
    """The input is not on the way, and nothing on the way is unknown."""
    return not reached and field.exactness != "unknown"


def _box(seen: UnitSet | None) -> list[int] | None:
    return None if seen is None or seen.box is None else list(seen.box)


def note_of(facts: Facts, layer: str) -> str | None:
    """Why the field of a layer is only bounded, in one sentence; None where nothing is known."""
    from viewer.command_line.shared.sentence import sentence

    field = facts.fields.get(layer)
    if field is None or field.note is None:
        return None
    return sentence(field.note, field.rank)
