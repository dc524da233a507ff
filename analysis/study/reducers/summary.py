"""All that a study keeps of the images it has seen, as named reducers that merge in any order.

A `Summary` is a monoid: `Summary()` is of no image, `merged` is associative and, but for the last
digits of sums, does not care about the order. So images may be measured anywhere, in any shards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from analysis.faults import Fault
from analysis.study.reducers.extent import Extent
from analysis.study.reducers.moments import Moments
from analysis.study.reducers.plain_fault import from_plain, to_plain

T = TypeVar("T")
Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Remark:
    """Something that was so of some images, and what it was of one of them."""

    images: int
    fault: Fault

    def merged(self, other: Remark) -> Remark:
        """Of all images of both; the example is the first by its text, whichever came first."""
        example = min(self.fault, other.fault, key=repr)
        return Remark(self.images + other.images, example)


@dataclass(frozen=True, eq=False)
class Summary:
    """Reducers by name; one that is missing has seen nothing."""

    moments: Mapping[str, Moments] = field(default_factory=dict)
    extents: Mapping[str, Extent] = field(default_factory=dict)
    sums: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    remarks: Mapping[str, Remark] = field(default_factory=dict)

    def merged(self, other: Summary) -> Summary:
        """The summary of the images of both."""
        return Summary(
            _merged(self.moments, other.moments, Moments.merged),
            _merged(self.extents, other.extents, Extent.merged),
            _merged(self.sums, other.sums, np.add),
            _merged(self.remarks, other.remarks, Remark.merged),
        )

    # ------------------------------------------------------------------ as arrays of a file
    def arrays(self) -> Arrays:
        """The numbers as arrays by kind and name; `from_arrays` makes the same of them."""
        found: Arrays = {}
        for name, each in self.moments.items():
            found[f"moments|{name}"] = np.stack([each.count, each.mean, each.squares])
        for name, extent in self.extents.items():
            found[f"extent|{name}"] = np.stack([extent.low, extent.high])
        for name, total in self.sums.items():
            corner, inner = _trimmed(total)
            found[f"sum|{name}"] = inner
            found[f"place|{name}"] = np.array([corner, total.shape], np.int64)
        return found

    def remarks_plain(self) -> dict[str, Any]:
        """The remarks as JSON values."""
        return {name: [each.images, to_plain(each.fault)] for name, each in self.remarks.items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], remarks: Mapping[str, Any]) -> Summary:
        """The summary of `arrays` and `remarks_plain`. Raises LookupError and ValueError."""
        moments, extents, sums = {}, {}, {}
        for key, values in arrays.items():
            kind, _, name = key.partition("|")
            if kind == "moments":
                moments[name] = Moments(*values)
            elif kind == "extent":
                extents[name] = Extent(*values)
            elif kind == "sum":
                sums[name] = _whole(values, arrays[f"place|{name}"])
        read = {name: Remark(n, from_plain(fault)) for name, (n, fault) in remarks.items()}
        return cls(moments, extents, sums, read)


def _merged(
    one: Mapping[str, T], other: Mapping[str, T], merge: Callable[[T, T], T]
) -> dict[str, T]:
    found = dict(one)
    for name, each in other.items():
        found[name] = merge(found[name], each) if name in found else each
    return found


def _trimmed(total: NDArray[np.float64]) -> tuple[list[int], NDArray[np.float64]]:
    """(first index along each axis, the part outside which all is 0): fields are mostly small."""
    if not total.ndim:
        return [], total
    inside = np.nonzero(total)
    if not inside[0].size:
        return [0] * total.ndim, total[tuple(slice(0, 0) for _ in total.shape)]
    lows = [int(axis.min()) for axis in inside]
    box = tuple(slice(low, int(axis.max()) + 1) for low, axis in zip(lows, inside, strict=True))
    return lows, np.ascontiguousarray(total[box])


def _whole(inner: NDArray[np.float64], place: NDArray[np.int64]) -> NDArray[np.float64]:
    corner, shape = place.tolist()
    whole = np.zeros(shape)
    box = tuple(slice(low, low + n) for low, n in zip(corner, inner.shape, strict=True))
    whole[box] = inner
    return whole
