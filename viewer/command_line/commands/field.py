"""`fieldglass field`: receptive fields of every layer, of one layer, or of single units."""

from __future__ import annotations

import argparse
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.facts import Facts, analyse
from analysis.faults import Fault
from viewer.command_line.fields.effective_field import COLUMNS as EFFECTIVE_COLUMNS
from viewer.command_line.fields.effective_field import effective, effective_rows
from viewer.command_line.fields.projective_field import COLUMNS as PROJECTIVE_COLUMNS
from viewer.command_line.fields.projective_field import projective, projective_rows
from viewer.command_line.fields.unit_field import check_unit, unit_answer
from viewer.command_line.shared.answers import as_csv, as_json, as_table, give, write
from viewer.command_line.shared.arguments import add_common, pixel, unit
from viewer.command_line.shared.layer_names import layer_named
from viewer.command_line.shared.model import Model, open_model, with_weights
from viewer.command_line.shared.refusal import Refusal
from viewer.files.layer_table import error_of

if TYPE_CHECKING:
    from analysis.receptive_field import AxisPhases, Field, UnitField

AXIS_NAMES = {1: ("x",), 2: ("y", "x"), 3: ("z", "y", "x")}
COLUMNS = (
    "name", "operator", "shape", "jump", "extent_min", "extent_max", "exactness", "note",
)  # fmt: skip
UNIT_COLUMNS = ("unit", "name", "box", "pixels")
TILING_COLUMNS = ("multiple", "margin", "overlap", "aligned_margin", "aligned_overlap")


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `field`."""
    add_common(parser, output="write the answer to this file")
    parser.add_argument("--layer", metavar="L", help="one layer; `output` is the last")
    parser.add_argument(
        "--unit", metavar="Y,X", type=unit, action="append", help="one unit; may be repeated"
    )
    parser.add_argument("--mask", metavar="OUT.png", help="the unit's exact set as an image")
    parser.add_argument(
        "--effective", action="store_true", help="what moves the units in the --image"
    )
    parser.add_argument("--image", metavar="IMG", help="the image for --effective")
    parser.add_argument(
        "--projective",
        metavar="Y,X",
        type=pixel,
        action="append",
        help="the units that see one input pixel; may be repeated",
    )
    parser.add_argument("--tiling", action="store_true", help="how tiles of an image must lie")
    parser.add_argument("--strict", action="store_true", help="count statistics and gates in")


def run(asked: argparse.Namespace) -> None:
    """Print receptive fields. Raises Refusal."""
    if asked.mask is not None and not asked.unit:
        raise Refusal("--mask needs a --unit.")
    if asked.effective != (asked.image is not None):
        raise Refusal("--effective and --image belong together: the field is that of an image.")
    model = open_model(asked)
    if asked.effective:
        model = with_weights(model, asked)
    elif asked.weights is not None:
        model = _as_weights_cut(with_weights(model, asked))
    _ = model.input_shape  # refuses an input too long to list before anything is analysed
    facts = analyse(model.graph, asked.strict)
    layer = None if asked.layer is None else layer_named(facts, asked.layer)
    if asked.unit or asked.effective:
        _units(asked, model, facts, layer or model.graph.output.id)
    else:
        _layers(asked, model, facts, layer)


def _as_weights_cut(model: Model) -> Model:
    """The model with the nodes marked whose fixed numbers, as the weights have them, cut paths."""
    from analysis.inference.cut_by_weights import newly_cutting, with_cutting
    from analysis.network.checkpoint import WeightsError
    from analysis.network.weights import fitted

    assert model.weights is not None
    facts = analyse(model.graph)
    try:
        tensors, _ = fitted(model.weights, facts)
    except WeightsError as error:
        raise Refusal(error.fault) from error
    return replace(model, graph=with_cutting(model.graph, newly_cutting(facts, tensors)))


def _with_projective(
    answer: dict[str, Any], asked: argparse.Namespace, facts: Facts, layer: str | None
) -> bool:
    """Add what `--projective` asks for, if it does."""
    if asked.projective:
        found = [projective(facts, each, layer, asked.strict) for each in asked.projective]
        answer["projective"] = found
    return bool(asked.projective)


def _give(
    asked: argparse.Namespace, answer: dict[str, Any], columns: Sequence[str], rows: list[Any]
) -> None:
    if asked.format == "json":
        give(as_json(answer), asked.output)
    else:
        text = as_csv if asked.format == "csv" else as_table
        give(text(columns, rows), asked.output)


# ---------------------------------------------------------------------------------- layers


def _layers(asked: argparse.Namespace, model: Model, facts: Facts, layer: str | None) -> None:
    names = list(facts.layers) if layer is None else [layer]
    # The output stands last also where other ends of the network come behind it.
    last = model.graph.output.id
    names.sort(key=lambda name: name == last)
    answer: dict[str, Any] = {
        "model": model.called,
        "input": list(model.input_shape),
        "layers": [_layer(facts, name, asked.strict) for name in names],
    }
    rows, columns = answer["layers"], list(COLUMNS)
    if asked.format == "table" and not any(row["note"] for row in rows):
        columns.remove("note")
    if asked.tiling:
        for row in rows:
            row["tiling"] = _tiling(facts.fields.get(row["name"]))
        rows = [row | (row["tiling"] or {}) for row in rows]
        columns = ["name", "shape", *TILING_COLUMNS]
    if _with_projective(answer, asked, facts, layer):
        rows, columns = projective_rows(answer["projective"]), list(PROJECTIVE_COLUMNS)
    _give(asked, answer, columns, rows)


def _tiling(field: Field | None) -> dict[str, Any] | None:
    """null where the field has no period or is the whole input: tiles would show their seams."""
    from analysis.receptive_field import tiling

    advice = None if field is None else tiling(field)
    if advice is None:
        return None
    return {name: list(getattr(advice, name)) for name in TILING_COLUMNS}


def _layer(facts: Facts, name: str, strict: bool) -> dict[str, Any]:
    shape = facts.layers[name].shape
    field = facts.fields.get(name)
    statistics = "included" if strict else "ignored"
    described = {
        "name": name,
        "operator": facts.graph[name].operator.key,
        "shape": None if shape is None else list(shape),
    }
    if field is None:
        nothing = ("jump", "extent_min", "extent_max", "phases", "centre_offset")
        certainty = {"exactness": "unknown", "statistics": statistics}
        note = error_of(facts, name)
        return described | dict.fromkeys(nothing) | certainty | {"note": note}
    return described | _field(field)


def _field(field: Field) -> dict[str, Any]:
    from viewer.command_line.shared.sentence import sentence

    offsets = field.centre_offset
    return {
        "jump": _listed(field.jump),
        "extent_min": _listed(field.extent_min),
        "extent_max": _listed(field.extent_max),
        "phases": _phases(field),
        "centre_offset": None if offsets is None else [_listed(pair) for pair in offsets],
        "exactness": field.exactness,
        "statistics": field.statistics,
        "note": None if field.note is None else sentence(field.note, field.rank),
    }


def _phases(field: Field) -> dict[str, Any] | None:
    if field.axes is None:
        return None
    names = AXIS_NAMES.get(len(field.axes), ())
    return {name: _axis(axis) for name, axis in zip(names, field.axes, strict=True)}


def _axis(axis: AxisPhases) -> dict[str, Any]:
    return {
        "period": axis.period,
        "advance": axis.advance,
        "extents": list(axis.extents),
        "offsets": list(axis.offsets),
    }


def _listed(values: tuple[float, ...] | None) -> list[float | int] | None:
    """Whole numbers without a decimal point."""
    if values is None:
        return None
    return [int(each) if float(each).is_integer() else each for each in values]


# ----------------------------------------------------------------------------------- units


def _units(asked: argparse.Namespace, model: Model, facts: Facts, layer: str) -> None:
    from analysis.receptive_field import unit_field

    shape = facts.shapes.get(layer)
    if shape is None:
        said = error_of(facts, facts.problems[0]) if facts.problems else ""
        cause = f"at {facts.problems[0]}. {said}" if said else "in the network."
        raise Refusal(f"The layer {layer} has no shape, because of a fault {cause}")
    if asked.effective and len(shape) < 2:
        raise Refusal(Fault("effective-no-map", (layer,)))
    # Without a --unit the effective field is that of the middle one.
    units = asked.unit or [tuple(length // 2 for length in shape[1:])]
    for each in units:
        check_unit(each, layer, shape)
    found = [unit_field(model.graph, facts.shapes, layer, u, asked.strict) for u in units]
    if asked.mask is not None:
        _masks(Path(asked.mask), found, model)
    answer: dict[str, Any] = {
        "model": model.called,
        "input": list(model.input_shape),
        "units": [unit_answer(each, model, facts) for each in found],
    }
    rows = [{"unit": entry["unit"], **row} for entry in answer["units"] for row in entry["layers"]]
    columns: Sequence[str] = UNIT_COLUMNS
    if asked.tiling:
        for entry in answer["units"]:
            entry["tiling"] = _tiling(facts.fields.get(layer))
        rows = [entry | (entry["tiling"] or {}) for entry in answer["units"]]
        columns = ("unit", "layer", *TILING_COLUMNS)
    if asked.effective:
        for entry, moved in zip(
            answer["units"], effective(asked, model, layer, units), strict=True
        ):
            entry["effective"] = moved
        rows, columns = effective_rows(answer["units"]), EFFECTIVE_COLUMNS
    if _with_projective(answer, asked, facts, layer):
        rows, columns = projective_rows(answer["projective"]), PROJECTIVE_COLUMNS
    _give(asked, answer, columns, rows)


def _masks(path: Path, found: list[UnitField], model: Model) -> None:
    """One image a unit, black and white, of the input's size; a signal's is one row high."""
    size = model.input_shape[1:]
    if len(size) not in (1, 2):
        raise Refusal("--mask draws one or two axes, and the input has another number of them.")
    if path.suffix.lower() != ".png":
        raise Refusal(f"--mask writes PNG; {path.name} does not end in .png.")
    _room_for(size)
    for number, field in enumerate(found, 1):
        name = path if len(found) == 1 else path.with_stem(f"{path.stem}-{number}")
        write(name, _png(field, model, size))


def _room_for(size: tuple[int, ...]) -> None:
    import math

    from analysis.inference.memory import available_bytes

    needed, available = 4 * math.prod(size), available_bytes()
    if available is not None and needed > available:
        raise Refusal(Fault("out-of-memory", (needed, available)))


def _png(field: UnitField, model: Model, size: tuple[int, ...]) -> bytes:
    import numpy as np
    from PIL import Image

    seen = field.sets.get(model.graph.inputs[0].id)
    mask = np.zeros(size, np.bool_) if seen is None else seen.mask(size)
    plane = mask.reshape(1, -1) if len(size) == 1 else mask
    content = io.BytesIO()
    Image.fromarray(plane.astype(np.uint8) * 255).save(content, "PNG")
    return content.getvalue()
