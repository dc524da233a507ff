"""Splits the output exactly into the contributions of the skips, the bottleneck and the biases.

The decoder, its ReLU masks and statistics held as they are for this image, is linear. So it is
run on one row for each source: every skip, what comes from the bottleneck, and the biases. The
rows sum to the output, pixel by pixel. A skip's source is all that its wire brings to the join,
whatever it passed before (an attention gate, another skip): what passes several skips counts for
the last of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from analysis.faults import Fault
from analysis.graph import Graph, Node
from analysis.graph.closing_activation import before_closing_activation, closing_activation
from analysis.network import Cancelled, Network, Prefix
from analysis.network.gates import OPEN, Edge, Gates, gated, with_scaled_channels

BAND_EDGES = (1 / 16, 1 / 8, 1 / 4)
"""Cycles a pixel between the bands: each is an octave, the last takes the rest."""

_NORMS = ("instance_norm", "group_norm", "layer_norm")
_RECTIFIERS = ("relu", "leaky_relu", "prelu")
_SELECTING = ("max_pool", "adaptive_pool", "global_pool")
"""Operators that take the largest of several: which one is held, as masks are."""


@dataclass(frozen=True)
class Split:
    """The output in parts (sources, C, *spatial): the skips in order, the bottleneck, the biases.

    `exact` is False and `why` says so where an operator is not piecewise linear: its tangent is
    used, and what the tangent leaves over counts as bias. `why` with `exact` names what was held.
    `of` is the node that was split; `output` (1, C, *spatial) its value. `before` is the key of the
    smooth activation that makes the network's output of it, empty where it is that output.
    """

    parts: Tensor
    output: Tensor
    of: str
    exact: bool
    why: Fault | None
    before: str = ""

    @property
    def error(self) -> float:
        """Largest |Σ parts − output|, relative to the largest |output|."""
        gap = (self.parts.sum(0, keepdim=True) - self.output).abs().max()
        return float(gap / self.output.abs().max().clamp_min(1e-30))

    def shares(self) -> list[float]:
        """⟨part, y⟩ / ⟨y, y⟩ for every source; they sum to 1 where y is not 0 everywhere."""
        whole = self.output[0].double()
        energy = float((whole * whole).sum())
        if energy == 0:
            return [0.0] * len(self.parts)
        return [float((part.double() * whole).sum()) / energy for part in self.parts]

    def sizes(self) -> list[tuple[float, float]]:
        """‖part‖ and ‖y − part‖ over ‖y‖ for every source; 0 and 0 where y is 0 everywhere."""
        whole = self.output[0].double()
        size = float(whole.norm())
        if size == 0:
            return [(0.0, 0.0)] * len(self.parts)
        parts = (part.double() for part in self.parts)
        return [(float(p.norm()) / size, float((whole - p).norm()) / size) for p in parts]

    def bands(self, edges: Sequence[float] = BAND_EDGES) -> list[tuple[float, ...]]:
        """Re(F(part)·conj F(y)) / Σ|F(y)|² by radial frequency band; every band sums to 1.

        A band in which y has nothing is 0 for every source. Empty for outputs without axes.
        """
        spatial = tuple(range(1, self.output.ndim - 1))
        if not spatial:
            return [() for _ in self.parts]
        whole = torch.fft.fftn(_wide(self.output[0]), dim=spatial)
        grids = [torch.fft.fftfreq(self.output.shape[axis + 1]) for axis in spatial]
        mesh = torch.meshgrid(*grids, indexing="ij")
        radius = torch.stack([axis.square() for axis in mesh]).sum(0).sqrt().to(whole.device)
        band = torch.bucketize(radius, torch.tensor(edges, device=whole.device), right=True)
        power = _by_band((whole.abs().double() ** 2).sum(0), band, len(edges) + 1)
        found = []
        for part in self.parts:
            cross = (torch.fft.fftn(_wide(part), dim=spatial) * whole.conj()).real.double().sum(0)
            ratio = _by_band(cross, band, len(edges) + 1) / power
            found.append(tuple(torch.nan_to_num(ratio, 0.0, 0.0, 0.0).tolist()))
        return found


def _wide(values: Tensor) -> Tensor:
    """The values in a format that has a Fourier transform: bfloat16 has none, float16 not here."""
    return values.float() if values.dtype in (torch.bfloat16, torch.float16) else values


def _by_band(values: Tensor, band: Tensor, count: int) -> Tensor:
    zero = torch.zeros(count, dtype=values.dtype, device=values.device)
    return zero.index_add(0, band.flatten(), values.flatten())


def split(
    network: Network,
    inputs: Mapping[str, Tensor] | Tensor,
    edges: Sequence[Edge],
    *,
    gates: Gates = OPEN,
    cancelled: Callable[[], bool] | None = None,
    prefix: Prefix | None = None,
) -> Split:
    """Split the output, (C, *spatial), into the parts of `edges`, the bottleneck and the biases.

    Raises Cancelled, and ValueError where no edge lies before the output.
    """
    graph = network.graph
    of = before_closing_activation(graph)
    below = _decoder(graph, of, edges)
    if not below:
        raise ValueError("no skip reaches the output")
    feeding = {source for node_id in below for source in graph[node_id].inputs}
    with torch.inference_mode():
        values = network.run(
            inputs, gates=gates, wanted=below | feeding, cancelled=cancelled, prefix=prefix
        )
    with torch.no_grad():
        # Forward derivatives refuse tensors made in inference mode.
        values = {key: value.clone() for key, value in values.items()}
        return _Linearised(network, edges, gates, values).run(of, below, cancelled)


def _decoder(graph: Graph, of: str, edges: Sequence[Edge]) -> frozenset[str]:
    """What stands behind a join on a way to `of` that passes none of the edges."""
    gated_edges = set(edges)
    open_ways, waiting = {of}, [of]
    while waiting:
        node = graph[waiting.pop()]
        for port, source in enumerate(node.inputs):
            if (node.id, port) not in gated_edges and source not in open_ways:
                open_ways.add(source)
                waiting.append(source)
    below = frozenset().union(*(graph.descendants(join) for join, _ in edges if join in open_ways))
    return below & open_ways


class _Linearised:
    """The decoder as a linear map of its sources, one row each."""

    def __init__(
        self,
        network: Network,
        edges: Sequence[Edge],
        gates: Gates,
        values: Mapping[str, Tensor],
    ) -> None:
        self._network = network
        self._row = {edge: row for row, edge in enumerate(edges)}
        self._rows = len(edges) + 2
        self._gates = gates
        self._values = values
        self._approximate: str | None = None
        self._frozen: str | None = None
        self._selected: str | None = None

    def run(self, of: str, below: frozenset[str], cancelled: Callable[[], bool] | None) -> Split:
        graph = self._network.graph
        nodes = [node for node in graph.nodes if node.id in below]
        last = {source: node.id for node in nodes for source in node.inputs}
        parts: dict[str, Tensor] = {}
        for node in nodes:
            if cancelled is not None and cancelled():
                raise Cancelled
            brought = [self._brought(node, port, parts) for port in range(len(node.inputs))]
            parts[node.id] = self._through(node, brought)
            for source in node.inputs:
                if last[source] == node.id and source != of:
                    parts.pop(source, None)
        exact, before = self._approximate is None, closing_activation(graph)
        return Split(parts[of], self._values[of], of, exact, self._why(), before)

    def _why(self) -> Fault | None:
        if self._approximate is not None:
            return Fault("split-approximate", (self._approximate, self._key(self._approximate)))
        if self._frozen is not None:
            return Fault("split-statistics-held", (self._frozen, self._key(self._frozen)))
        if self._selected is not None:
            return Fault("split-selection-held", (self._selected, self._key(self._selected)))
        return None

    def _key(self, node_id: str) -> str:
        return self._network.graph[node_id].operator.key

    def _brought(self, node: Node, port: int, parts: Mapping[str, Tensor]) -> Tensor:
        """The rows (sources, …) that arrive at one port."""
        source, edge = node.inputs[port], (node.id, port)
        if source in parts and edge not in self._row:
            return parts[source]
        alpha = self._gates.alpha.get(edge, 1.0)
        carried = gated(self._values[source], edge, alpha, self._gates.off)
        rows = carried.new_zeros((self._rows, *carried.shape[1:]))
        rows[self._row.get(edge, self._rows - 2)] = carried[0]
        return rows

    def _arrived(self, node: Node) -> list[Tensor]:
        """The true values at the ports."""
        return [
            gated(
                self._values[source],
                (node.id, port),
                self._gates.alpha.get((node.id, port), 1.0),
                self._gates.off,
            )
            for port, source in enumerate(node.inputs)
        ]

    def _through(self, node: Node, rows: list[Tensor]) -> Tensor:
        """The rows behind the operator; what it adds by itself goes to the row of the biases."""
        key, kind = node.operator.key, node.operator.linearity
        if kind == "linear":
            return self._affine(node, rows)
        value = self._values[node.id]
        if key in _RECTIFIERS:
            before = self._arrived(node)[0]
            slope = torch.where(before == 0, torch.zeros_like(before), value / before)
            return rows[0] * slope
        if key in _NORMS:
            self._frozen = self._frozen or node.id
            scale = self._scaled(node, self._norm_scale(node))
            through = rows[0] * scale
            through[-1] += (value - self._arrived(node)[0] * scale)[0]
            return through
        if kind != "piecewise":
            self._approximate = self._approximate or node.id
        operator: Any = node.operator
        if key in _SELECTING and getattr(operator, "mode", "max") == "max":
            self._selected = self._selected or node.id
        return self._tangent(node, rows)

    def _affine(self, node: Node, rows: list[Tensor]) -> Tensor:
        tensors = self._network.parameters_of(node.id)
        bare = {
            name: torch.zeros_like(tensor) if name in ("bias", "running_mean") else tensor
            for name, tensor in tensors.items()
        }
        nothing = [row.new_zeros((1, *row.shape[1:])) for row in rows]
        through = node.operator.apply(rows, bare)
        constant = node.operator.apply(nothing, bare)
        if bool(constant.any()):
            through = through - constant
        through[-1] += node.operator.apply(nothing, tensors)[0]
        return self._scaled(node, through)

    def _scaled(self, node: Node, rows: Tensor) -> Tensor:
        """The rows with the gates on the node's channels, which its true value has already."""
        return with_scaled_channels(rows, self._gates.channels_of(node.id))

    def _norm_scale(self, node: Node) -> Tensor:
        """γ/√(σ² + ε) for every channel or value, with this image's σ."""
        before = self._arrived(node)[0]
        operator: Any = node.operator
        groups = {"instance_norm": before.shape[1], "layer_norm": 1}.get(operator.key)
        grouped = before.reshape(1, groups or operator.groups, -1)
        inverse: Tensor = (grouped.var(2, correction=0) + float(operator.eps)).rsqrt()
        channels = inverse.repeat_interleave(before.shape[1] // inverse.shape[1], 1)
        scale = channels.reshape(1, -1, *([1] * (before.ndim - 2)))
        weight = self._network.parameters_of(node.id).get("weight")
        if weight is None:
            return scale
        if weight.ndim == 1:
            weight = weight.reshape(1, -1, *([1] * (before.ndim - 2)))
        return scale * weight

    def _tangent(self, node: Node, rows: list[Tensor]) -> Tensor:
        """The derivative at this image along every row, the remainder to the biases.

        J·v comes from two backward passes: Jᵀu is linear in u, and its derivative along v is J·v.
        """
        tensors = self._network.parameters_of(node.id)
        with torch.enable_grad():
            before = [value.clone().requires_grad_() for value in self._arrived(node)]
            after = node.operator.apply(before, tensors)
            dual = torch.zeros_like(after).requires_grad_()
            back = torch.autograd.grad(after, before, dual, create_graph=True)
        along = [
            torch.autograd.grad(back, dual, [row[i : i + 1] for row in rows], retain_graph=True)[0]
            for i in range(self._rows)
        ]
        through = torch.cat(along)
        through = self._scaled(node, through)
        through[-1] += (self._values[node.id] - through.sum(0, keepdim=True))[0]
        return through


def shares_by_gradient(
    network: Network,
    inputs: Mapping[str, Tensor] | Tensor,
    edges: Sequence[Edge],
    gates: Gates = OPEN,
) -> list[float]:
    """α ∂⟨y₀, y⟩/∂α / ⟨y₀, y₀⟩, a scalar for every edge, by one backward pass.

    The same numbers as `Split.shares` where the split is exact with nothing held and gates close
    to zero.
    """
    alpha = {
        edge: torch.tensor(
            float(gates.alpha.get(edge, 1.0)), device=network.device, requires_grad=True
        )
        for edge in edges
    }
    of = before_closing_activation(network.graph)
    with torch.enable_grad():
        output = network.run(inputs, gates=Gates(alpha, channels=gates.channels), wanted=[of])[of]
        fixed = output.detach()
        (output * fixed).sum().backward()  # type: ignore[no-untyped-call]
    energy = float((fixed.double() ** 2).sum()) or 1.0
    return [
        float(leaf.detach() * (leaf.grad if leaf.grad is not None else 0.0)) / energy
        for leaf in alpha.values()
    ]
