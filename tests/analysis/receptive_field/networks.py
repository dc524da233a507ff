"""Networks whose receptive fields are known, written as graphs."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.facts.shapes import infer
from analysis.graph import Graph, Node
from analysis.operators import (
    Add,
    Concatenate,
    Convolution,
    CropLike,
    Input,
    MaxPool,
    Operator,
    Output,
    Pad,
    ReLU,
    TransposedConvolution,
    Upsample,
    same_padding,
)
from analysis.operators.contract import Shape


@dataclass
class Builder:
    """Puts nodes one after the other; `last` is the node that the next one reads."""

    size: tuple[int, ...]
    nodes: list[Node] = field(default_factory=list)
    last: str = "input"

    def __post_init__(self) -> None:
        self.nodes.append(Node("input", Input(1, self.size)))

    @property
    def axes(self) -> int:
        return len(self.size)

    def put(self, name: str, operator: Operator, *inputs: str) -> str:
        self.nodes.append(Node(name, operator, inputs or (self.last,)))
        self.last = name
        return name

    def conv(
        self,
        name: str,
        kernel: int,
        stride: int = 1,
        padding: int | str = "same",
        dilation: int = 1,
        source: str | None = None,
    ) -> str:
        """A convolution; padding "same" puts the odd pixel after, also when it strides."""
        kernels = (kernel,) * self.axes
        pairs = ((padding, padding),) * self.axes if isinstance(padding, int) else ()
        if padding == "same":
            pairs = same_padding(kernels, (dilation,) * self.axes)
        operator = Convolution(1, kernels, (stride,) * self.axes, pairs, (dilation,) * self.axes)
        return self.put(name, operator, source or self.last)

    def pool(self, name: str, kernel: int, stride: int) -> str:
        return self.put(name, MaxPool((kernel,) * self.axes, (stride,) * self.axes))

    def graph(self) -> Graph:
        return Graph.of(self.nodes)


def shapes_of(graph: Graph) -> dict[str, Shape]:
    found = {}
    for name, inferred in infer(graph).items():
        assert inferred.shape is not None, (name, inferred)
        found[name] = inferred.shape
    return found


def unet(
    size: tuple[int, ...] = (256, 256),
    depth: int = 4,
    kernel: int = 3,
    up: str = "transposed",
    valid: bool = False,
    activations: bool = False,
) -> Graph:
    """Two convolutions a block, pool 2; named e0.c0, p0, b.c0, u3, d3.c0, …, out."""
    b = Builder(size)
    padding: int | str = 0 if valid else "same"

    def block(name: str) -> str:
        for index in range(2):
            b.conv(f"{name}.c{index}", kernel, padding=padding)
            if activations:
                b.put(f"{name}.a{index}", ReLU())
        return b.last

    skips = []
    for level in range(depth):
        skips.append(block(f"e{level}"))
        b.pool(f"p{level}", 2, 2)
    block("b")
    for level in reversed(range(depth)):
        grown, skip = _up(b, f"u{level}", up), skips[level]
        if valid:
            skip = b.put(f"crop{level}", CropLike(), skip, grown)
        b.put(f"j{level}", Concatenate(), skip, grown)
        block(f"d{level}")
    b.conv("out", 1)
    b.put("output", Output())
    return b.graph()


def _up(b: Builder, name: str, how: str) -> str:
    twice = (2,) * b.axes
    if how == "transposed":
        return b.put(name, TransposedConvolution(1, twice, twice))
    b.put(name, Upsample((2.0,) * b.axes, "nearest" if how == "nearest" else "linear"))
    return b.conv(f"{name}.conv", 1)


def vgg_16(size: tuple[int, ...]) -> Graph:
    b = Builder(size)
    for block, convolutions in enumerate((2, 2, 3, 3, 3), start=1):
        for index in range(1, convolutions + 1):
            b.conv(f"vgg_16/conv{block}/conv{block}_{index}", 3)
        b.pool(f"vgg_16/pool{block}", 2, 2)
    return b.graph()


def alexnet_v2(size: tuple[int, ...]) -> Graph:
    b = Builder(size)
    b.conv("alexnet_v2/conv1", 11, 4, 0)
    b.pool("alexnet_v2/pool1", 3, 2)
    b.conv("alexnet_v2/conv2", 5)
    b.pool("alexnet_v2/pool2", 3, 2)
    for index in (3, 4, 5):
        b.conv(f"alexnet_v2/conv{index}", 3)
    b.pool("alexnet_v2/pool5", 3, 2)
    return b.graph()


def resnet_50_slim(size: tuple[int, ...]) -> Graph:
    """The stride stands in the last unit of blocks 1 to 3; 'same' max-pool pads (0, 1)."""
    b = Builder(size)
    b.conv("conv1", 7, 2, 3)
    b.put("pad", Pad((0,) * b.axes, (1,) * b.axes))
    b.pool("pool1", 3, 2)
    for block, (units, last_stride) in enumerate(((3, 2), (4, 2), (6, 2), (3, 1)), start=1):
        for unit in range(units):
            stride = last_stride if unit == units - 1 else 1
            _bottleneck(b, f"b{block}u{unit}", stride, project=unit == 0)
        b.nodes[-1] = Node(f"resnet_v1_50/block{block}", Add(), b.nodes[-1].inputs)
        b.last = b.nodes[-1].id
    return b.graph()


def resnet_torchvision(size: tuple[int, ...], units: tuple[int, ...] = (3, 4, 6, 3)) -> Graph:
    """The stride stands in the 3×3 of the first unit of layers 2 to 4."""
    b = Builder(size)
    b.conv("conv1", 7, 2, 3)
    b.put("maxpool", MaxPool((3,) * b.axes, (2,) * b.axes, (1,) * b.axes))
    for layer, count in enumerate(units, start=1):
        for unit in range(count):
            stride = 2 if unit == 0 and layer > 1 else 1
            _bottleneck(b, f"layer{layer}.{unit}", stride, project=unit == 0)
        b.nodes[-1] = Node(f"layer{layer}", Add(), b.nodes[-1].inputs)
        b.last = b.nodes[-1].id
    return b.graph()


def _bottleneck(b: Builder, name: str, stride: int, project: bool) -> None:
    before = b.last
    shortcut = before
    if project or stride > 1:
        shortcut = b.conv(f"{name}.shortcut", 1, stride, 0, source=before)
    b.conv(f"{name}.conv1", 1, source=before)
    b.conv(f"{name}.conv2", 3, stride, 1)
    b.conv(f"{name}.conv3", 1)
    b.put(f"{name}.add", Add(), shortcut, b.last)


def aspp(size: tuple[int, ...] = (65, 65)) -> Graph:
    """A 1×1 branch beside 3×3 branches of rates 6, 12 and 18."""
    b = Builder(size)
    branches = [b.conv("one", 1, source="input")]
    branches += [b.conv(f"rate{d}", 3, dilation=d, source="input") for d in (6, 12, 18)]
    b.put("cat", Concatenate(), *branches)
    return b.graph()
