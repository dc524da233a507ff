"""The engine: owns torch, the device and the networks, and turns a request into a frame.

The same class serves the window from a process of its own and the command line and tests in
theirs. For every slot it keeps what still holds: the decoded image, outputs that feed joins,
thumbnails; a moved gate then runs only what lies behind it.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Collection, Hashable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.facts import Facts, analyse
from analysis.faults import Fault
from analysis.graph import Graph
from analysis.inference import device as devices
from analysis.inference.colormaps import Ramp
from analysis.inference.cuda_graph import Replay
from analysis.inference.effective import effective_of, measure, needed_bytes
from analysis.inference.image import (
    add_noise,
    lay_on_network,
    picture,
    plane_of,
    psnr,
    to_channels,
)
from analysis.inference.image_file.decoding import read_image, reduction
from analysis.inference.image_file.formats import ImageError
from analysis.inference.layer_numbers import layer_numbers
from analysis.inference.memory import available_bytes, estimate_bytes
from analysis.inference.not_finite import in_layers, in_weights, what_of
from analysis.inference.output_split import split
from analysis.inference.painter import Painter, output_picture
from analysis.inference.protocol.effective_field import Effective, EffectiveRequest
from analysis.inference.protocol.engine import Answer, EngineFailure, EngineReady, Request
from analysis.inference.protocol.images import Decoded, ImageFacts, ImageSource
from analysis.inference.protocol.layer_numbers import LayerNumbers, LayerNumbersRequest
from analysis.inference.protocol.runs import Frame, NotFinite, RunRequest
from analysis.inference.protocol.shares import Shares, SharesRequest
from analysis.inference.share_pictures import shares_of
from analysis.inference.slot import Loaded, Slot, as_input, gates_of
from analysis.network import Cancelled, Network, NodeError, weights
from analysis.network.checkpoint import WeightsError

Cancel = Callable[[], bool]
NETWORKS_KEPT = 4
IMAGES_KEPT = 3
LARGE_IMAGE = 64 << 20


class EngineError(Exception):
    """A request that has no answer, for the reason in `fault`."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.code}: {fault.numbers}")
        self.fault = fault


