"""Chooses the device that runs networks, its number format and the number of threads."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass

import torch
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class Device:
    """A device and the fastest number format on it that stays within tolerance of float32."""

    device: torch.device
    dtype: torch.dtype
    channels_last: bool
    threads: int

    @property
    def precision(self) -> str:
        """The format's name, such as float32."""
        return str(self.dtype).removeprefix("torch.")

    def synchronise(self) -> None:
        """Wait until the device has finished its queued work, so that times can be measured."""
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)
        elif self.device.type == "mps":
            torch.mps.synchronize()


TOLERANCE = 4e-3
"""Largest difference a shorter format may make, relative to the largest value: one grey level."""


def choose(name: str = "auto", threads: int | None = None) -> Device:
    """`auto` takes CUDA, then Apple's GPU, then the processor. Raises RuntimeError if it is absent.

    All cores go to torch unless `threads` or OMP_NUM_THREADS says otherwise.
    """
    if threads is not None:
        torch.set_num_threads(threads)
    elif "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(max(1, _cores()))
    device = torch.device(_automatic() if name == "auto" else name)
    torch.empty(1, device=device)
    dtype = _probe(device) if device.type == "cuda" else torch.float32
    # Apple's GPU gains nothing from channels_last; processors and CUDA do.
    return Device(device, dtype, device.type != "mps", torch.get_num_threads())


def usable() -> tuple[tuple[str, str], ...]:
    """(name, maker's name) of every device that torch can use here, the processor first."""
    found = [("cpu", platform.processor() or platform.machine())]
    if torch.cuda.is_available():
        count = torch.cuda.device_count()
        found += [(f"cuda:{n}", torch.cuda.get_device_name(n)) for n in range(count)]
    if torch.backends.mps.is_available():
        found.append(("mps", "Apple GPU"))
    return tuple(found)


def or_automatic(name: str) -> str:
    """The device of that name, or auto where it is gone since somebody chose it."""
    known = {"auto", "cuda", *(each for each, _ in usable())}
    return name if name in known else "auto"


def _automatic() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _cores() -> int:
    """Processors this process may use: fewer than the machine's in containers and job queues."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _probe(device: torch.device) -> torch.dtype:
    """The fastest of float32, bfloat16, float16 on a small convolution chain, if near enough."""
    source = torch.Generator(device).manual_seed(0)
    signal = torch.randn(1, 64, 128, 128, device=device, generator=source)
    weight = torch.randn(64, 64, 3, 3, device=device, generator=source) / 24
    timed: list[tuple[float, torch.dtype]] = []
    reference = _chain(signal, weight)
    for dtype in (torch.float32, torch.bfloat16, torch.float16):
        shaped = signal.to(dtype).contiguous(memory_format=torch.channels_last)
        kernel = weight.to(dtype).contiguous(memory_format=torch.channels_last)
        gap = (_chain(shaped, kernel).float() - reference).abs().max() / reference.abs().max()
        if float(gap) <= TOLERANCE:
            timed.append((_seconds(shaped, kernel, device), dtype))
    return min(timed, key=lambda each: each[0])[1]


def _chain(signal: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        for _ in range(4):
            signal = functional.relu(functional.conv2d(signal, weight, padding=1))
        return signal


def _seconds(signal: torch.Tensor, weight: torch.Tensor, device: torch.device) -> float:
    """The quickest of five, which is the one least disturbed."""
    best = float("inf")
    for _ in range(5):
        torch.cuda.synchronize(device)
        started = time.perf_counter()
        _chain(signal, weight)
        torch.cuda.synchronize(device)
        best = min(best, time.perf_counter() - started)
    return best
