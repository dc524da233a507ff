"""Writes what the counts of a case mean: checkerboards, cells that are never read."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from analysis.arithmetic import Case, overlap_count, plan
from analysis.arithmetic.forms.counts import phase_counts, uneven
from analysis.arithmetic.forms.variations import even_kernel
from viewer.drawing.arithmetic.labelled_grids import size_text
from viewer.text.translation import language, tr
from viewer.workspaces.arithmetic.relationship.sections import square_text, together

MOST_LISTED = 6
Counts = NDArray[np.int64]


def times_text(counts: Counts) -> str:
    """1, 2 or 4 times."""
    found = [int(each) for each in np.unique(counts)]
    if found == [1]:
        return tr("Once each.")
    if len(found) == 1:
        return tr("{n} times each.", n=found[0])
    if len(found) > MOST_LISTED:
        return tr("{low} to {high} times.", low=found[0], high=found[-1])
    comma = language.row.comma
    listed = comma.join(map(str, found[:-1]))
    return tr("{listed} or {last} times.", listed=listed, last=found[-1])


def written_reason(case: Case, counts: Counts) -> str:
    """Why the cells of a transposed convolution's output are written so often."""
    axes = uneven(case)
    if not axes:
        return _even_reason(case, counts)
    if len(np.unique(counts)) == 1 or all(case.in_size[at] == 1 for at in axes):
        return tr("The kernel is no multiple of the stride, but this output is too small to show.")
    if any(math.gcd(case.stride[at], case.dilation[at]) > 1 for at in axes):
        return tr(
            "Stride and dilation share a factor, so some cells are always left out: this is where "
            "checkerboards come from, and no kernel size mends it."
        )
    left = [case.kernel[at] % case.stride[at] for at in axes]
    return tr(
        "k mod s = {left}, so the counts alternate: this is where checkerboards come from.",
        left=", ".join(map(str, dict.fromkeys(left))),
    )


def _even_reason(case: Case, counts: Counts) -> str:
    inner = _inner(case)
    if len(np.unique(counts)) == 1:
        return tr("No cell differs from its neighbours, so no checkerboard comes from here.")
    if int(counts.max()) < inner:
        return tr("Every cell lies at the border here: the input is too small for this kernel.")
    return tr("Every inner cell is written {n} times; only cells at the border get less.", n=inner)


def even_text(case: Case) -> tuple[Case, str, str] | None:
    """The case with an even kernel, its button, and what it does; None where nothing is gained."""
    found = even_kernel(case)
    if found is None:
        return None
    counts = overlap_count(plan(found))
    size = square_text(found.kernel)
    button = tr("Try k = {size}", size=size)
    if len(np.unique(counts)) == 1:
        number = int(counts.max())
        if number == 1:
            return found, button, tr("With k = {size} every cell is written once.", size=size)
        said = tr("With k = {size} every cell is written {n} times.", size=size, n=number)
        return found, button, said
    inner = _inner(found)
    if int(counts.max()) < inner:
        said = tr("With k = {size} all inner cells of a larger input are written alike.", size=size)
        return found, button, said
    said = tr("With k = {size} every inner cell is written {n} times.", size=size, n=inner)
    return found, button, said


def resized_reason(case: Case, counts: Counts) -> str:
    """What resizing first makes of it."""
    sizes = tuple(i * s for i, s in zip(case.in_size, case.stride, strict=True))
    kernel = tuple(min(k, n) for k, n in zip(case.kernel, sizes, strict=True))
    said = tr(
        "Nearest or bilinear to {size}, then a convolution with k = {kernel}, stride 1: {times}",
        size=size_text(sizes),
        kernel=square_text(kernel),
        times=times_text(counts).lower(),
    )
    if len(np.unique(counts)) > 1 and int(counts.max()) == math.prod(kernel):
        alike = tr("Inner cells are written alike; only cells at the border get less.")
        return together(said, alike)
    return said


def read_reason(case: Case, counts: Counts) -> str:
    """What the counts of a convolution's or pooling's input mean: dead input first of all."""
    said = []
    dead, total = int((counts == 0).sum()), counts.size
    if dead:
        said.append(
            tr(
                "{dead} of {total} input cells are never read: nothing of them reaches the "
                "output, and they get no gradient.",
                dead=dead,
                total=total,
            )
            if dead > 1
            else tr(
                "One of {total} input cells is never read: nothing of it reaches the output, and "
                "it gets no gradient.",
                total=total,
            )
        )
    elif len(np.unique(counts)) > 1 and _rises_and_falls(case):
        said.append(tr("Cells at the border are read less often than inner ones."))
    axes = uneven(case) if case.kind == "conv" else ()
    if len(np.unique(counts)) > 1 and any(case.out_size[at] > 1 for at in axes):
        said.append(tr("Going back, gradients are spread as unevenly: a checkerboard of them."))
    return together(*said)


def _rises_and_falls(case: Case) -> bool:
    """Whether the counts along every axis only rise, then only fall."""
    for pairs, size in zip(plan(case).axes, case.in_size, strict=True):
        change = np.sign(np.diff(np.bincount(pairs.input, minlength=size)))
        if (np.diff(change[change != 0]) > 0).any():
            return False
    return True


def _inner(case: Case) -> int:
    """How often a cell far from the border is used, where all are alike."""
    return math.prod(phase_counts(case, axis)[0] for axis in range(case.rank))