class Engine:
    """Runs networks. `device` is auto, cpu, cuda, cuda:N or mps."""

    def __init__(self, device: str = "auto", threads: int | None = None) -> None:
        self.device = devices.choose(device, threads)
        self.ready = EngineReady(
            str(self.device.device),
            self.device.threads,
            self.device.precision,
            str(torch.__version__),
        )
        self._slots: dict[str, Slot] = {}
        self._networks: dict[Hashable, Loaded] = {}
        self._images: dict[Hashable, Decoded] = {}
        self._ramps: dict[bytes, Tensor] = {}
        self._replays: dict[Hashable, Replay | None] = {}

    # ------------------------------------------------------------------ answering
    def answer(self, request: Request, cancelled: Cancel | None = None) -> Answer | None:
        """The answer to any request; what goes wrong is an EngineFailure, a cancelled one None."""
        try:
            if isinstance(request, RunRequest):
                return self.run(request, cancelled)
            if isinstance(request, EffectiveRequest):
                return self.effective(request, cancelled)
            if isinstance(request, LayerNumbersRequest):
                return self.numbers(request, cancelled)
            return self.shares(request, cancelled)
        except Cancelled:
            return None
        except (EngineError, ImageError, WeightsError) as error:
            return self._failure(request, error.fault)
        except NodeError as error:
            return self._failure(request, _fault_of(error))
        except MemoryError:
            return self._failure(request, Fault("out-of-memory", (0, available_bytes() or 0)))
        except Exception as error:  # noqa: BLE001 - the engine lives on, whatever went wrong
            return self._failure(request, Fault("engine-error", (type(error).__name__,)))

    def _failure(self, request: Request, fault: Fault) -> EngineFailure:
        asked = None if isinstance(request, RunRequest) else request
        return EngineFailure(
            fault, traceback.format_exc(), request.revision, request.slot, request.structure, asked
        )

    def run(self, request: RunRequest, cancelled: Cancel | None = None) -> Frame:
        """Run the network and draw what was asked for.

        Raises Cancelled, ImageError, WeightsError, EngineError and network.NodeError.
        """
        started = time.perf_counter()
        graph, image = request.graph, request.image
        if graph is None or image is None:
            raise EngineError(Fault("engine-error", ("request without a graph or an image",)))
        facts = analyse(graph)
        self._check(graph, facts)
        slot = self._slots.setdefault(request.slot, Slot(request))
        slot.request = request
        self._show_image(slot, graph, facts, image)
        loaded = self._load(slot, request, graph, facts)
        self._add_noise(slot, request)
        forward, computed = self._forward(slot, loaded, request, cancelled)
        return self._frame(slot, loaded, request, (started, forward), computed)

    def _check(self, graph: Graph, facts: Facts) -> None:
        """Refuse what cannot run before anything is allocated."""
        if not graph.inputs:
            raise EngineError(Fault("graph-cannot-run", ("", "no-input")))
        for node_id in graph.ancestors(graph.output.id):
            fault = facts.layers[node_id].fault
            if fault is not None:
                raise EngineError(Fault("graph-cannot-run", (node_id, fault.code)))
        if facts.layers[graph.output.id].shape is None:
            raise EngineError(Fault("graph-cannot-run", (graph.output.id, "unknown-shape")))
        needed, available = estimate_bytes(facts), self._available()
        if available is not None and needed > available:
            raise EngineError(Fault("out-of-memory", (needed, available)))

    # ------------------------------------------------------------------ image and noise
    def _show_image(self, slot: Slot, graph: Graph, facts: Facts, image: ImageSource) -> None:
        shapes = {node.id: facts.layers[node.id].shape or () for node in graph.inputs}
        key = (image.hash, image.reading, tuple(shapes.items()))
        if slot.picture_key == key:
            return
        first = next(iter(shapes.values()))
        planes = [plane_of(shape) for shape in shapes.values()]
        wanted = (max(plane[0] for plane in planes), max(plane[1] for plane in planes))
        decoded = self._decoded(image, wanted)
        fitted, fit = lay_on_network(decoded.pixels, plane_of(first))
        slot.image = decoded.facts if image.pixels is None else None
        by = decoded.facts.reduction
        slot.fit = replace(fit, original=decoded.facts.size, scale=fit.scale / by)
        slot.clean = {node: as_input(decoded.pixels, shape) for node, shape in shapes.items()}
        slot.clean_picture = picture(to_channels(fitted, 3 if first[0] >= 3 else 1))
        slot.picture_key = key

    def _decoded(self, image: ImageSource, wanted: tuple[int, int]) -> Decoded:
        """The image decoded for an input of `wanted` pixels. Large ones are not kept."""
        if image.pixels is not None:
            return Decoded(image.pixels, ImageFacts(image.pixels.shape[:2]))
        for known in (image.decoded, self._images.get((image.hash, image.reading))):
            if known is not None and reduction(known.facts.size, wanted) == known.facts.reduction:
                return known
        if image.path is None:
            raise ImageError(Fault("image-missing", ("",)))
        found = read_image(image.path, image.reading, wanted)
        if found.pixels.nbytes <= LARGE_IMAGE:
            while len(self._images) >= IMAGES_KEPT:
                self._images.pop(next(iter(self._images)))
            self._images[image.hash, image.reading] = found
        return found

    def _add_noise(self, slot: Slot, request: RunRequest) -> None:
        key = (slot.picture_key, request.noise)
        if slot.noisy_key == key:
            return
        slot.noisy = {node: add_noise(clean, request.noise) for node, clean in slot.clean.items()}
        clean, noisy = next(iter(slot.clean.values())), next(iter(slot.noisy.values()))
        slot.psnr_in = psnr(noisy, clean)
        slot.noisy_picture = slot.clean_picture
        if noisy is not clean and noisy.ndim == 3:
            slot.noisy_picture = picture(noisy[:3] if len(noisy) >= 3 else noisy[:1])
        slot.inputs = {}
        slot.noisy_key = key

    # ------------------------------------------------------------------ networks
    def _load(self, slot: Slot, request: RunRequest, graph: Graph, facts: Facts) -> Loaded:
        source = _identity(request.weights)
        key: Hashable = (graph.structure_hash, source, request.seed)
        found = self._networks.pop(key, None)
        if found is None:
            found = self._built(key, request, graph, facts)
        if _uncalibrated(found):
            # New weights are calibrated to the image, so they are another network for another.
            calibrated = (*key, slot.picture_key)  # type: ignore[misc]
            self._networks[key] = found
            again = self._networks.pop(calibrated, None)
            found = again or self._built(calibrated, request, graph, facts)
            if not found.calibrated:
                clean = {node: self._tensor(found, each) for node, each in slot.clean.items()}
                found.network.calibrate(clean, found.untrained)
                found.calibrated = True
        self._networks[found.key] = found
        while len(self._networks) > NETWORKS_KEPT:
            self._networks.pop(next(iter(self._networks)))
        if slot.loaded is not found:
            slot.loaded, slot.inputs = found, {}
        return found

    def _built(self, key: Hashable, request: RunRequest, graph: Graph, facts: Facts) -> Loaded:
        old, report = None, None
        if request.weights:
            old, report = weights.fitted(request.weights, graph, facts)
        tensors, untrained = weights.for_graph(graph, facts, request.seed, old)
        edges = {skip.name: (skip.join, skip.port) for skip in facts.skips}
        network = Network(
            graph,
            tensors,
            edges.values(),
            device=self.device.device,
            dtype=self.device.dtype,
            channels_last=self.device.channels_last,
        )
        bad = in_weights(graph, network.tensors)
        return Loaded(key, network, facts, untrained, edges, report, bad)

    def _tensor(self, loaded: Loaded, values: NDArray[np.float32]) -> Tensor:
        return loaded.network.place(torch.from_numpy(values)[None])

    # ------------------------------------------------------------------ running and drawing
    def _forward(
        self, slot: Slot, loaded: Loaded, request: RunRequest, cancelled: Cancel | None
    ) -> tuple[float, int]:
        """Run what is stale; seconds in layers (without drawing) and how many layers ran."""
        network = loaded.network
        if not slot.inputs:
            slot.inputs = {node: self._tensor(loaded, each) for node, each in slot.noisy.items()}
        stale = network.renew(slot.prefix, (loaded.key, slot.noisy_key), gates_of(request, loaded))
        painter = Painter(slot, request, self._ramp(request.ramp), loaded)
        painter.forget(stale)
        wanted = painter.wanted()
        computed = network.count(wanted, slot.prefix)
        begun = time.perf_counter()
        gates = gates_of(request, loaded)
        with torch.inference_mode():
            replay = self._replay(slot, loaded, painter.all_wanted()) if wanted else None
            if replay is not None and (request.off == "zero" or not gates.alpha):
                for node, value in replay(slot.inputs, gates).items():
                    painter.visit(node, value)
            else:
                network.run(
                    slot.inputs,
                    gates=gates,
                    wanted=wanted,
                    visit=painter.visit,
                    cancelled=cancelled,
                    prefix=slot.prefix,
                )
        self.device.synchronise()
        return time.perf_counter() - begun - painter.seconds, computed

    def _replay(self, slot: Slot, loaded: Loaded, wanted: frozenset[str]) -> Replay | None:
        """The captured network on CUDA; None elsewhere, and where it cannot be captured."""
        if self.device.device.type != "cuda":
            return None
        key = (loaded.key, wanted, tuple((n, t.shape) for n, t in slot.inputs.items()))
        if key not in self._replays:
            if len(self._replays) >= NETWORKS_KEPT:
                self._replays.pop(next(iter(self._replays)))
            try:
                self._replays[key] = Replay(loaded.network, slot.inputs, wanted)
            except (RuntimeError, NodeError):
                self._replays[key] = None
        return self._replays[key]

    def _ramp(self, ramp: Ramp) -> Tensor:
        key = ramp.tobytes()
        if key not in self._ramps:
            self._ramps[key] = torch.from_numpy(ramp.copy()).to(self.device.device)
        return self._ramps[key]

    def _frame(
        self,
        slot: Slot,
        loaded: Loaded,
        request: RunRequest,
        times: tuple[float, float],
        computed: int,
    ) -> Frame:
        drawn = slot.drawn
        assert drawn.output is not None
        assert slot.fit is not None
        assert slot.clean_picture is not None
        assert slot.noisy_picture is not None
        output = drawn.output[1]
        image, kind, span = output_picture(output, bool(loaded.untrained), request.ramp)
        clean = next(iter(slot.clean.values()))
        after = output[0].numpy() if output.shape[1:] == clean.shape else None
        return Frame(
            revision=request.revision,
            slot=request.slot,
            structure=request.structure,
            image_hash=request.image.hash if request.image else "",
            fit=slot.fit,
            clean=slot.clean_picture,
            input_image=slot.noisy_picture,
            output_image=image,
            output_kind=kind,
            output_range=span,
            thumbnails={node: drawn.thumbnails[node][1] for node in request.taps},
            mosaic=drawn.mosaic[1] if drawn.mosaic and request.selected else None,
            psnr_in=slot.psnr_in,
            psnr_out=psnr(after, clean) if after is not None else None,
            untrained=loaded.untrained,
            computed=computed,
            forward_ms=times[1] * 1e3,
            total_ms=(time.perf_counter() - times[0]) * 1e3,
            device=str(self.device.device),
            precision=self.device.precision,
            image=slot.image,
            weights=loaded.report,
            not_finite=self._not_finite(slot, loaded, output),
        )

    def _not_finite(self, slot: Slot, loaded: Loaded, output: Tensor) -> NotFinite | None:
        """Where this run's output, or else the weights, are no numbers."""
        if slot.looked_at is not output:
            slot.looked_at = output
            slot.not_finite = loaded.bad_weights
            if what_of(output):
                with torch.inference_mode():
                    found = in_layers(loaded.network, slot.inputs, gates_of(slot.request, loaded))
                bad = loaded.bad_weights
                of_weights = found is not None and bad is not None and bad.node == found.node
                slot.not_finite = replace(found, of_weights=of_weights) if found else None
        return slot.not_finite

    def _check_numbers(self, slot: Slot, loaded: Loaded, layer: str) -> None:
        """Raises EngineError where this layer's values are no numbers."""
        found = slot.not_finite
        if found is not None and found.node in {*loaded.network.graph.ancestors(layer), layer}:
            raise EngineError(found.fault)

    def values(self, slot: str, nodes: Collection[str]) -> dict[str, NDArray[np.float32]]:
        """The outputs of these nodes, without batch, for the slot's last run."""
        held = self._slots[slot]
        assert held.loaded is not None
        gates = gates_of(held.request, held.loaded)
        with torch.inference_mode():
            run = held.loaded.network.run(held.inputs, gates=gates, wanted=nodes)
        return {node: value[0].float().cpu().numpy() for node, value in run.items()}

    # ------------------------------------------------------------------ shares
    def shares(self, request: SharesRequest, cancelled: Cancel | None = None) -> Shares:
        """The split of the slot's last output. Raises Cancelled where it is no longer that one."""
        slot = self._slots.get(request.slot)
        if slot is None or slot.loaded is None or slot.request.revision != request.revision:
            raise Cancelled
        loaded = slot.loaded
        self._check_numbers(slot, loaded, loaded.network.graph.output.id)
        long = [skip for skip in loaded.facts.skips if skip.kind == "long"]
        edges = [loaded.edges[skip.name] for skip in long]
        gates = gates_of(slot.request, loaded)
        try:
            found = split(
                loaded.network,
                slot.inputs,
                edges,
                gates=gates,
                cancelled=cancelled,
                prefix=slot.prefix,
            )
        except ValueError as error:
            raise EngineError(Fault("no-skips")) from error
        return shares_of(request, found, [skip.name for skip in long])

    # ------------------------------------------------------------------ effective fields
    def effective(self, request: EffectiveRequest, cancelled: Cancel | None = None) -> Effective:
        """The effective field in the slot's last run.

        Raises Cancelled where a newer run has taken its place, EngineError where it has none.
        """
        slot, loaded = self._asked_about(request)
        facts = loaded.facts
        _check_units(request, facts)
        self._check_numbers(slot, loaded, request.layer)
        needed, available = needed_bytes(facts, request.layer), self._available()
        if available is not None and needed > available:
            raise EngineError(Fault("out-of-memory", (needed, available)))
        gates = gates_of(slot.request, loaded)
        found = measure(loaded.network, facts, slot.inputs, request, gates, cancelled)
        return effective_of(request, facts, found)

    def _asked_about(self, request: EffectiveRequest | LayerNumbersRequest) -> tuple[Slot, Loaded]:
        """The slot whose last run is this revision. Raises as `effective` does."""
        slot = self._slots.get(request.slot)
        if slot is not None and slot.request.revision > request.revision:
            raise Cancelled
        if slot is None or slot.loaded is None or slot.request.revision != request.revision:
            raise EngineError(Fault("engine-error", ("no run of this revision",)))
        return slot, slot.loaded

    # ------------------------------------------------------------------ a layer's numbers
    def numbers(
        self, request: LayerNumbersRequest, cancelled: Cancel | None = None
    ) -> LayerNumbers:
        """The numbers around one unit of a layer in the slot's last run; raises as `effective`."""
        slot, loaded = self._asked_about(request)
        found = layer_numbers(request, slot, loaded, cancelled)
        if isinstance(found, Fault):
            raise EngineError(found)
        return found

    def _available(self) -> int | None:
        if self.device.device.type == "cuda":
            return int(torch.cuda.mem_get_info(self.device.device)[0])
        return available_bytes()


