"""Writes the values of a measure of the skips, and says how long each is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis.inference.measures.table import measure_row
from analysis.inference.protocol.measures import Measured
from viewer.text.block_names import block_name
from viewer.text.number_format import decimal, percent
from viewer.text.translation import tr


class MeasureFormat:
    """The values of one answer as numbers, sentences and lengths."""

    def __init__(self, measured: Measured) -> None:
        self.row = measure_row(measured.measure)
        values = [part.value for part in measured.parts]
        largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
        self.full = self.row.full or largest or 1.0
        """The value that is drawn at full length."""
        self._digits = share_digits(values) if self.row.unit == "%" else self.row.digits

    def fraction(self, value: float) -> float:
        """The length at which a value is drawn, 1 for the full one, signed."""
        return value / self.full

    def is_zero(self, value: float) -> bool:
        """Whether a value is drawn as nothing: below half a hundredth of the full one."""
        fraction = self.fraction(value)
        return math.isfinite(fraction) and round(100 * fraction) == 0

    def number(self, value: float, digits: int | None = None) -> str:
        """The value with its unit: 29 %, −0.31, 4.20 dB."""
        places = self._digits if digits is None else digits
        if self.row.unit == "%":
            return percent(value, places)
        unit = f" {self.row.unit}" if self.row.unit else ""
        return f"{decimal(value, places)}{unit}"

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
        number = self.number(size, 0 if self.row.unit == "%" else None)
        text = negative if subtracts else positive
        return tr(text, skip=said[:1].upper() + said[1:], value=number)


def share_digits(parts: Sequence[float]) -> int:
    """Decimals of the per cents: 0 where the rounded parts add up to the rounded sum, else 1.

    Parts that are no numbers (NaN, infinity) add up to nothing: 0.
    """
    if not all(map(math.isfinite, parts)):
        return 0
    rounded = sum(round(100 * part) for part in parts)
    return 0 if rounded == round(100 * sum(parts)) else 1
