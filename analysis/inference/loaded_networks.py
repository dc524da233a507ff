"""Networks with their weights in place: made once, calibrated to the image, the last few kept."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.facts import Facts
from analysis.inference.cuda_graph import Replay
from analysis.inference.cut_by_weights import newly_cutting
from analysis.inference.device import Device, release
from analysis.inference.not_finite import in_weights
from analysis.inference.protocol.runs import RunRequest
from analysis.inference.slot import Drawn, Loaded, Slot
from analysis.inference.watch import Watch
from analysis.network import Network, NodeError, Prefix, weights

NETWORKS_KEPT = 4


class LoadedNetworks:
    """The last few networks of this device by structure, weights and seed."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._networks: dict[Hashable, Loaded] = {}
        self._replays: dict[Hashable, Replay | None] = {}
        self._in_float32: set[Hashable] = set()

    def use_float32(self, slot: Slot) -> None:
        """Run the slot's network in float32 from now on: a shorter format changes it too much."""
        assert slot.loaded is not None
        self._in_float32.add(slot.loaded.key)
        self._networks.pop(slot.loaded.key, None)
        self._replays = {key: each for key, each in self._replays.items() if each is None}
        slot.loaded, slot.inputs, slot.drawn, slot.prefix = None, {}, Drawn(), Prefix()

    def load(self, slot: Slot, request: RunRequest, facts: Facts, watch: Watch) -> Loaded:
        """The request's network, made where it is new, as the slot's own.

        Raises Cancelled, checkpoint.WeightsError and NodeError.
        """
        key: Hashable = (facts.graph.structure_hash, _identity(request.weights), request.seed)
        found = self._networks.pop(key, None)
        if found is None:
            found = self._built(key, request, facts, watch)
        if _uncalibrated(found):
            # New weights are calibrated to the image, so they are another network for another.
            calibrated = (*key, slot.scene)  # type: ignore[misc]
            self._networks[key] = found
            again = self._networks.pop(calibrated, None)
            found = again or self._built(calibrated, request, facts, watch)
            if not found.calibrated:
                self._calibrate(found, slot, watch)
        self._networks[found.key] = found
        while len(self._networks) > NETWORKS_KEPT:
            self._networks.pop(next(iter(self._networks)))
        if slot.loaded is not found:
            slot.loaded, slot.inputs = found, {}
        return found

    def _built(self, key: Hashable, request: RunRequest, facts: Facts, watch: Watch) -> Loaded:
        graph = facts.graph
        old, report = None, None
        if request.weights:
            old, report = weights.fitted(request.weights, facts)
            report = replace(report, cuts=newly_cutting(facts, old))
        each = watch.raising("weights", len(graph.nodes))
        tensors, untrained = weights.for_graph(graph, facts, request.seed, old, each)
        edges = {skip.name: (skip.join, skip.port) for skip in facts.skips}
        dtype = torch.float32 if key in self._in_float32 else self._device.dtype
        network = Network(
            graph,
            tensors,
            edges.values(),
            device=self._device.device,
            dtype=dtype,
            channels_last=self._device.channels_last,
        )
        bad, exact = in_weights(network), tensors if dtype != torch.float32 else None
        return Loaded(key, network, facts, untrained, edges, report, bad, exact)

    def _calibrate(self, loaded: Loaded, slot: Slot, watch: Watch) -> None:
        clean = {node: as_tensor(loaded, each) for node, each in slot.clean.items()}
        cancelled = watch.counting("statistics", len(loaded.facts.graph.nodes))
        part = tuple(loaded.facts.shapes) if loaded.facts.stopped_by else None
        loaded.network.calibrate(clean, loaded.untrained, cancelled, part)
        loaded.calibrated = True

    def let_go(self) -> bool:
        """Give back what captured runs hold, which are captured anew; whether there were any."""
        held = any(self._replays.values())
        self._replays = {key: each for key, each in self._replays.items() if each is None}
        if held:
            release()
        return held

    def replay(self, slot: Slot, loaded: Loaded, wanted: frozenset[str]) -> Replay | None:
        """The captured network on CUDA; None elsewhere, and where it cannot be captured."""
        if self._device.device.type != "cuda":
            return None
        key = (loaded.key, wanted, tuple((n, t.shape) for n, t in slot.inputs.items()))
        is_known, known = key in self._replays, self._replays.pop(key, None)
        if known is not None and known.network is not loaded.network:
            is_known, known = False, None  # the network was made anew; those weights are gone
        if not is_known:
            if len(self._replays) >= NETWORKS_KEPT:
                self._replays.pop(next(iter(self._replays)))
            try:
                known = Replay(loaded.network, slot.inputs, wanted)
            except (RuntimeError, NodeError):
                known = None
        self._replays[key] = known
        return known


def as_tensor(loaded: Loaded, values: NDArray[np.float32]) -> Tensor:
    """(C, *spatial) as a batch of one on the network's device, (1, C, *spatial)."""
    return loaded.network.place(torch.from_numpy(values)[None])


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
        "running_mean" in loaded.network.parameters_of(node) for node in loaded.untrained
    )
