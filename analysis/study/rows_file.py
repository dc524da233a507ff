"""Writes a row an image: as Parquet where pyarrow is installed, else as CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from analysis.storage import atomic_file

PARQUET, CSV = "rows.parquet", "rows.csv"


def write_rows(folder: Path, columns: Mapping[str, Any], inert: Callable[[str], str] = str) -> Path:
    """Write the columns (texts, and numbers of which NaN is none); the file's path.

    `inert` makes a text of CSV one that no spreadsheet takes for a formula. Of the other kind of
    file what an earlier run has written is removed. Raises OSError.
    """
    parquet = find_spec("pyarrow") is not None
    path = folder / (PARQUET if parquet else CSV)
    atomic_file.write(path, [_parquet(columns) if parquet else _csv(columns, inert)])
    (folder / (CSV if parquet else PARQUET)).unlink(missing_ok=True)
    return path


def _parquet(columns: Mapping[str, Any]) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    made = {
        name: pa.array(values, from_pandas=True) for name, values in columns.items()
    }  # NaN becomes null
    sink = pa.BufferOutputStream()
    parquet.write_table(pa.table(made), sink)
    return bytes(sink.getvalue().to_pybytes())


def _csv(columns: Mapping[str, Any], inert: Callable[[str], str]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow([_cell(each, inert) for each in row])
    return text.getvalue().encode()


def _cell(value: Any, inert: Callable[[str], str]) -> str:
    if isinstance(value, str):
        return inert(value)
    return repr(float(value)) if math.isfinite(value) else ""
