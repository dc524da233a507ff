"""Chooses the device that runs networks, its number format and the number of threads."""

from __future__ import annotations

import gc
import os
import platform
import time
from dataclasses import dataclass

import torch
from torch.nn import functional

from analysis.inference.protocol.engine import TOLERANCE


@dataclass(frozen=True, slots=True)
class Device:
    """A device and the number format that networks run in on it.

    `formats` are the names of those it can run, `automatic` says that the format was not asked
    for: a network that it changes by more than the tolerance then runs in float32.
    """

    device: torch.device
    dtype: torch.dtype
    channels_last: bool
    threads: int
    formats: tuple[str, ...] = ("float32",)
    automatic: bool = True

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


def choose(name: str = "auto", threads: int | None = None, precision: str = "auto") -> Device:
    """`auto` takes CUDA, then Apple's GPU, then the processor. Raises RuntimeError if it is absent.

    All cores go to torch unless `threads` or OMP_NUM_THREADS says otherwise. `precision` is auto
    (the fastest format within tolerance of float32) or a format; float32 where it does not run.
    """
    if threads is not None:
        torch.set_num_threads(threads)
    elif "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(max(1, _cores()))
    device = torch.device(_automatic() if name == "auto" else name)
    torch.empty(1, device=device)
    if device.type == "cuda":
        use_all_bits()
    known = formats(device)
    automatic = precision not in known
    if not automatic:
        dtype: torch.dtype = getattr(torch, precision)
    else:
        dtype = _probe(device) if device.type == "cuda" else torch.float32
    # Apple's GPU gains nothing from channels_last; processors and CUDA do.
    last = device.type != "mps"
    return Device(device, dtype, last, torch.get_num_threads(), known, automatic)


def use_all_bits() -> None:
    """Have float32 mean float32 on a GPU: torch lets convolutions round to TF32, of 10 bits."""
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False


def formats(device: torch.device) -> tuple[str, ...]:
    """The number formats that a U-Net's usual layers run in on this device, float32 first."""
    found = ["float32"]
    for dtype in (torch.bfloat16, torch.float16):
        try:
            _small_network(torch.zeros(1, 2, 8, 8, device=device, dtype=dtype))
        except (RuntimeError, TypeError):  # such as: not implemented for 'Half'
            continue
        found.append(str(dtype).removeprefix("torch."))
    return tuple(found)


def _small_network(signal: torch.Tensor) -> None:
    """A convolution, a pooling, both kinds of up-sampling and a normalisation."""
    weight = signal.new_zeros(2, 2, 2, 2)
    with torch.inference_mode():
        down = functional.max_pool2d(functional.conv2d(signal, weight, padding=1), 2)
        up = functional.conv_transpose2d(down, weight, stride=2)
        up = functional.interpolate(up, scale_factor=2.0, mode="bilinear")
        functional.batch_norm(up, signal.new_zeros(2), signal.new_ones(2)).sum().item()


def usable() -> tuple[tuple[str, str], ...]:
    """(name, maker's name) of every device that torch can use here, the processor first."""
    found = [("cpu", platform.processor() or platform.machine())]
    if torch.cuda.is_available():
        count = torch.cuda.device_count()
        found += [(f"cuda:{n}", torch.cuda.get_device_name(n)) for n in range(count)]
    if torch.backends.mps.is_available():
        found.append(("mps", "Apple GPU"))
    return tuple(found)


def release() -> None:
    """Give back the memory of networks that nothing holds any more."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


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
