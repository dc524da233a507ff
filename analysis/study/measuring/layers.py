"""Measures every layer of a run: range, mean, part that is 0, and channels that are dead."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.inference.feature_maps.statistics import statistics
from analysis.inference.one_image import of_one_image
from analysis.inference.slot import Loaded, Slot, gates_of
from analysis.study.columns import CONSTANT, DEAD, LAYER
from analysis.study.reducers.extent import Extent
from analysis.study.reducers.moments import Moments
from analysis.study.reducers.summary import Summary


def layers(slot: Slot, loaded: Loaded) -> Summary:
    """Of every layer on the way to the output in the slot's last run. Raises NodeError.

    Dead channels are looked for behind activations, where a map has more than one unit.
    """
    graph, shapes = loaded.facts.graph, loaded.facts.shapes
    way = graph.ancestors(graph.output.id) | {graph.output.id}
    wanted = [node.id for node in graph.nodes if node.id in way and shapes.get(node.id)]
    moments: dict[str, Moments] = {}
    extents: dict[str, Extent] = {}
    sums: dict[str, NDArray[np.float64]] = {}

    def visit(name: str, value: Tensor) -> None:
        maps = of_one_image(value, shapes[name])[0]
        found = statistics(maps.reshape(len(maps), -1))
        row = [float(found.mean.mean()), float(found.zeros.mean())]
        moments[LAYER + name] = Moments.of(np.array([row]))
        low, high = (float(each) for each in (found.low.min(), found.high.max()))
        extents[LAYER + name] = Extent(np.array(low), np.array(high))
        if graph[name].operator.nonlinearity and maps.ndim > 1:
            flat, low_each = (found.low == found.high).cpu(), found.low.cpu()
            sums[DEAD + name] = (flat & (low_each == 0)).double().numpy()
            sums[CONSTANT + name] = (flat & (low_each != 0)).double().numpy()

    with torch.inference_mode():
        loaded.network.run(
            slot.inputs, gates=gates_of(slot.request, loaded), wanted=wanted, visit=visit
        )
    return Summary(moments, extents, sums)
