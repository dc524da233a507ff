"""`tile-below-margin`: used as a tile, this input would leave nothing between its margins."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.facts.input_size import takes_other_sizes
from analysis.receptive_field import AxisPhases, tiling
from analysis.receptive_field.tile_grid import smallest_tile
from analysis.review.finding import Finding, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject


@rule("tile-below-margin")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """The input against twice the margin that is discarded, where no unit is free of the edges.

    Only of networks that answer with a map and take inputs of other sizes: no others are tiled.
    """
    field, output = subject.output_field(), subject.output_map()
    if isinstance(output, Untold) or isinstance(field, Untold):
        yield output if isinstance(output, Untold) else field  # type: ignore[misc]
        return
    if not takes_other_sizes(subject.graph):
        yield Untold("one-size")
        return
    advice = tiling(field) if field.exactness == "exact" else None
    if advice is None:
        yield Untold("cannot-follow")
        return
    rows = zip(subject.size, advice.margin, advice.multiple, field.axes or (), output, strict=True)
    short = [
        (size, margin, multiple, axis)
        for size, margin, multiple, axis, length in rows
        if size <= 2 * margin and not _any_free(axis, size, length)
    ]
    if short and max(output) > 1:
        size, margin, period, axis = max(short, key=lambda row: 2 * row[1] - row[0])
        least = _least(axis, margin, period)
        numbers = {"tile": size, "margin": margin, "least": least, "period": period}
        yield Finding("tile-below-margin", "note", (subject.graph.output.id,), numbers)


def _any_free(axis: AxisPhases, size: int, length: int) -> bool:
    """Whether some unit's whole field lies inside the tile: phases see unlike far.

    Of each phase the first unit that is free of the near edge decides: later ones reach further.
    """
    for phase, start, end in axis.reach():
        turns = max(0, -(start // axis.advance)) if axis.advance > 0 else 0
        first = start + turns * axis.advance
        last = end + turns * axis.advance
        if turns * axis.period + phase < length and first >= 0 and last <= size:
            return True
    return False


def _least(axis: AxisPhases, margin: int, period: int) -> int:
    """The least multiple of the period at which some unit of a tile is free of its edges.

    Sizes between two multiples move the network's grid, and nothing is said of them.
    """
    most = smallest_tile(margin, period)
    sizes = range(period, most, period)
    return next((size for size in sizes if _any_free(axis, size, int(size / axis.jump))), most)
