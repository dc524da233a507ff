"""A shard: what was measured of a few images, as a value and as the bytes of a file."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.faults import Fault
from analysis.study.reducers.plain_fault import from_plain, to_plain
from analysis.study.reducers.summary import Summary


@dataclass(frozen=True, eq=False)
class Shard:
    """Rows of images by name, the summary of them, and the images that could not be measured.

    `values` is (images, columns), NaN where there is no number. `identities` are those that the
    images had. `f` names what outputs are worth. `layers` holds what does not differ by image.
    """

    names: tuple[str, ...] = ()
    identities: tuple[tuple[int, ...], ...] = ()
    columns: tuple[str, ...] = ()
    values: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 0)))
    summary: Summary = field(default_factory=Summary)
    skipped: dict[str, Fault] = field(default_factory=dict)
    f: tuple[str, str] = ("", "")
    """Its name, and what outputs are held against."""
    seconds: float = 0.0
    """The time it took, on one worker."""

    def merged(self, other: Shard) -> Shard:
        """The shard of the images of both."""
        columns = tuple(dict.fromkeys((*self.columns, *other.columns)))
        return Shard(
            (*self.names, *other.names),
            (*self.identities, *other.identities),
            columns,
            np.concatenate([_widened(self, columns), _widened(other, columns)]),
            self.summary.merged(other.summary),
            {**self.skipped, **other.skipped},
            self.f if self.names else other.f,
            self.seconds + other.seconds,
        )

    def to_bytes(self, fingerprint: str) -> bytes:
        """The content of a file; `fingerprint` is that of the plan."""
        head = {
            "fingerprint": fingerprint,
            "names": self.names,
            "identities": self.identities,
            "columns": self.columns,
            "skipped": {name: to_plain(why) for name, why in self.skipped.items()},
            "remarks": self.summary.remarks_plain(),
            "f": self.f,
            "seconds": self.seconds,
        }
        arrays = {"values": self.values, **self.summary.arrays()}
        arrays["head"] = np.frombuffer(json.dumps(head).encode(), np.uint8)
        keys = list(arrays)
        numbered = {f"a{at}": arrays[key] for at, key in enumerate(keys)}
        order = np.frombuffer(json.dumps(keys).encode(), np.uint8)
        content = io.BytesIO()
        np.savez(content, keys=order, **numbered)  # type: ignore[arg-type]
        return content.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> tuple[str, Shard]:
        """(fingerprint, shard) of a file's content. Raises ValueError where it is none."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as file:
                keys = _json(file["keys"])
                arrays = {key: file[f"a{at}"] for at, key in enumerate(keys)}
            head, values = _json(arrays.pop("head")), arrays.pop("values")
            shard = cls(
                tuple(head["names"]),
                tuple(map(tuple, head["identities"])),
                tuple(head["columns"]),
                values,
                Summary.from_arrays(arrays, head["remarks"]),
                {name: from_plain(why) for name, why in head["skipped"].items()},
                tuple(head["f"]),
                float(head["seconds"]),
            )
        except (LookupError, TypeError, zipfile.BadZipFile, EOFError, OSError) as error:
            raise ValueError("no shard") from error
        return str(head["fingerprint"]), shard


def _json(stored: NDArray[np.uint8]) -> Any:
    return json.loads(stored.tobytes())


def _widened(shard: Shard, columns: tuple[str, ...]) -> NDArray[np.float64]:
    made = np.full((len(shard.names), len(columns)), np.nan)
    for at, column in enumerate(shard.columns):
        made[:, columns.index(column)] = shard.values[:, at]
    return made
