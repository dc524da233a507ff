"""The engine: owns torch, the device and the networks, and turns a request into a frame.

The same class serves the window from a process of its own and the command line and tests in
theirs. For every slot it keeps what still holds: the decoded image, outputs that feed joins,
thumbnails; a moved gate then runs only what lies behind it.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Collection

import numpy as np
import torch
from numpy.typing import NDArray

from analysis.facts import Facts, analyse
from analysis.faults import Fault
from analysis.inference import device as devices
from analysis.inference.failures import EngineError, fault_of
from analysis.inference.frames import FrameMaker, frame_of
from analysis.inference.image_file.formats import ImageError
from analysis.inference.loaded_networks import LoadedNetworks
from analysis.inference.memory import estimate_bytes, free_bytes
from analysis.inference.one_image import of_one_image
from analysis.inference.precision import PrecisionCheck
from analysis.inference.protocol.engine import (
    TOLERANCE,
    Answer,
    EngineFailure,
    EngineReady,
    Request,
)
from analysis.inference.protocol.question import (
    FreeQuestion,
    Question,
    QuestionAboutTwo,
    Reply,
    named_function,
)
from analysis.inference.protocol.questions import kind_of
from analysis.inference.protocol.runs import Frame, RunRequest
from analysis.inference.slot import Loaded, Slot, gates_of
from analysis.inference.slot_images import SlotImages, show_noise
from analysis.inference.tiles.full_size import FullSize
from analysis.inference.watch import Cancel, ReportProgress, Watch
from analysis.network import Cancelled
from analysis.network.checkpoint import WeightsError


class Engine:
    """Runs networks. `device` is auto, cpu, cuda, cuda:N or mps, `precision` auto or a format.

    Raises RuntimeError (or AssertionError) where there is no such device.
    """

    def __init__(
        self, device: str = "auto", threads: int | None = None, precision: str = "auto"
    ) -> None:
        self.device = devices.choose(device, threads, precision)
        self.ready = EngineReady(
            str(self.device.device),
            self.device.threads,
            self.device.precision,
            devices.usable(),
            self.device.formats,
        )
        self._slots: dict[str, Slot] = {}
        self._images = SlotImages()
        self._networks = LoadedNetworks(self.device)
        self._frames = FrameMaker(self.device, self._networks)
        self._precision = PrecisionCheck(self.device)

    # ------------------------------------------------------------------ answering
    def answer(
        self,
        request: Request,
        cancelled: Cancel | None = None,
        report: ReportProgress | None = None,
    ) -> Answer | None:
        """The answer to any request; what goes wrong is an EngineFailure, a cancelled one None.

        `cancelled` is asked between two layers, `report` hears how far a run has come.
        """
        try:
            if isinstance(request, RunRequest):
                return self.run(request, cancelled, report)
            return self.reply(request, cancelled)
        except Cancelled:
            return None
        except (EngineError, ImageError, WeightsError) as error:
            return self._failure(request, error.fault)
        except Exception as error:  # noqa: BLE001 - the engine lives on, whatever went wrong
            estimate = self._estimate(request)
            return self._failure(request, fault_of(error, estimate, self.device.device))

    def _failure(self, request: Request, fault: Fault) -> EngineFailure:
        asked = request if isinstance(request, Question) else None
        return EngineFailure(
            fault, traceback.format_exc(), request.revision, request.slot, request.structure, asked
        )

    def _estimate(self, request: Request) -> int:
        """Bytes that the run was expected to need which a request asks for or about."""
        slot = self._slots.get(request.slot)
        if isinstance(request, RunRequest):
            return estimate_bytes(analyse(request.graph)) if request.graph is not None else 0
        return estimate_bytes(slot.loaded.facts) if slot and slot.loaded else 0

    def run(
        self,
        request: RunRequest,
        cancelled: Cancel | None = None,
        report: ReportProgress | None = None,
    ) -> Frame:
        """Run the network and draw what was asked for.

        Raises Cancelled, ImageError, WeightsError, EngineError and network.NodeError.
        """
        started = time.perf_counter()
        graph, image = request.graph, request.image
        if graph is None or image is None:
            raise EngineError(Fault("engine-error", ("request without a graph or an image",)))
        facts, watch = analyse(graph), Watch(cancelled, report)
        slot = self._slots.get(request.slot)
        loaded = slot.loaded if slot is not None else None
        same = loaded is not None and loaded.facts is facts
        self._check(facts, request.in_part)
        self._check_memory(sum(loaded.memory) if loaded and same else estimate_bytes(facts))
        slot = self._slots.setdefault(request.slot, Slot(request))
        slot.request = request
        self._images.show(slot, facts, image)
        loaded = self._networks.load(slot, request, facts, watch)
        show_noise(slot, request.noise, request.change)
        made = self._frames.run_stale(slot, loaded, request, watch)
        gap = self._precision.difference(slot, loaded)
        if gap is not None and not gap <= TOLERANCE and self.device.automatic:
            self._networks.use_float32(slot)
            loaded = self._networks.load(slot, request, facts, watch)
            made, gap = self._frames.run_stale(slot, loaded, request, watch), None
        return frame_of(slot, loaded, request, made, started, self.device, gap)

    @staticmethod
    def _check(facts: Facts, in_part: bool) -> None:
        """Refuse what cannot run; `in_part` lets run what no fault is before."""
        inputs = facts.graph.inputs
        if not inputs:
            raise EngineError(Fault("graph-cannot-run", ("", "no-input")))
        if not in_part or any(node.id not in facts.shapes for node in inputs):
            _check_output(facts)

    def _check_memory(self, needed: int) -> None:
        """Refuse what does not fit before anything is allocated."""
        available = free_bytes(self.device.device)
        if available is not None and needed > available and self._networks.let_go():
            available = free_bytes(self.device.device)
        if available is not None and needed > available:
            raise EngineError(Fault("out-of-memory", (needed, available)))

    def values(self, slot: str, nodes: Collection[str]) -> dict[str, NDArray[np.float32]]:
        """The outputs of these nodes, (C, *spatial) without batch, for the slot's last run."""
        held = self._slots[slot]
        assert held.loaded is not None
        gates = gates_of(held.request, held.loaded)
        with torch.inference_mode():
            run = held.loaded.network.run(held.inputs, gates=gates, wanted=nodes)
        shapes = held.loaded.facts.shapes
        alone = {node: of_one_image(value, shapes.get(node)) for node, value in run.items()}
        return {node: value[0].float().cpu().numpy() for node, value in alone.items()}

    def full_size(self, slot: str, side: int | None = None, layer: str | None = None) -> FullSize:
        """The tiled run of the slot's network on the whole of its picture, not begun yet.

        It gives the output, or the maps of another `layer`.

        Raises EngineError and ImageError.
        """
        held = self._slots[slot]
        assert held.loaded is not None
        return FullSize(held, held.loaded, side, layer)

    def held(self, slot: str) -> tuple[Slot, Loaded]:
        """The slot's last run and its network, for what is measured in the engine's own process.

        Raises LookupError where nothing has run in the slot.
        """
        found = self._slots[slot]
        if found.loaded is None:
            raise LookupError(slot)
        return found, found.loaded

    # ------------------------------------------------------------------ questions about a run
    def reply(self, question: Question, cancelled: Cancel | None = None) -> Reply:
        """The reply to a question about the slot's last run, or about no run.

        Raises Cancelled where a newer run has taken its place, and EngineError where there is no
        run or no reply; also network.NodeError.
        """
        kind = kind_of(question)
        answer = named_function(kind.answered_by)
        if isinstance(question, FreeQuestion):
            found = answer(question, cancelled)
        else:
            slot, loaded = self._asked_about(question)
            if kind.of_output:
                _check_output(loaded.facts)
            other: tuple[Slot | None, ...] = ()
            if isinstance(question, QuestionAboutTwo):
                other = (self._slots.get(question.beside),)
            found = answer(question, slot, loaded, cancelled, *other)
        if isinstance(found, Fault):
            raise EngineError(found)
        return found

    def _asked_about(self, question: Question) -> tuple[Slot, Loaded]:
        """The slot whose last run is of this revision. Raises as `reply` does."""
        slot = self._slots.get(question.slot)
        if slot is not None and slot.request.revision > question.revision:
            raise Cancelled
        if slot is None or slot.loaded is None or slot.request.revision != question.revision:
            raise EngineError(Fault("engine-error", ("no run of this revision",)))
        return slot, slot.loaded


def _check_output(facts: Facts) -> None:
    """Raises EngineError where a fault keeps the output from being computed."""
    for node_id in facts.stopped_by:
        fault = facts.layers[node_id].fault
        why = fault.code if fault is not None else "unknown-shape"
        raise EngineError(Fault("graph-cannot-run", (node_id, why)))
