"""Plans a run: which nodes to compute for what is wanted, and what is free after each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from analysis.operators.contract import Operator

PLANS_KEPT = 64


@dataclass(frozen=True, slots=True)
class Step:
    """One node as it is run: its operator, what it reads, its tensors, and its gated ports."""

    id: str
    operator: Operator
    inputs: tuple[str, ...]
    tensors: dict[str, Tensor]
    gated: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in order, the ids that are free after each, and those taken as they are."""

    steps: tuple[Step, ...]
    frees: tuple[tuple[str, ...], ...]
    reused: tuple[str, ...]


class Planner:
    """Makes plans over all steps of a network, in topological order; the last ones are kept."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = tuple(steps)
        self._plans: dict[tuple[frozenset[str], frozenset[str]], Plan] = {}

    def plan(self, wanted: frozenset[str], ready: frozenset[str] = frozenset()) -> Plan:
        """What to run for the nodes `wanted` when the outputs of `ready` are there."""
        key = (wanted, ready)
        if key not in self._plans:
            if len(self._plans) > PLANS_KEPT:
                self._plans.clear()
            self._plans[key] = self._planned(wanted, ready)
        return self._plans[key]

    def _planned(self, wanted: frozenset[str], ready: frozenset[str]) -> Plan:
        needed = set(wanted)
        steps: list[Step] = []
        for step in reversed(self._steps):
            if step.id in needed and step.id not in ready:
                steps.append(step)
                needed.update(step.inputs)
        steps.reverse()
        last = {source: i for i, step in enumerate(steps) for source in step.inputs}
        frees: list[list[str]] = [[] for _ in steps]
        for source, i in last.items():
            frees[i].append(source)
        for i, step in enumerate(steps):
            if step.id not in last:
                frees[i].append(step.id)
        return Plan(
            tuple(steps),
            tuple(map(tuple, frees)),
            tuple(sorted(needed & ready)),
        )
