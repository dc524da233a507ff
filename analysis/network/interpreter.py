"""Interprets a graph node by node in torch, with gates, taps and a cache of valid outputs.

Also what trains: every tensor is passed to the operators as it is, so gradients flow.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping

import torch
from torch import Tensor

from analysis.facts import analyse
from analysis.graph import Graph
from analysis.network.gates import OPEN, Edge, Gates, gated, with_scaled_channels
from analysis.network.prefix import Prefix, same_state
from analysis.network.steps import Planner, Step

Visit = Callable[[str, Tensor], None]
_FAILURES = (RuntimeError, ValueError, TypeError, LookupError, AttributeError)


class Cancelled(Exception):  # noqa: N818 - no error: somebody asked for it
    """Raised when a run is cancelled between two nodes."""


class NodeError(Exception):
    """An operator could not run: `node` is its id, the cause is torch's own exception."""

    def __init__(self, node: str) -> None:
        super().__init__(node)
        self.node = node


class Network:
    """A graph with its weights, ready to run.

    `edges` are the wires that gates may be put on. `tensors` (by the keys of `facts.tensors`) are
    moved to `device`; with `channels_last`, convolution weights of two axes are laid out that way.
    Nodes that share a tensor are given the same one, so that its gradients add up.
    """

    def __init__(
        self,
        graph: Graph,
        tensors: Mapping[str, Tensor],
        edges: Iterable[Edge] = (),
        *,
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.float32,
        channels_last: bool = False,
    ) -> None:
        self.graph = graph
        self.edges = tuple(edges)
        self.channels_last = channels_last
        self.device = torch.device(device)
        self.dtype = dtype
        placed = {key: self.place(tensor) for key, tensor in tensors.items()}
        read = analyse(graph).tensors
        by_node = {
            node.id: {e.name: placed[e.key] for e in read.get(node.id, ()) if e.key in placed}
            for node in graph.nodes
        }
        for node in graph.nodes:
            for name, tensor in node.operator.constants(len(node.inputs)).items():
                by_node[node.id][name] = self.place(tensor)
        self.tensors = placed
        self._tensors_by_node = by_node
        steps = tuple(
            Step(
                node.id,
                node.operator,
                node.inputs,
                by_node[node.id],
                tuple(port for join, port in self.edges if join == node.id),
            )
            for node in graph.nodes
        )
        self._downstream = {join: graph.descendants(join) for join, _ in self.edges}
        self._kept = frozenset().union(
            *(self._boundary(below) for below in self._downstream.values())
        )
        self._planner = Planner(steps)

    def place(self, tensor: Tensor) -> Tensor:
        """The tensor, of its own shape, on the network's device, in its type and memory format."""
        kind = self.dtype if tensor.is_floating_point() else tensor.dtype
        if tensor.is_complex():
            kind = self.dtype.to_complex()
        moved = tensor.to(self.device, kind)
        if self.channels_last and moved.ndim == 4:
            moved = moved.contiguous(memory_format=torch.channels_last)
        return moved

    def parameters_of(self, node_id: str) -> Mapping[str, Tensor]:
        """One node's parameters and buffers, of the operator's shapes, by their own names."""
        return self._tensors_by_node[node_id]

    def _boundary(self, below: frozenset[str]) -> frozenset[str]:
        """The nodes outside `below` that nodes in it read."""
        return frozenset(
            source
            for node in self.graph.nodes
            if node.id in below
            for source in node.inputs
            if source not in below
        )

    # ------------------------------------------------------------------ what still holds
    def renew(self, prefix: Prefix, token: Hashable, gates: Gates = OPEN) -> frozenset[str]:
        """Empty `prefix` of what these gates and this input (`token`) make stale; its node ids."""
        states = {edge: gates.state(edge) for edge in self.edges}
        if prefix.token != token or prefix.states.keys() != states.keys():
            stale = frozenset(node.id for node in self.graph.nodes)
        else:
            moved = {
                edge[0] for edge in self.edges if not same_state(states[edge], prefix.states[edge])
            }
            stale = frozenset().union(*(self._downstream[join] for join in moved))
            stale |= self._behind_channels(prefix.channels, gates)
        prefix.token, prefix.states = token, states
        prefix.channels = {node: gates.channels_of(node) for node in gates.channels}
        for node_id in stale:
            prefix.tensors.pop(node_id, None)
        return stale

    def _behind_channels(
        self, before: Mapping[str, dict[int, float]], gates: Gates
    ) -> frozenset[str]:
        """The nodes that other gates on channels change, those with the gates among them."""
        moved = [
            node
            for node in {*before, *gates.channels}
            if node in self.graph and before.get(node, {}) != gates.channels_of(node)
        ]
        return frozenset().union(*(self.graph.descendants(node) for node in moved))

    def feeding(self, node: str) -> frozenset[str]:
        """The nodes whose outputs are enough to compute a node and all that lies behind it."""
        return self._boundary(self.graph.descendants(node))

    # ------------------------------------------------------------------ running
    def run(
        self,
        inputs: Mapping[str, Tensor] | Tensor,
        *,
        gates: Gates = OPEN,
        wanted: Collection[str] | None = None,
        visit: Visit | None = None,
        cancelled: Callable[[], bool] | None = None,
        prefix: Prefix | None = None,
        training: bool = False,
    ) -> dict[str, Tensor]:
        """The outputs of the `wanted` nodes (default: the graph's output) by id.

        `inputs`: batched tensors (N, C, *spatial) by id of the input node, or one for all of
        them. With `visit` each wanted tensor is shown as soon as it exists and nothing is
        returned, so that no more is held than must be. A `prefix` must have been renewed for
        these inputs and gates. Raises Cancelled and NodeError.
        """
        targets = frozenset([self.graph.output.id] if wanted is None else wanted)
        plan = self._planner.plan(targets, frozenset(prefix.tensors if prefix else ()))
        values = {key: prefix.tensors[key] for key in plan.reused} if prefix else {}
        found: dict[str, Tensor] = {}
        for node_id in plan.reused:
            if node_id in targets:
                _deliver(node_id, values[node_id], visit, found)
        for step, frees in zip(plan.steps, plan.frees, strict=True):
            if cancelled is not None and cancelled():
                raise Cancelled
            value = self._apply(step, values, inputs, gates, training)
            values[step.id] = value
            if step.id in targets:
                _deliver(step.id, value, visit, found)
            if prefix is not None and (step.id in self._kept or step.id in prefix.kept):
                prefix.tensors[step.id] = value
            for node_id in frees:
                values.pop(node_id, None)
        return found

    def count(self, wanted: Collection[str], prefix: Prefix) -> int:
        """How many nodes a run for these would compute."""
        return len(self._planner.plan(frozenset(wanted), frozenset(prefix.tensors)).steps)

    def _apply(
        self,
        step: Step,
        values: Mapping[str, Tensor],
        inputs: Mapping[str, Tensor] | Tensor,
        gates: Gates,
        training: bool,
    ) -> Tensor:
        if not step.inputs and step.operator.key == "input":
            given = inputs if isinstance(inputs, Tensor) else inputs[step.id]
            return self._scaled(step, given, gates)
        arguments = [values[source] for source in step.inputs]
        for port in step.gated:
            edge = (step.id, port)
            arguments[port] = gated(arguments[port], edge, gates.alpha.get(edge, 1.0), gates.off)
        try:
            value: object = step.operator.apply(arguments, step.tensors, training)
            if not isinstance(value, Tensor):
                raise TypeError(f"{type(value).__name__} instead of a tensor")
        except _FAILURES as error:
            raise NodeError(step.id) from error
        return self._scaled(step, value, gates)

    @staticmethod
    def _scaled(step: Step, value: Tensor, gates: Gates) -> Tensor:
        if step.id not in gates.channels or value.ndim < 2:
            return value
        return with_scaled_channels(value, gates.channels_of(step.id))

    # ------------------------------------------------------------------ random weights
    def calibrate(
        self,
        inputs: Mapping[str, Tensor] | Tensor,
        nodes: Collection[str],
        cancelled: Callable[[], bool] | None = None,
        wanted: Collection[str] | None = None,
    ) -> None:
        """Set running mean and variance of these nodes to those of one pass over (N, C, *spatial).

        The pass runs what is before the `wanted` nodes (default: the graph's output).

        A normalisation with the statistics of new weights (0 and 1) lets a deep network's
        values vanish. Writes into this network's tensors. Raises Cancelled and NodeError.
        """
        values: dict[str, Tensor] = {}
        targets = frozenset([self.graph.output.id] if wanted is None else wanted)
        plan = self._planner.plan(targets)
        with torch.no_grad():
            for step, frees in zip(plan.steps, plan.frees, strict=True):
                if cancelled is not None and cancelled():
                    raise Cancelled
                if step.id in nodes and "running_mean" in step.tensors:
                    read = values[step.inputs[0]].float()
                    axes = [axis for axis in range(read.ndim) if axis != 1]
                    variance, mean = torch.var_mean(read, axes, correction=0)
                    step.tensors["running_mean"].copy_(mean)
                    step.tensors["running_var"].copy_(variance)
                values[step.id] = self._apply(step, values, inputs, OPEN, False)
                for node_id in frees:
                    values.pop(node_id, None)


def _deliver(node_id: str, value: Tensor, visit: Visit | None, found: dict[str, Tensor]) -> None:
    if visit is None:
        found[node_id] = value
    else:
        visit(node_id, value)
