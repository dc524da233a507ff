"""Max unpooling: puts values back where the maxima of a pooling were, as SegNet's decoder does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, ClassVar, Literal

from analysis.faults import Fault
from analysis.operators.contract import (
    BackwardReads,
    ListedTaps,
    Operator,
    PeriodicTaps,
    SettingKind,
    Shape,
    Taps,
    register,
)
from analysis.operators.pooling import MaxPool

if TYPE_CHECKING:
    from torch import Tensor


@register
@dataclass(frozen=True)
class MaxUnpool(Operator):
    """Spreads the first input over the size of the second, which was pooled with these settings.

    Each value goes where the largest of its window was in the second input; the rest is 0.
    """

    kernel: tuple[int, ...] = (2, 2)
    stride: tuple[int, ...] = ()
    padding: tuple[int, ...] = ()
    dilation: tuple[int, ...] = ()
    ceil_mode: bool = False

    key: ClassVar[str] = "max_unpool"
    title: ClassVar[str] = "max unpooling"
    family: ClassVar[str] = "resample"
    icon: ClassVar[str] = "upsample"
    ports: ClassVar[int | None] = 2
    linearity: ClassVar[Literal["linear", "piecewise", "frozen", "smooth"]] = "piecewise"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    settings: ClassVar[tuple[SettingKind, ...]] = MaxPool.settings

    def __post_init__(self) -> None:
        MaxPool.__post_init__(self)  # type: ignore[arg-type]

    @property
    def _pool(self) -> MaxPool:
        return MaxPool(self.kernel, self.stride, self.padding, self.dilation, self.ceil_mode)

    def kept_beside(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Where each value goes, as whole numbers of 8 bytes."""
        return 8 * prod(inputs[0])

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs):
            return fault
        values, before = inputs
        pooled = self._pool.shape((before,))
        if isinstance(pooled, Fault):
            return pooled
        if len(values) != len(pooled):
            return Fault("rank-differs", ("input 1", len(values) - 1, len(pooled) - 1))
        for axis, (size, length) in enumerate(zip(values[1:], pooled[1:], strict=True)):
            if size != length:
                return Fault("join-sizes-differ", (axis, size, length, 1))
        if values[0] != before[0]:
            return Fault("join-channels-differ", (values[0], before[0], 1))
        return before

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        """Of the values those whose window holds the output; of the map all in such windows."""
        kernel, size = self.kernel[axis], output[axis + 1]
        plain = self.stride[axis] == kernel and self.dilation[axis] == 1 and not self.padding[axis]
        if plain and size % kernel == 0:
            if port == 0:
                return PeriodicTaps(kernel, 1, ((0,),) * kernel)
            return PeriodicTaps(kernel, kernel, (tuple(range(kernel)),) * kernel)
        windows = self._windows(axis, inputs[0][axis + 1], size)
        holding: list[list[int]] = [[] for _ in range(size)]
        for at, window in enumerate(windows):
            for each in window:
                holding[each].append(at)
        if port == 0:
            return ListedTaps(tuple(map(tuple, holding)))
        together = ({each for at in found for each in windows[at]} for found in holding)
        return ListedTaps(tuple(tuple(sorted(each)) for each in together))

    def _windows(self, axis: int, count: int, size: int) -> list[tuple[int, ...]]:
        """The pixels of each window along an axis."""
        reads, stride, pad = self.kernel[axis], self.stride[axis], self.padding[axis]
        offsets = [n * self.dilation[axis] - pad for n in range(reads)]
        rows = ([at * stride + each for each in offsets] for at in range(count))
        return [tuple(each for each in row if 0 <= each < size) for row in rows]

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        values, before = inputs
        pools = (functional.max_pool1d, functional.max_pool2d, functional.max_pool3d)
        _, places = pools[len(self.kernel) - 1](
            *(before, self.kernel, self.stride, self.padding, self.dilation, self.ceil_mode),
            return_indices=True,
        )
        flat = before.new_zeros(*values.shape[:2], before[0, 0].numel())
        flat = flat.scatter(2, places.flatten(2), values.flatten(2))
        return flat.reshape(before.shape)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        axes = len(self.kernel)
        options = (self.kernel, self.stride, self.padding, self.dilation, self.ceil_mode)
        pooled = f"F.max_pool{axes}d(x1, {', '.join(map(repr, options))}, return_indices=True)"
        places = f"{pooled}[1].flatten(2), x0.flatten(2)"
        return f"lambda x0, x1: torch.zeros_like(x1).flatten(2).scatter(2, {places}).view_as(x1)"
