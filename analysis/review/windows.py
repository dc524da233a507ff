"""The windows of the operators that slide one: convolution and pooling, axis by axis."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.operators import AveragePool, Convolution, MaxPool, Operator


@dataclass(frozen=True, slots=True)
class Slide:
    """One axis of a sliding window, in pixels of the map it reads."""

    kernel: int
    stride: int
    before: int
    dilation: int

    @property
    def extent(self) -> int:
        """From the first tap to the last: d·(k − 1) + 1."""
        return self.dilation * (self.kernel - 1) + 1

    def left_over(self, size: int, length: int) -> int:
        """How many pixels at the end of a map of `size` no window of `length` reaches."""
        return max(0, size + self.before - (length - 1) * self.stride - self.extent)


def slides(operator: Operator) -> tuple[Slide, ...]:
    """The windows of a convolution or pooling; () of any other operator."""
    if isinstance(operator, Convolution):
        before = tuple(pair[0] for pair in operator.padding)
        rows = zip(operator.kernel, operator.stride, before, operator.dilation, strict=True)
    elif isinstance(operator, MaxPool):
        rows = zip(
            operator.kernel, operator.stride, operator.padding, operator.dilation, strict=True
        )
    elif isinstance(operator, AveragePool):
        ones = (1,) * len(operator.kernel)
        rows = zip(operator.kernel, operator.stride, operator.padding, ones, strict=True)
    else:
        return ()
    return tuple(Slide(*row) for row in rows)
