"""The measures of the skips, one row each, in the order in which they are offered."""

from __future__ import annotations

from analysis.inference.measures.contract import Measure

MEASURES: tuple[Measure, ...] = (
    Measure(
        key="share",
        computed_by="analysis.inference.measures.shares:shares",
        title="share",
        caption="share of {split}",
        heading="What each path adds to {whole}",
        legend="width: share",
        positive="{skip} adds {value} of {whole}.",
        negative="{skip} subtracts {value}.",
        negative_tip="{skip} subtracts {value} of {whole}.",
        fact="shares sum to 100 %",
        picture_caption="adds to {map}",
        bands_caption="low → high freq.",
        unit="%",
        full=1.0,
        after=40,
        splits=True,
    ),
    Measure(
        key="shapley",
        computed_by="analysis.inference.measures.shapley:shapley",
        title="Shapley",
        caption="Shapley value",
        heading="What each skip is worth",
        legend="width: Shapley value",
        positive="{skip} is worth {value}.",
        negative="{skip} costs {value}.",
        fact="values sum to what all skips are worth",
        after=400,
    ),
    Measure(
        key="gradient",
        computed_by="analysis.inference.measures.gradients:integrated_gradients",
        title="gradient",
        caption="integrated gradient",
        heading="What each gate is worth on the way from 0 to where it is",
        legend="width: integrated gradient",
        positive="{skip} gains {value} while all gates are opened together.",
        negative="{skip} loses {value} while all gates are opened together.",
    ),
    Measure(
        key="ablation",
        computed_by="analysis.inference.measures.ablation:ablation",
        title="ablation",
        caption="change of the output",
        heading="How much the output changes without each skip",
        legend="width: change without it",
        positive="{skip} off: the output changes by {value}.",
        picture_caption="where",
        shows_output=True,
        unit="%",
    ),
    Measure(
        key="deep",
        computed_by="analysis.inference.measures.deep_features:from_deep_features",
        title="deep",
        caption="with it and all finer ones off",
        heading="What deeper features alone restore",
        legend="width: what is left without it and all finer skips",
        positive="{skip} and all finer ones off: {value}.",
        picture_caption="output",
        shows_output=True,
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
