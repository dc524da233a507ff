"""The field of every layer as CSV or JSON: numbers as they are, by axis, without words."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from analysis.facts import Facts
from analysis.graph import Node
from analysis.receptive_field.coverage import Coverage
from analysis.storage import atomic_file
from viewer.text.escaping import csv_text, json_text
from viewer.workspaces.receptive_fields.layers.table import coverages, image_size, is_listed

COLUMNS = (
    "layer",
    "operator",
    "shape",
    "jump",
    "extent_min",
    "extent_max",
    "offset_min",
    "offset_max",
    "image_share_min",
    "image_share_max",
    "larger_than_image",
    "certainty",
    "statistics",
)


def write_table(path: Path, facts: Facts) -> None:
    """Write the table of all layers that are no alias of their input, by the ending of `path`.

    Raises OSError, ValueError for another ending than .csv and .json.
    """
    rows = records(facts)
    match path.suffix.lower():
        case ".csv":
            data = _csv(rows)
        case ".json":
            whole = {"image": image_size(facts), "layers": rows}
            data = json_text(whole, indent=2) + "\n"
        case ending:
            raise ValueError(ending)
    atomic_file.write(path, (data.encode(),))


def records(facts: Facts) -> list[dict[str, Any]]:
    """A record a layer; what has an axis is a list, what is not known is None."""
    covered = coverages(facts)
    nodes = (node for node in facts.graph.nodes if is_listed(node, facts))
    return [_record(node, facts, covered.get(node.id)) for node in nodes]


def _record(node: Node, facts: Facts, covered: Coverage | None) -> dict[str, Any]:
    field, shape = facts.fields.get(node.id), facts.layers[node.id].shape
    offsets = field.centre_offset if field is not None else None
    lows = [pair and pair[0] for pair in offsets] if offsets else None
    highs = [pair and pair[1] for pair in offsets] if offsets else None
    values = (
        node.id,
        node.operator.key,
        shape,
        field.jump if field is not None else None,
        field.extent_min if field is not None else None,
        field.extent_max if field is not None else None,
        lows,
        highs,
        covered.least_share if covered is not None else None,
        covered.share if covered is not None else None,
        any(covered.past) if covered is not None else None,
        field.exactness if field is not None else "unknown",
        field.statistics if field is not None else None,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _csv(rows: list[dict[str, Any]]) -> str:
    """One line a layer; the axes of a value stand side by side with × between."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in COLUMNS])
    return written.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return csv_text(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "×".join(_cell(each) for each in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
