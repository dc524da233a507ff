"""Measures images with one engine, one after the other, and hands them back as shards."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from analysis.faults import Fault
from analysis.inference.engine import Engine
from analysis.inference.failures import fault_of
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.runs import Frame, RunRequest
from analysis.study.columns import IMAGES, ROWS
from analysis.study.data_set import StudyImage
from analysis.study.measuring.fields import fields
from analysis.study.measuring.layers import layers
from analysis.study.measuring.ready import WorkerReady
from analysis.study.measuring.skips import measures, scores, target_fault
from analysis.study.plan import StudyPlan
from analysis.study.reducers.moments import Moments
from analysis.study.reducers.summary import Summary
from analysis.study.shard import Shard

SLOT = "study"


class StudyWorker:
    """One engine with the plan's network, calibrated on the plan's first image."""

    def __init__(self, plan: StudyPlan) -> None:
        self._plan = plan
        self._engine = Engine(plan.device, plan.threads)
        self._revision = 0
        self._f: tuple[str, str] = ("", "")

    def start(self) -> WorkerReady | Fault:
        """Run the first image, which every worker does first, so that all have one network."""
        frame = self._run(self._plan.first)
        if isinstance(frame, Fault):
            return frame
        if frame.not_finite is None and target_fault(frame.target) is None:
            _, self._f, _ = measures(self._engine, self._request(self._plan.first))
        ready = self._engine.ready
        gpus = tuple(name for name, _ in ready.devices if name.startswith("cuda"))
        return WorkerReady(ready.device, gpus, len(frame.untrained), frame.weights, self._f)

    def shard(
        self,
        images: Sequence[StudyImage],
        told: Callable[[], bool] = lambda: False,
    ) -> Shard:
        """Measure these images. `told` is asked after each; where it is true the rest is left."""
        started = time.perf_counter()
        found = Shard(f=self._f)
        for image in images:
            one = self._one(image)
            found = found.merged(one)
            if told():
                break
        return replace(found, seconds=time.perf_counter() - started)

    def _one(self, image: StudyImage) -> Shard:
        try:
            found = self._measured(image)
        except Exception as error:  # noqa: BLE001 - an image that fails is named, others go on
            found = fault_of(error, 0, self._engine.device.device)
        return Shard(skipped={image.name: found}, f=self._f) if isinstance(found, Fault) else found

    def _measured(self, image: StudyImage) -> Shard | Fault:
        frame = self._run(image)
        if isinstance(frame, Fault):
            return frame
        fault = target_fault(frame.target)
        if frame.not_finite is not None and frame.not_finite.of_output:
            fault = frame.not_finite.fault
        if fault is not None:
            return fault
        row, f, remarks = measures(self._engine, self._request(image))
        if self._f[0] and f != self._f:
            return Fault("study-other-target", (f[0], self._f[0]))
        slot, loaded = self._engine.held(SLOT)
        row |= scores(slot, loaded, frame.target)
        columns = tuple(row)
        values = np.array([[row[name] for name in columns]])
        moments = {ROWS + name: Moments.of(values[:, at]) for at, name in enumerate(columns)}
        summary = Summary(moments, sums={IMAGES: np.ones(())}, remarks=remarks)
        summary = summary.merged(layers(slot, loaded)).merged(fields(slot, loaded))
        return Shard((image.name,), (image.identity,), columns, values, summary, f=f)

    def _run(self, image: StudyImage) -> Frame | Fault:
        self._revision += 1
        answer = self._engine.answer(self._request(image))
        if isinstance(answer, EngineFailure):
            return answer.fault
        assert isinstance(answer, Frame)
        return answer

    def _request(self, image: StudyImage) -> RunRequest:
        plan = self._plan
        target = image.target
        return RunRequest(
            revision=self._revision,
            slot=SLOT,
            structure=plan.graph.structure_hash,
            graph=plan.graph,
            image=ImageSource(image.name, image.path, reading=plan.reading, stream=SLOT),
            target=None if target is None else ImageSource(target, target, reading=plan.reading),
            weights=plan.weights,
            seed=plan.seed,
            gates=plan.gates,
            off=plan.off,
        )
