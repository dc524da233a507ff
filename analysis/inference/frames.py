"""Makes frames: runs a network's stale layers and draws the pictures that were requested."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from analysis.inference.colors.ramps import Ramp
from analysis.inference.device import Device
from analysis.inference.host_copies import HostCopies
from analysis.inference.image import psnr
from analysis.inference.loaded_networks import LoadedNetworks, as_tensor
from analysis.inference.not_finite import in_layers, what_of
from analysis.inference.painter import Painter, shown_output, strongest_channels
from analysis.inference.protocol.images import ImageFacts
from analysis.inference.protocol.runs import Frame, NotFinite, RunRequest
from analysis.inference.protocol.target import TargetScores
from analysis.inference.slot import Loaded, Slot, gates_of
from analysis.inference.target.comparison import MOST_VALUES
from analysis.inference.watch import Watch
from analysis.network.gates import Gates


@dataclass(frozen=True)
class Pass:
    """Measurements of a pass: seconds in layers, without drawing, and how many layers ran."""

    seconds: float
    computed: int


class FrameMaker:
    """Runs the stale layers of a slot's network on one device and draws what a request asks for."""

    def __init__(self, device: Device, networks: LoadedNetworks) -> None:
        self._device = device
        self._networks = networks
        self._copies = HostCopies(device.device)
        self._ramps: dict[bytes, Tensor] = {}

    def run_stale(self, slot: Slot, loaded: Loaded, request: RunRequest, watch: Watch) -> Pass:
        """Run the layers whose outputs no longer hold and draw them into the slot.

        Raises Cancelled and NodeError.
        """
        network = loaded.network
        if not slot.inputs:
            slot.inputs = {node: as_tensor(loaded, each) for node, each in slot.noisy.items()}
        gates = gates_of(request, loaded)
        slot.prefix.kept = frozenset().union(
            *(network.feeding(node) for node in _turned(request, gates) if node in network.graph)
        )
        stale = network.renew(slot.prefix, (loaded.key, slot.noisy_key), gates)
        painter = Painter(slot, request, self._ramp(request.ramp), loaded, self._copies)
        painter.forget(stale)
        wanted = painter.wanted()
        computed = network.count(wanted, slot.prefix)
        begun = time.perf_counter()
        with torch.inference_mode():
            replay = None
            if wanted and not gates.channels and (request.off == "zero" or not gates.alpha):
                replay = self._networks.replay(slot, loaded, painter.all_wanted())
            if replay is not None:
                for node, value in replay(slot.inputs, gates).items():
                    painter.visit(node, value)
            else:
                network.run(
                    slot.inputs,
                    gates=gates,
                    wanted=wanted,
                    visit=painter.visit,
                    cancelled=watch.counting("layers", computed),
                    prefix=slot.prefix,
                )
            painter.finish()
        self._device.synchronise()
        return Pass(time.perf_counter() - begun - painter.seconds, computed)

    def _ramp(self, ramp: Ramp) -> Tensor:
        key = ramp.tobytes()
        if key not in self._ramps:
            self._ramps[key] = torch.from_numpy(ramp.copy()).to(self._device.device)
        return self._ramps[key]


def _turned(request: RunRequest, gates: Gates) -> set[str]:
    """The layers whose channels are scaled, or may be next: those that are looked at."""
    return {*gates.channels, *(node for node, _ in request.raw)}


def frame_of(
    slot: Slot,
    loaded: Loaded,
    request: RunRequest,
    made: Pass,
    started: float,
    device: Device,
    gap: float | None = None,
) -> Frame:
    """What a pass has drawn, as the answer to `request`, which began at `started` (seconds).

    `gap` is how far the number format moves the output, relative to its largest value.
    """
    drawn = slot.drawn
    assert slot.fit is not None
    assert slot.clean_picture is not None
    assert slot.noisy_picture is not None
    output = drawn.output[1] if drawn.output is not None else None
    image, kind, span = shown_output(output, bool(loaded.untrained), request.ramp)
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
        classes=strongest_channels(output) if output is not None and kind == "classes" else None,
        thumbnails={node: drawn.thumbnails[node][1] for node in request.taps},
        mosaic=drawn.mosaic[1] if drawn.mosaic and request.selected else None,
        psnr_in=slot.psnr_in,
        psnr_out=against_image(slot, output) if output is not None else None,
        untrained=loaded.untrained,
        computed=made.computed,
        forward_ms=made.seconds * 1e3,
        total_ms=(time.perf_counter() - started) * 1e3,
        device=str(device.device),
        precision=str(loaded.network.dtype).removeprefix("torch."),
        precision_gap=gap,
        memory=loaded.memory,
        image=slot.image,
        weights=loaded.report,
        weights_file=request.weights,
        not_finite=_not_finite(slot, loaded, output),
        raw=tuple(drawn.channels[key] for key in request.raw if key in drawn.channels),
        target=against_target(slot, loaded, request, output) if output is not None else None,
    )


def against_image(slot: Slot, output: Tensor) -> float | None:
    """PSNR of an output (1, C, *spatial) on the host against the image; None of another shape."""
    clean = next(iter(slot.before_noise.values()))
    return psnr(output[0].float().numpy(), clean) if output.shape[1:] == clean.shape else None


def against_target(
    slot: Slot, loaded: Loaded, request: RunRequest, output: Tensor
) -> TargetScores | None:
    """What an output (1, C, *spatial) is worth against the target; None where there is none."""
    if request.target is None or slot.fit is None or output.ndim < 3:
        return None
    image = slot.image or ImageFacts(slot.fit.original)
    values = output[0].float().cpu().numpy()
    most = values.size if request.thorough else MOST_VALUES
    given = next(iter(slot.noisy.values()), None)
    return slot.target.scores(request.target, image, slot.fit, loaded.facts, values, most, given)


def _not_finite(slot: Slot, loaded: Loaded, output: Tensor | None) -> NotFinite | None:
    """Where this run's output, or else the weights, are no numbers."""
    if output is None or slot.looked_at is not output:
        slot.looked_at = output
        slot.not_finite = loaded.bad_weights
        if output is not None and what_of(output):
            with torch.inference_mode():
                found = in_layers(loaded.network, slot.inputs, gates_of(slot.request, loaded))
            bad = loaded.bad_weights
            of_weights = found is not None and bad is not None and bad.node == found.node
            slot.not_finite = replace(found, of_weights=of_weights) if found else None
    return slot.not_finite
