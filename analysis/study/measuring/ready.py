"""What a worker says once it has run its first image."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.storage.weights_report import WeightsReport


@dataclass(frozen=True)
class WorkerReady:
    """On which device it runs, what became of the weights, and what outputs are worth.

    `devices` are the GPUs that the machine has, `f` is the name of what outputs are worth and what
    they are held against.
    """

    device: str
    devices: tuple[str, ...]
    untrained: int
    report: WeightsReport | None
    f: tuple[str, str]
