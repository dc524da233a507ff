"""Measures how far a shorter number format moves the output from float32, on the picture shown."""

from __future__ import annotations

from collections.abc import Hashable

import torch

from analysis.inference.device import Device
from analysis.inference.slot import Loaded, Slot, gates_of
from analysis.network import Network

KEPT = 16


class PrecisionCheck:
    """Runs a network in float32 once for each picture and keeps the difference."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._found: dict[Hashable, float] = {}

    def difference(self, slot: Slot, loaded: Loaded) -> float | None:
        """max |y − y₃₂| / max |y₃₂| of the output shown; None of a network in float32.

        None as well of a network whose output a fault keeps from being computed.

        Of the picture and noise of the first frame since they were opened: it is not measured at
        every frame. Raises NodeError.
        """
        if loaded.network.dtype == torch.float32 or loaded.exact is None:
            return None
        if loaded.facts.stopped_by:
            return None
        key = (loaded.key, slot.picture_key)
        if key not in self._found:
            while len(self._found) >= KEPT:
                self._found.pop(next(iter(self._found)))
            self._found[key] = self._measured(slot, loaded)
        return self._found[key]

    def _measured(self, slot: Slot, loaded: Loaded) -> float:
        assert loaded.exact is not None
        network = Network(
            loaded.network.graph,
            loaded.exact,
            loaded.network.edges,
            device=self._device.device,
            channels_last=self._device.channels_last,
        )
        nodes = {n for n in loaded.untrained if "running_mean" in network.parameters_of(n)}
        if nodes:
            clean = {n: network.place(torch.from_numpy(v)[None]) for n, v in slot.clean.items()}
            network.calibrate(clean, nodes)
        given = {n: network.place(torch.from_numpy(v)[None]) for n, v in slot.noisy.items()}
        gates, output = gates_of(slot.request, loaded), network.graph.output.id
        with torch.inference_mode():
            right = network.run(given, gates=gates)[output].float()
            short = loaded.network.run(slot.inputs, gates=gates)[output].float()
        largest = float(right.abs().max())
        gap = float((short - right).abs().max())
        return gap / largest if largest > 0 else gap
