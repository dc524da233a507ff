"""Matches the calls that a forward makes at one size of its picture with those at another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

PADDING = ("pad", "constant_pad_nd")
CUTTING = ("slice", "narrow")
POOLING = ("avg_pool", "max_pool")
NO_CUT = "alias"
"""What torch makes of cuts that take nothing off."""
OF_NO_SIZE = frozenset(
    ("cat", "concat", "add", "sub", "mul", "div", "relu", "leaky_relu", "prelu", "elu", "gelu",
     "silu", "mish", "selu", "celu", "sigmoid", "tanh", "hardtanh", "hardswish", "hardsigmoid",
     "softplus", "relu6", "dropout", "feature_dropout", "batch_norm", "instance_norm",
     "group_norm", "max_pool1d", "max_pool2d", "max_pool3d", "clone", "contiguous",
     "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d",
     "softmax", "log_softmax", "_assert_tensor_metadata", "to")
)  # fmt: skip
"""Calls whose numbers nobody computes from the size of a map; there are more of them."""


def same_calls(here: Sequence[Any], there: Sequence[Any]) -> dict[str, Any] | None:
    """`shapes` and `numbers` of the calls at the other size, by their names here.

    None where other calls are made there, but for cuts that take nothing off at one of the sizes.
    """
    shapes: dict[str, list[int]] = {}
    numbers: dict[str, list[int]] = {}
    runs, others = [*_runs(here)], [*_runs(there)]
    if [_kinds(each) for each in runs] != [_kinds(each) for each in others]:
        return None
    for run, other in zip(runs, others, strict=True):
        for node, shape, number in _cut_alike(run, other) if _cuts(run[0]) else _alike(run, other):
            if shape is not None:
                shapes[node.name] = shape
            if number is not None:
                numbers[node.name] = number
    return {"shapes": shapes, "numbers": numbers}


def packet_of(node: Any) -> str:
    """The name of the called operator; empty for what is no call."""
    if node.op != "call_function":
        return ""
    return str(node.target).partition(".")[2].partition(".")[0]


def shape_of(node: Any) -> list[int] | None:
    """The shape of what a node gives; None of what is no tensor."""
    value: Any = node.meta.get("val")
    return [int(n) for n in value.shape] if hasattr(value, "shape") else None


def numbers_of(node: Any) -> list[int] | None:
    """The rows that a padding adds, the window of a pooling, the first row that a cut leaves."""
    packet = packet_of(node)
    if packet in CUTTING:
        found = node.args[2:3] or (0,)
    elif len(node.args) > 1 and (packet in PADDING or packet.startswith(POOLING)):
        found = node.args[1] if isinstance(node.args[1], list | tuple) else [node.args[1]]
    else:
        return None
    return [int(n) for n in found] if all(isinstance(n, int) for n in found) else None


def is_free_of_sizes(node: Any) -> bool:
    """Whether nothing that a node of a program holds could come of the size of its picture."""
    if node.op != "call_function":
        return True
    packet = packet_of(node).removesuffix("_")
    if packet.startswith("upsample"):
        return len(node.args) > 1 and node.args[1] is None
    return packet in OF_NO_SIZE or str(node.target).endswith("getitem>")


def _cuts(node: Any) -> bool:
    return packet_of(node) in (*CUTTING, NO_CUT)


def _runs(nodes: Sequence[Any]) -> Iterator[list[Any]]:
    """Nodes that follow each other: cuts, each of what the last one left, and others."""
    for cutting, group in groupby(nodes, _cuts):
        run: list[Any] = []
        for node in group:
            if cutting and run and node.args[0] is not run[-1]:
                yield run
                run = []
            run.append(node)
        yield run


def _kinds(run: Sequence[Any]) -> list[str]:
    return [NO_CUT] if _cuts(run[0]) else [str(node.target) for node in run]


Told = tuple[Any, list[int] | None, list[int] | None]


def _alike(run: Sequence[Any], other: Sequence[Any]) -> Iterator[Told]:
    for node, its in zip(run, other, strict=True):
        yield node, shape_of(its), numbers_of(its)


def _cut_alike(run: Sequence[Any], other: Sequence[Any]) -> Iterator[Told]:
    """Cuts of one tensor one after the other; only the last ones give the same."""
    shape, end = shape_of(other[0].args[0]), shape_of(other[-1])
    first = [n for node in other for n in numbers_of(node) or ()]
    for node in run:
        dim = node.args[1] if len(node.args) > 1 else 0
        if node is run[-1]:
            shape = end
        elif shape is not None and end is not None and isinstance(dim, int):
            shape = [*shape[:dim], end[dim], *shape[dim + 1 :]]
        yield node, shape, [max(first, default=0, key=abs)]
