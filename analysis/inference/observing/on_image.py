"""Observes a network's run with an image, for the rules of the review that need one."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from analysis.facts import Facts
from analysis.faults import Fault
from analysis.graph import Graph
from analysis.inference.answers.effective_field import effective_field
from analysis.inference.measures.output_split import split
from analysis.inference.observing.channel_counts import channel_counts
from analysis.inference.protocol.effective_field import EffectiveRequest
from analysis.inference.slot import Loaded, Slot, gates_of
from analysis.inference.watch import Cancel
from analysis.network.fresh_weights import fresh_layers
from analysis.operators import Sigmoid, Softmax, Tanh
from analysis.review import ChannelCounts, OnImage, SkipPart

END = 1e-3
"""How near to the end of its range an output counts as saturated."""


def on_image(slot: Slot, loaded: Loaded, cancelled: Cancel | None = None) -> OnImage:
    """What the slot's last run shows. Raises Cancelled and NodeError."""
    with torch.inference_mode():
        output = _run(slot, loaded, slot.inputs, cancelled)
        saturated = _saturated(loaded.facts, output)
        moved = _moved(slot, loaded, output, cancelled)
        flat = _flat(output)
        channels = _channels(slot, loaded, cancelled)
    skips, closing = _skips(slot, loaded, cancelled)
    sides = _field_sides(slot, loaded, cancelled)
    spacing = slot.image.spacing if slot.image is not None else None
    untrained = len({*loaded.untrained, *fresh_layers(loaded.network)})
    return OnImage(channels, skips, saturated, moved, untrained, sides, spacing, flat, closing)


def _run(
    slot: Slot, loaded: Loaded, inputs: Mapping[str, Tensor], cancelled: Cancel | None
) -> Tensor:
    gates = gates_of(slot.request, loaded)
    ran = loaded.network.run(inputs, gates=gates, cancelled=cancelled)
    return ran[loaded.network.graph.output.id].float()


def _channels(slot: Slot, loaded: Loaded, cancelled: Cancel | None) -> dict[str, ChannelCounts]:
    """Of every map behind an activation on the way to an output, the main one or another."""
    graph, facts = loaded.facts.graph, loaded.facts
    way = frozenset[str]().union(*(graph.ancestors(each.id) for each in graph.outputs))
    wanted = [
        node.id
        for node in graph.nodes
        if node.id in way and node.operator.nonlinearity and len(facts.shapes[node.id]) > 1
    ]
    found: dict[str, ChannelCounts] = {}

    def visit(name: str, value: Tensor) -> None:
        counts = channel_counts(value[0])
        if counts is not None:
            found[name] = counts

    gates = gates_of(slot.request, loaded)
    loaded.network.run(slot.inputs, gates=gates, wanted=wanted, visit=visit, cancelled=cancelled)
    return {name: found[name] for name in wanted if name in found}


def _skips(
    slot: Slot, loaded: Loaded, cancelled: Cancel | None
) -> tuple[dict[str, SkipPart] | None, str]:
    """The exact part of the output that each long skip carries, None where there is none.

    With it the activation before which the output was split, if it was.
    """
    long = [skip.name for skip in loaded.facts.skips if skip.kind == "long"]
    edges = [loaded.edges[name] for name in long if name in loaded.edges]
    if not long or len(edges) < len(long):
        return None, ""
    try:
        found = split(
            loaded.network, slot.inputs, edges, gates=gates_of(slot.request, loaded),
            cancelled=cancelled,
        )  # fmt: skip
    except ValueError:
        return None, ""
    if not found.exact or float(found.output.abs().amax()) == 0:
        return None, ""
    rows = zip(long, found.shares(), found.sizes(), strict=False)
    closing = _closing(loaded.facts.graph, found.of)
    return {name: SkipPart(share, *sizes) for name, share, sizes in rows}, closing


def _closing(graph: Graph, split: str) -> str:
    """The activation that is given what was split; empty where that is the output."""
    node = graph.output
    if node.id == split:
        return ""
    while node.inputs[0] != split:
        node = graph[node.inputs[0]]
    return node.id


def _saturated(facts: Facts, output: Tensor) -> tuple[str, float] | None:
    node = facts.graph.output
    while node.operator.key in ("output", "identity", "dropout"):
        node = facts.graph[node.inputs[0]]
    if not isinstance(node.operator, Sigmoid | Softmax | Tanh):
        return None
    if isinstance(node.operator, Softmax):  # of many classes most are near 0 in any case
        return node.id, float((output.amax(1) >= 1 - END).float().mean())
    low = -1.0 if isinstance(node.operator, Tanh) else 0.0
    ends = (output <= low + END) | (output >= 1 - END)
    return node.id, float(ends.float().mean())


def _moved(slot: Slot, loaded: Loaded, output: Tensor, cancelled: Cancel | None) -> float | None:
    """The relative difference of the middle of the output when the image moves by one pixel."""
    sizes = {tuple(value.shape[2:]) for value in slot.inputs.values() if value.ndim > 2}
    size = tuple(output.shape[2:])
    if len(sizes) != 1 or size not in sizes or min(size) < 8:
        return None
    moved = {
        name: torch.cat((value[..., :1], value[..., :-1]), -1) if value.ndim > 2 else value
        for name, value in slot.inputs.items()
    }
    after = _run(slot, loaded, moved, cancelled).roll(-1, -1)
    before, difference = _middle(output), _middle(after - output)
    own = float((before - before.mean()).square().mean().sqrt())
    return float(difference.square().mean().sqrt()) / own if own > 0 else None


def _flat(output: Tensor) -> bool:
    """Whether the middle of the output is one value everywhere."""
    middle = _middle(output)
    return bool(middle.amax() == middle.amin())


def _field_sides(
    slot: Slot, loaded: Loaded, cancelled: Cancel | None
) -> tuple[float, float] | None:
    """Sides of squares as large as the middle units' field on the image, and its effective part."""
    facts, layer = loaded.facts, loaded.network.graph.output.id
    lengths = facts.shapes[layer][1:]
    middle = tuple(length // 2 for length in lengths)
    beside = tuple(tuple(at + step for at in middle) for step in (-1, 1))
    units = (middle, *beside) if min(lengths, default=0) >= 3 else (middle,)
    request = slot.request
    question = EffectiveRequest(request.revision, request.slot, request.structure, layer, units)
    found = effective_field(question, slot, loaded, cancelled)
    if isinstance(found, Fault) or not found.box_area or not found.area:
        return None
    return found.box_area ** (1 / len(lengths)), found.area ** (1 / len(lengths))


def _middle(value: Tensor) -> Tensor:
    """The middle half of each spatial axis, away from the border that moves along."""
    for axis in range(2, value.ndim):
        length = value.shape[axis]
        value = value.narrow(axis, length // 4, length - 2 * (length // 4))
    return value
