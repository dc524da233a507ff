"""Describes a layer of a network as a case: its window, and the weights of each channel."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.arithmetic.case import Case, Size
from analysis.faults import Fault
from analysis.operators.contract import Border, Operator, Shape
from analysis.operators.convolution import Convolution, TransposedConvolution
from analysis.operators.pooling import AveragePool, MaxPool

Windowed = Convolution | TransposedConvolution | MaxPool | AveragePool


@dataclass(frozen=True, slots=True)
class Layer:
    """A whole layer as a case, and what a case does not know.

    `whole` has the map's size, all channels and groups. Its padding is the one before each axis;
    `after` is the one behind, which only a convolution may have otherwise. `border` fills both.
    """

    whole: Case
    after: Size
    border: Border = "drop"

    @property
    def out_size(self) -> Size:
        """The feature map's size per axis."""
        case = self.whole
        if case.padding == self.after:
            return case.out_size
        sizes = zip(case.in_size, case.padding, self.after, case.extent, case.stride, strict=True)
        return tuple((n + p + q - extent) // s + 1 for n, p, q, extent, s in sizes)

    def inputs_of(self, channel: int) -> range:
        """The input channels that an output channel reads: its group's, of a pooling its own."""
        inside, outside = self.whole.channels
        groups = inside if self.whole.kind == "pool" else self.whole.groups
        width, group = inside // groups, channel // (outside // groups)
        return range(group * width, (group + 1) * width)

    def kernel_at(self, channel: int) -> tuple[slice, slice]:
        """Which slice of torch's weight makes one output channel.

        It has the `kernel_shape` of the case of that channel alone: (1, in / groups, *kernel) of
        a convolution, (in / groups, 1, *kernel) of a transposed one.
        """
        if self.whole.kind == "conv":
            return slice(channel, channel + 1), slice(None)
        inputs = self.inputs_of(channel)
        within = channel % (self.whole.channels[1] // self.whole.groups)
        return slice(inputs.start, inputs.stop), slice(within, within + 1)


def layer_of(node: str, operator: Operator, shape: Shape) -> Layer | Fault:
    """The layer that an operator is on an input of this `shape`, (C, *spatial).

    The input must fit the operator. Faults: `numbers-no-window` (node), `numbers-three-axes`
    (node, axes).
    """
    if not isinstance(operator, Windowed):
        return Fault("numbers-no-window", (node,))
    if len(operator.kernel) > 2:
        return Fault("numbers-three-axes", (node, len(operator.kernel)))
    if isinstance(operator, Convolution):
        return _convolution(operator, shape)
    if isinstance(operator, TransposedConvolution):
        return _transposed(operator, shape)
    return _pooling(operator, shape)


def _convolution(operator: Convolution, shape: Shape) -> Layer:
    before, after = (tuple(pair[end] for pair in operator.padding) for end in (0, 1))
    case = Case(
        "conv",
        shape[1:],
        operator.kernel,
        operator.stride,
        before,
        operator.dilation,
        (0,) * len(before),
        operator.groups,
        (shape[0], operator.channels),
        operator.bias,
    )
    return Layer(case, after, operator.border)


def _transposed(operator: TransposedConvolution, shape: Shape) -> Layer:
    case = Case(
        "transposed",
        shape[1:],
        operator.kernel,
        operator.stride,
        operator.padding,
        operator.dilation,
        operator.output_padding,
        operator.groups,
        (shape[0], operator.channels),
        operator.bias,
    )
    return Layer(case, operator.padding)


def _pooling(operator: MaxPool | AveragePool, shape: Shape) -> Layer:
    size = shape[1:]
    largest = isinstance(operator, MaxPool)
    case = Case(
        "pool",
        size,
        operator.kernel,
        operator.stride,
        operator.padding,
        operator.dilation if isinstance(operator, MaxPool) else (1,) * len(size),
        (0,) * len(size),
        channels=(shape[0], shape[0]),
        mode="max" if largest else "average",
        ceil_mode=operator.ceil_mode,
        count_include_pad=True if isinstance(operator, MaxPool) else operator.count_include_pad,
    )
    return Layer(case, operator.padding)