def _check_units(request: EffectiveRequest, facts: Facts) -> None:
    """Raises EngineError where the layer or the input has no map, or there is no such unit."""
    shape = facts.shapes.get(request.layer, ())
    for name in (request.layer, facts.graph.inputs[0].id):
        if len(facts.shapes.get(name, ())) < 2:
            raise EngineError(Fault("effective-no-map", (name,)))
    if len(shape) != len(facts.shapes[facts.graph.inputs[0].id]):
        raise EngineError(Fault("effective-no-map", (request.layer,)))
    channel = request.channel or 0
    for unit in request.units or ((),):
        inside = all(0 <= at < length for at, length in zip(unit, shape[1:], strict=False))
        if not inside or len(unit) != len(shape) - 1 or not 0 <= channel < shape[0]:
            raise EngineError(Fault("effective-no-unit", (request.layer, unit, shape[1:])))


def _identity(path: str | None) -> Hashable:
    """What changes when the file does."""
    if path is None:
        return None
    try:
        status = Path(path).stat()
    except OSError:
        return path
    return path, status.st_mtime_ns, status.st_size


def _uncalibrated(loaded: Loaded) -> bool:
    return not loaded.calibrated and any(
        f"{node}.running_mean" in loaded.network.tensors for node in loaded.untrained
    )


def _fault_of(error: NodeError) -> Fault:
    cause = error.__cause__
    if "memory" in str(cause).lower() or isinstance(cause, torch.OutOfMemoryError):
        return Fault("out-of-memory", (0, available_bytes() or 0))
    return Fault("graph-cannot-run", (error.node, type(cause).__name__))
