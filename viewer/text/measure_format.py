"""Writes the values of a measure of the skips, and says how long each is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis.inference.measures.table import measure_row
from analysis.inference.protocol.measures import Contribution, Measured
from viewer.text.block_names import block_name
from viewer.text.number_format import decimal, is_nothing, percent
from viewer.text.split_words import split_words
from viewer.text.translation import tr


class MeasureFormat:
    """The values of one answer as numbers, sentences and lengths."""

    def __init__(self, measured: Measured) -> None:
        self.row = measure_row(measured.measure)
        values = [part.value for part in measured.parts]
        largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
        self.full = self.row.full or largest or 1.0
        """The value that is drawn at full length."""
        self.unit = self.row.unit if measured.unit is None else measured.unit
        span = measured.worth.span if measured.worth is not None else 0.0
        self._whole = span if measured.unit == "%" and span else 1.0
        parts = [value / self._whole for value in values]
        self._digits = share_digits(parts) if self.unit == "%" else self.row.digits
        if self.unit == "dB":
            self._digits = 1
        self._worth = measured.worth
        self._words = split_words(measured.before)

    def fraction(self, value: float) -> float:
        """The length at which a value is drawn, 1 for the full one, signed."""
        return value / self.full

    def is_zero(self, value: float) -> bool:
        """Whether a value is drawn as nothing."""
        return is_nothing(self.fraction(value))

    def number(self, value: float, digits: int | None = None) -> str:
        """The value with its unit: 29 %, −0.31, 4.20 dB."""
        places = self._digits if digits is None else digits
        if self.unit == "%":
            return percent(value / self._whole, places)
        unit = f" {self.unit}" if self.unit else ""
        return f"{decimal(value, places)}{unit}"

    def of_skip(self, value: float, off: bool) -> str:
        """The value of a skip, in a word where it is off and therefore nothing."""
        return tr("off") if off and self.is_zero(value) else self.number(value)

    def with_interval(self, part: Contribution) -> str:
        """The value, and half its interval where it is estimated: 12 % ± 3 %."""
        written = self.number(part.value)
        if part.interval is None:
            return written
        return f"{written} ± {self.number((part.interval[1] - part.interval[0]) / 2)}"

    def loss(self, part: Contribution) -> str:
        """What the output loses against a target without this part; empty where there is none."""
        worth = self._worth
        if part.loss is None or worth is None or worth.against == "output":
            return ""
        unit, places = (" dB", 1) if worth.name == "psnr" else ("", 3)
        size = decimal(abs(part.loss), places) + unit
        if part.loss < 0:
            return tr("Against the target it gains {value}.", value=size)
        return tr("Against the target it loses {value}.", value=size)

    def details(self, part: Contribution) -> str:
        """The value by what a closed skip carries, where it depends on that, and the loss."""
        lines = []
        if part.by_mode:
            named = {mode: self.number(value, 1) for mode, value in part.by_mode.items()}
            lines.append(tr("off is zero: {zero}, mean: {mean}, noise: {noise}", **named))
        lines.append(self.loss(part))
        return "\n".join(filter(None, lines))

    def sentence(self, name: str, value: float) -> str:
        """`Skip 1 adds 29 % of the output.` or `Skip 4 subtracts 4 %.`"""
        return self._sentence(self.row.positive, self.row.negative, name, value)

    def tip(self, name: str, value: float) -> str:
        """The same as a sentence that is read alone."""
        negative = self.row.negative_tip or self.row.negative
        return self._sentence(self.row.positive, negative, name, value)

    def _sentence(self, positive: str, negative: str, name: str, value: float) -> str:
        said = block_name(name)
        subtracts = bool(negative) and value < 0 and not self.is_zero(value)
        size = abs(value) if negative else value
        number = self.number(size)
        text = negative if subtracts else positive
        return tr(text, skip=said[:1].upper() + said[1:], value=number, **self._words)


def share_digits(parts: Sequence[float]) -> int:
    """Decimals of the per cents: 0 where the rounded parts add up to the rounded sum, else 1.

    Parts that are no numbers (NaN, infinity) add up to nothing: 0.
    """
    if not all(map(math.isfinite, parts)):
        return 0
    rounded = sum(round(100 * part) for part in parts)
    return 0 if rounded == round(100 * sum(parts)) else 1
