"""Puts together what exporters write in pieces: group normalisation and the swish activation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

GROUP_NORM = "fieldglass.GroupNorm"
"""A group normalisation with one scale a channel, in every opset."""


def fuse(graph: Any) -> None:
    """Write the pieces of these operators as one, in the place of their last node."""
    from onnx import numpy_helper

    weights = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant" and node.attribute and node.attribute[0].name == "value":
            weights[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
    _Fusion(graph, weights).run()


class _Fusion:
    def __init__(self, graph: Any, weights: Mapping[str, Any]) -> None:
        self._graph, self._weights = graph, weights
        self._made = {name: node for node in graph.node for name in node.output}
        self._uses = Counter(name for node in graph.node for name in node.input)
        self._uses.update(output.name for output in graph.output)
        self._gone: set[int] = set()

    def run(self) -> None:
        fused = {}
        for node in self._graph.node:
            made = self._swish(node) or self._group_norm(node)
            if made is not None:
                fused[id(node)] = made
        kept = [fused.get(id(node), node) for node in self._graph.node
                if id(node) in fused or id(node) not in self._gone]  # fmt: skip
        if fused:
            needed = self._needed(kept)
            copies = [type(node).FromString(node.SerializeToString()) for node in needed]
            del self._graph.node[:]
            self._graph.node.extend(copies)

    def _needed(self, nodes: list[Any]) -> list[Any]:
        """Without those that only measured the pieces; all of them where graphs stand inside."""
        if any(attribute.HasField("g") for node in nodes for attribute in node.attribute):
            return nodes
        read = {output.name for output in self._graph.output}
        found = []
        for node in reversed(nodes):
            if not read.isdisjoint(node.output):
                read.update(node.input)
                found.append(node)
        return found[::-1]

    def _only(self, name: str, operator: str) -> Any:
        """The node of that operator which makes a value that is read once."""
        node = self._made.get(name)
        return (
            node
            if node is not None and node.op_type == operator and self._uses[name] == 1
            else None
        )

    def _swish(self, node: Any) -> Any:
        """x · sigmoid(x), as torch writes SiLU."""
        if node.op_type != "Mul":
            return None
        for source, gate in (node.input, tuple(node.input)[::-1]):
            sigmoid = self._only(gate, "Sigmoid")
            if sigmoid is not None and list(sigmoid.input) == [source]:
                return self._one("Swish", node, [source], [sigmoid])
        return None

    def _group_norm(self, node: Any) -> Any:
        """Reshape to groups, normalise, reshape back, times a scale, plus a bias a channel."""
        if node.op_type != "Add":
            return None
        times = self._only(node.input[0], "Mul")
        back = self._only(times.input[0], "Reshape") if times is not None else None
        norm = self._only(back.input[0], "InstanceNormalization") if back is not None else None
        apart = self._only(norm.input[0], "Reshape") if norm is not None else None
        if times is None or norm is None or apart is None:
            return None
        read = (apart.input[1], times.input[1], node.input[1], *norm.input[1:3])
        if not all(name in self._weights for name in read):
            return None
        shape, scale, bias, ones, zeros = (self._weights[name] for name in read)
        plain = bool((ones == 1).all() and (zeros == 0).all())
        channels = scale.shape[0] if scale.ndim else 0
        by_channel = all(each.ndim and each.size == each.shape[0] == channels
                         for each in (scale, bias))  # fmt: skip
        if not (plain and by_channel and len(shape) == 3 and shape[1] == len(ones)):
            return None
        made = self._one(GROUP_NORM, node, [apart.input[0], times.input[1], node.input[1]],
                         [times, back, norm, apart])  # fmt: skip
        made.attribute.extend(each for each in norm.attribute if each.name == "epsilon")
        groups = made.attribute.add()
        groups.name, groups.type, groups.i = "num_groups", groups.INT, int(shape[1])
        return made

    def _one(self, operator: str, last: Any, inputs: list[str], pieces: list[Any]) -> Any:
        from onnx import helper

        made = helper.make_node(operator, inputs, list(last.output), name=last.name)
        made.metadata_props.extend(last.metadata_props)
        self._gone.update(map(id, pieces))
        return made
