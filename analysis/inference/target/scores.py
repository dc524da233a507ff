"""Computes Dice and intersection over union of labels, and where their borders lie."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.inference.protocol.target import OF_OUTPUT, OF_TARGET, Overlap

Labels = NDArray[np.int32]


def predicted(output: NDArray[np.float32], threshold: float) -> Labels:
    """(channels, *spatial) → labels (*spatial): the largest channel, or 1 above the threshold."""
    found: Labels = (output[0] > threshold if len(output) == 1 else output.argmax(0)).astype(
        np.int32
    )
    return found


def overlaps(output: Labels, target: Labels) -> dict[int, Overlap]:
    """Dice and IoU of every label from 1 on that one of the two holds (Dice 1945, Jaccard 1912).

    Where the target is below 0 it is left open, and nothing is counted.
    """
    output, target = output[target >= 0], target[target >= 0]  # below is left open
    most = int(max(output.max(initial=0), target.max(initial=0))) + 1
    both = np.bincount(output[output == target].ravel(), minlength=most)
    mine = np.bincount(output.ravel(), minlength=most)
    theirs = np.bincount(target.ravel(), minlength=most)
    found: dict[int, Overlap] = {}
    for label in range(1, most):
        together = int(mine[label] + theirs[label])
        if together:
            shared = int(both[label])
            found[label] = Overlap(2 * shared / together, shared / (together - shared))
    return found


def outlines(output: Labels, target: Labels) -> NDArray[np.uint8]:
    """(height, width) of both → the pixels that border another label, a bit for each of the two."""
    marks = _border(target) * OF_TARGET + _border(output) * OF_OUTPUT
    return marks.astype(np.uint8)


def _border(labels: Labels) -> NDArray[np.bool_]:
    """Pixels of a label other than the ground with a neighbour, of four, that has another."""
    found = np.zeros(labels.shape, bool)
    down = labels[1:] != labels[:-1]
    right = labels[:, 1:] != labels[:, :-1]
    found[1:] |= down
    found[:-1] |= down
    found[:, 1:] |= right
    found[:, :-1] |= right
    return found & (labels > 0)
