"""Answers what somebody asks of a training beside its steps: weights, codes, sizes, skips."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from analysis.network import weights
from analysis.network.over_traced import record_beside
from analysis.training.batch_noise import measure
from analysis.training.process.codes import Codes
from analysis.training.process.findings import SizeSeen, SizesSeen
from analysis.training.process.messages import (
    Answer,
    CodesOrder,
    PairOrder,
    SizesOrder,
    Start,
    TwinWeights,
    WeightsOrder,
    WorthOrder,
)
from analysis.training.process.worth import worth_seen
from analysis.training.run import TrainingRun
from analysis.training.twins import with_size

Question = WeightsOrder | CodesOrder | PairOrder | SizesOrder | WorthOrder


class Questions:
    """Of one training; nothing of it is changed. `clock` counts seconds."""

    def __init__(self, start: Start, training: TrainingRun, clock: Callable[[], float]) -> None:
        self._start = start
        self._training = training
        self._clock = clock
        self._codes: Codes | None = None

    def answer(self, asked: Question) -> Answer | None:
        """What it comes to; None of a twin that there is not, or that has nothing to tell.

        Raises NodeError.
        """
        match asked:
            case WeightsOrder():
                return self._weights(asked)
            case CodesOrder() | PairOrder():
                return self._of_codes(asked)
            case SizesOrder():
                return self._sizes(asked)
            case WorthOrder():
                return worth_seen(self._training, asked.run)

    def _weights(self, order: WeightsOrder) -> TwinWeights | None:
        trainer = self._training.trainers.get(order.twin)
        if trainer is None:
            return None
        trainer.calibrate(self._training.source)
        inputs = self._start.graph.inputs
        size = next(iter(inputs)).operator.size  # type: ignore[attr-defined]
        graph = with_size(trainer.twin.graph, size)
        own = self._start.fixed
        beside, metadata = record_beside(None if own is None else Path(own))
        content = weights.serialised({**trainer.network.tensors, **beside}, metadata)
        return TwinWeights(
            order.run, order.twin, trainer.learnt, graph, trainer.twin.blueprint, content,
            order.number,
        )  # fmt: skip

    def _of_codes(self, order: CodesOrder | PairOrder) -> Answer | None:
        if self._codes is None:
            self._codes = Codes(self._training)
        of = self._codes
        return of.told(order) if isinstance(order, CodesOrder) else of.pair(order)

    def _sizes(self, order: SizesOrder) -> SizesSeen | None:
        trainer = self._training.trainers.get(order.twin)
        if trainer is None:
            return None
        sizes = measure(trainer, self._training.source, self._clock)
        told = tuple(SizeSeen(**vars(each)) for each in sizes)
        return SizesSeen(order.run, trainer.learnt, order.twin, told)
