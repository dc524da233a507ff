"""Finds the layer that first makes values that are no numbers: NaN or infinity."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from analysis.facts import analyse
from analysis.inference.protocol.runs import NotFinite
from analysis.network import Network
from analysis.network.gates import Gates


class _Found(Exception):  # noqa: N818 - ends a run that has shown what was looked for
    def __init__(self, node: str, what: str) -> None:
        super().__init__(node)
        self.node, self.what = node, what


def what_of(values: Tensor) -> str:
    """`NaN`, `inf`, or "" where all values, of any shape, are finite numbers."""
    if not values.is_floating_point() or bool(torch.isfinite(values).all()):
        return ""
    return "NaN" if bool(torch.isnan(values).any()) else "inf"


def in_weights(network: Network) -> NotFinite | None:
    """The first node in the graph's order with NaN or infinity in its weights, of any shapes."""
    bad = {key: what for key, tensor in network.tensors.items() if (what := what_of(tensor))}
    for node_id, read in analyse(network.graph).tensors.items() if bad else ():
        what = next((bad[each.key] for each in read if each.key in bad), "")
        if what:
            return NotFinite(node_id, what, of_weights=True)
    return None


def in_layers(network: Network, inputs: Mapping[str, Tensor], gates: Gates) -> NotFinite | None:
    """The first layer with NaN or infinity in its output, found by one more run.

    `inputs` are (N, C, *spatial) by input node. Raises Cancelled and NodeError as a run does.
    """

    def look(node: str, value: Tensor) -> None:
        if what := what_of(value):
            raise _Found(node, what)

    output = network.graph.output.id
    try:
        network.run(
            inputs, gates=gates, wanted={*network.graph.ancestors(output), output}, visit=look
        )
    except _Found as found:
        return NotFinite(found.node, found.what, of_output=True)
    return None
