"""The measures of the skips, one row each, in the order in which they are offered."""

from __future__ import annotations

from analysis.inference.measures.contract import Measure

MEASURES: tuple[Measure, ...] = (
    Measure(
        key="share",
        computed_by="analysis.inference.measures.shares:shares",
        title="share",
        caption="share of the output",
        heading="What each path adds to the output",
        legend="width: share",
        positive="{skip} adds {value} of the output.",
        negative="{skip} subtracts {value}.",
        negative_tip="{skip} subtracts {value} of the output.",
        fact="shares sum to 100 %",
        picture_caption="adds to output",
        bands_caption="low → high freq.",
        unit="%",
        full=1.0,
        splits=True,
    ),
)


def measure_row(key: str) -> Measure:
    """The row of a key. Raises LookupError where no row has it."""
    found = next((row for row in MEASURES if row.key == key), None)
    if found is None:
        raise LookupError(key)
    return found


def offered_measure(key: str) -> Measure:
    """The row of a key that was chosen at any time, the first where it is not there any more."""
    return next((row for row in MEASURES if row.key == key), MEASURES[0])
