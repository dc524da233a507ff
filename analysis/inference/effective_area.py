"""Says where a unit stands on the input and how far its effective field reaches. Needs no torch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.facts import Facts
from analysis.inference.protocol.effective_field import EffectiveSquare
from analysis.operators.contract import Shape
from analysis.receptive_field import Field

FRACTIONS = (0.2, 0.3, 0.5, 0.99)
"""Parts of the contribution that the squares hold."""
FAINT = 1 - 0.9545
"""Pixels below this part of the strongest do not count into the area (Luo et al., section 3)."""

Map = NDArray[np.float32]


def unit_position(
    field: Field | None, unit: Sequence[int], facts: Facts, layer: str, size: Shape
) -> tuple[float, ...]:
    """Where a unit stands on an input of `size`, in whole and half pixels.

    Unit i stands at jump·(i + ½) − ½, moved by what all fields of the layer have in common: the
    border that convolutions without padding cut off.
    """
    lengths = facts.shapes[layer][1:]
    known = field is not None and field.axes is not None and field.jump is not None
    jumps = field.jump if known and field is not None else None
    offsets = field.centre_offset if known and field is not None else None
    found = []
    for axis, index in enumerate(unit):
        jump = jumps[axis] if jumps else size[axis] / lengths[axis]
        offset = offsets[axis] if offsets else None
        middle = sum(offset) / 2 if offset else 0.0
        found.append(round(2 * (jump * (index + 0.5) - 0.5 + middle)) / 2)
    return tuple(found)


def squares(
    magnitude: Map, centre: Sequence[float], fractions: Sequence[float] = FRACTIONS
) -> tuple[EffectiveSquare, ...]:
    """The smallest squares around `centre` that hold these parts of the sum; () where it is 0.

    Squares past the edge of the map are cut there; `side` is their side before that.
    """
    twice = np.zeros(magnitude.shape, np.int64)
    for axis, (middle, length) in enumerate(zip(centre, magnitude.shape, strict=True)):
        line = np.abs(2 * np.arange(length) - round(2 * middle))
        shape = [-1 if at == axis else 1 for at in range(magnitude.ndim)]
        twice = np.maximum(twice, line.reshape(shape))
    held = np.bincount(twice.ravel(), weights=magnitude.ravel().astype(np.float64)).cumsum()
    if not held.size or held[-1] <= 0:
        return ()
    made = []
    for fraction in fractions:
        # The last digits of a sum must not decide.
        reach = int(np.searchsorted(held, fraction * held[-1] * (1 - 1e-9)))
        pairs = list(zip(centre, magnitude.shape, strict=True))
        lows = tuple(max(0, int(np.ceil(middle - reach / 2))) for middle, _ in pairs)
        highs = tuple(min(n, int(np.floor(middle + reach / 2)) + 1) for middle, n in pairs)
        made.append(EffectiveSquare(fraction, reach + 1, lows + highs))
    return tuple(made)
