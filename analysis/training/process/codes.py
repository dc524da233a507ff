"""Tells a window of a twin's codes: where they lie, what is between two, two pictures of one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.codes.autoencoder import Autoencoder
from analysis.codes.neighbours import nearest, walk
from analysis.codes.projection import principal
from analysis.codes.same_code import same_code
from analysis.facts.code_layer import code_layer
from analysis.training.code_report import CodeReport, Kept, code_reports
from analysis.training.process.findings import (
    CodePair,
    CodeSeen,
    CodesSeen,
    TwinCodes,
)
from analysis.training.process.messages import (
    CodesOrder,
    PairOrder,
)
from analysis.training.process.pictures import colours
from analysis.training.run import TrainingRun
from analysis.training.trainer import Trainer

NEIGHBOURS = 3
WAY = 7
"""Pictures on the way between two codes, both ends included."""


def is_coded(run: TrainingRun, trainer: Trainer) -> bool:
    """Whether it has a code, and pictures were kept to look at it."""
    return bool(run.data.tested) and code_layer(trainer.twin.facts) is not None


class Codes:
    """Answers about the codes of one training's twins; the pictures are read once."""

    def __init__(self, run: TrainingRun) -> None:
        self._run = run
        first = next(iter(run.trainers.values())).twin
        channels = first.facts.shapes[next(iter(first.graph.inputs)).id][0]
        self._kept = Kept.of(run.data, channels, run.recipe.patch)

    def told(self, order: CodesOrder) -> TwinCodes | None:
        """Where a twin's codes lie; None of one that has none."""
        trainer = self._coded(order.twin)
        if trainer is None:
            return None
        codes = Autoencoder(trainer.network, trainer.twin.facts).codes(self._kept.tested)
        shown = principal(codes)
        beside = [_beside(codes, own) for own in range(len(codes))]
        return TwinCodes(
            order.run, trainer.learnt, order.twin, shown.points.astype(np.float32), shown.shares,
            self._kept.groups, _painted(self._kept.tested), np.array(beside),
        )  # fmt: skip

    def pair(self, order: PairOrder) -> CodePair | None:
        """The way between two codes; None of a twin without a code, or of no such pictures."""
        trainer, tested = self._coded(order.twin), self._kept.tested
        if trainer is None or not all(0 <= at < len(tested) for at in (order.first, order.second)):
            return None
        autoencoder = Autoencoder(trainer.network, trainer.twin.facts)
        one, other = tested[order.first], tested[order.second]
        ends = autoencoder.codes(np.stack([one, other]))
        way = autoencoder.decoded(walk(ends[0], ends[1], WAY))
        same = same_code(autoencoder, one, other)
        return CodePair(
            order.run, trainer.learnt, order.twin, order.first, order.second, _painted(way),
            colours(same.picture), same.code_distance, same.picture_distance,
        )  # fmt: skip

    def _coded(self, twin: str) -> Trainer | None:
        trainer = self._run.trainers.get(twin)
        if trainer is None or not is_coded(self._run, trainer):
            return None
        trainer.calibrate(self._run.source)
        return trainer


def _beside(codes: NDArray[np.float32], own: int) -> list[int]:
    """The pictures with the nearest codes, without the picture itself."""
    near = [at for at, _ in nearest(codes, codes[own], NEIGHBOURS + 1) if at != own]
    return near[:NEIGHBOURS]


def _painted(pictures: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.stack([colours(each) for each in pictures])


def codes_seen(run: TrainingRun, number: int) -> CodesSeen | None:
    """Of every twin that has a code; None where none has, or no pictures were kept for it."""
    found = code_reports(run.trainers, run.data, run.recipe.patch)
    if not found:
        return None
    return CodesSeen(number, run.step, {name: _seen(each) for name, each in found.items()})


def _seen(report: CodeReport) -> CodeSeen:
    size = report.compression
    points = report.projection.points
    two = np.zeros((len(points), 2), np.float32)
    two[:, : points.shape[1]] = points[:, :2]
    return CodeSeen(
        two,
        report.classes,
        tuple(report.projection.shares[:2]),
        report.codes.shape[1],
        report.accuracy,
        size.raw_bytes,
        size.code_bytes,
        size.psnr,
        size.jpeg_bytes,
        report.layer,
        report.plain(),
        report.near_zero,
    )
