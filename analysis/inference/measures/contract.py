"""Describes a measure of the skips: the function that computes it, its words and its unit."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.inference.protocol.question import Answering, named_function


@dataclass(frozen=True, slots=True)
class Measure:
    """A row of the table of measures. All words are English and are translated where shown.

    Where it `splits`, they may hold {whole}, what is split: the output, or the logits before a
    closing softmax. {split} names it in few words, {map} in one.

    `computed_by` is `module:function`, loaded in the engine when it is first asked; it is called
    as f(request, slot, loaded, cancelled) with a `MeasureRequest` and the slot's last run,
    whose output is finite, and returns a `Measured`, or a Fault where there can be none. It says
    whether its values are exact.
    It may raise `network.Cancelled`, `network.NodeError` and MemoryError.
    """

    key: str
    computed_by: str
    title: str
    """In the choice of measures: share."""
    caption: str
    """Over the bars of all skips: share of the output."""
    heading: str
    """Over the canvas: what the widths of the skips mean."""
    legend: str
    """In the canvas's legend: width: share."""
    positive: str
    """A sentence with {skip} and {value}."""
    negative: str = ""
    """The same for a value below 0, given as positive; empty of a measure without sign."""
    negative_tip: str = ""
    """The same where it is read alone, in a tool tip; empty where `negative` says enough."""
    fact: str = ""
    """Beside the heading, once the values are there."""
    picture_caption: str = ""
    """Over the maps; empty of a measure without them."""
    bands_caption: str = ""
    """Over the bars by frequency; empty of a measure without them."""
    unit: str = ""
    """`%` shows a part of 1 as per cent; any other stands behind the number as it is."""
    digits: int = 2
    """Decimals of a number; per cents take as few as make them add up."""
    full: float | None = None
    """The value whose bar has full length; None takes the largest of all."""
    after: int = 120
    """Milliseconds without a newer picture after which it is asked for; the dearer, the more."""
    shows_output: bool = False
    """Whether input and output stand over the skips: where one matters, or what is left."""
    splits: bool = False
    """Whether skips, bottleneck and biases sum to the whole, and so stand in one bar."""

    @property
    def signed(self) -> bool:
        """Whether values below 0 have a meaning."""
        return bool(self.negative)

    def compute(self) -> Answering:
        """The function, its module loaded."""
        return named_function(self.computed_by)

    @property
    def texts(self) -> tuple[str, ...]:
        """All words that are translated."""
        words = (
            self.title,
            self.caption,
            self.heading,
            self.legend,
            self.positive,
            self.negative,
            self.negative_tip,
            self.fact,
            self.picture_caption,
            self.bands_caption,
        )
        return tuple(text for text in words if text)
