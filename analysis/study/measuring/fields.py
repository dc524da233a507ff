"""Measures the effective receptive field of the middle unit of every layer in a run.

Luo, Li, Urtasun, Zemel, "Understanding the Effective Receptive Field in Deep Convolutional Neural
Networks" (NeurIPS 2016): the gradient of a unit with respect to the input, averaged over images.
One forward pass serves all layers.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from analysis.faults import Fault
from analysis.inference.answers.effective_field import in_float32, input_gradient
from analysis.inference.memory import free_bytes
from analysis.inference.slot import Loaded, Slot, gates_of
from analysis.study.columns import FIELD, FIELDS, layers_with_field, middle_unit
from analysis.study.reducers.summary import Remark, Summary


def fields(slot: Slot, loaded: Loaded) -> Summary:
    """Of every layer that `layers_with_field` names, in the slot's last run. Raises NodeError.

    The unit is the sum of its channels. A remark says where memory for gradients is too small.
    """
    facts = loaded.facts
    wanted = layers_with_field(facts)
    if not wanted:
        return Summary()
    held = sum(layer.activation_bytes for layer in facts.layers.values())
    needed, free = 4 * facts.parameters + 3 * held, free_bytes(loaded.network.device)
    if free is not None and needed > free:
        return Summary(remarks={"effective": Remark(1, Fault("out-of-memory", (needed, free)))})
    network = in_float32(loaded.network)
    source = facts.graph.inputs[0].id
    given = {name: each.detach().float() for name, each in slot.inputs.items()}
    sums: dict[str, NDArray[np.float64]] = {FIELDS: np.ones(())}
    with torch.inference_mode(False), torch.enable_grad():
        image = given[source].clone().requires_grad_()
        given[source] = image
        ran = network.run(given, gates=gates_of(slot.request, loaded), wanted=wanted)
        for at, name in enumerate(wanted):
            unit = ran[name][0]
            for at_axis in reversed(middle_unit(facts, name)):
                unit = unit[..., at_axis]
            value = unit.sum()
            sums[FIELD + name] = input_gradient(value, image, at + 1 < len(wanted))
    return Summary(sums=sums)
