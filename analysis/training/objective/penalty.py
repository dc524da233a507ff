"""A penalty on the code of an auto-encoder, as a recipe names it, and whether a network has one.

Sparse codes by the absolute value, or by the Kullback–Leibler divergence of each unit's mean
activation from a target (Ng, "Sparse autoencoder", CS294A lecture notes, 2011); contractive: the
Jacobian of the code (Rifai, Vincent, Muller, Glorot, Bengio, ICML 2011); variational: the
divergence from a standard normal (Kingma, Welling, ICLR 2014). No torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.facts import Facts
from analysis.facts.code_layer import SAMPLE, code_layer
from analysis.faults import Fault
from analysis.operators import Sigmoid, Softmax

PENALTIES = ("none", "sparse_l1", "sparse_kl", "contractive", "variational")


@dataclass(frozen=True)
class Penalty:
    """What is added to the loss, times `weight`; without a `layer` it is put on the code.

    `target` is the mean activation that `sparse_kl` wants.
    """

    kind: str = "none"
    weight: float = 1e-3
    target: float = 0.05
    layer: str = ""


NO_PENALTY = Penalty()
USUAL: Mapping[str, float] = {
    "none": NO_PENALTY.weight,
    "sparse_l1": 3e-3,
    "sparse_kl": 1e-2,
    "contractive": 0.1,
    "variational": 1.0,
}
"""The weight that each kind begins with."""


def usual_penalty(kind: str) -> Penalty:
    """That kind with the weight that it begins with."""
    return Penalty(kind, USUAL[kind])


def penalised(penalty: Penalty, facts: Facts, twin: str) -> tuple[str, ...] | Fault:
    """The layers whose values the penalty reads: the code, or its means and log variances.

    `penalty-no-layer` (twin, layer) where there is no such layer or it has no values of its own,
    `penalty-no-code` (twin) without a code, `penalty-no-sample` (twin) where a variational one
    finds no sampling.
    """
    if penalty.kind == "none":
        return ()
    if penalty.kind == "variational":
        sampled = [node for node in facts.graph.nodes if node.operator.key == SAMPLE]
        if not sampled:
            return Fault("penalty-no-sample", (twin,))
        return tuple(sampled[0].inputs)
    layer = penalty.layer or code_layer(facts)
    if layer is None:
        return Fault("penalty-no-code", (twin,))
    if layer not in facts.shapes:
        return Fault("penalty-no-layer", (twin, layer))
    return (layer,)


def is_probability(facts: Facts, layer: str) -> bool:
    """Whether the layer's operator gives values in [0, 1] whatever it is given.

    It is asked of the operator and not of values: a batch could lie within by chance, and the
    penalty would mean something else for it.
    """
    return isinstance(facts.graph[layer].operator, Sigmoid | Softmax)
