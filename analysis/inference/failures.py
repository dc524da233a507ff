"""Converts exceptions of a run to faults with their numbers."""

from __future__ import annotations

import re

import torch

from analysis.faults import Fault
from analysis.inference.memory import free_bytes
from analysis.network import NodeError

_UNITS = {"bytes": 1, "b": 1}
_UNITS |= {name: 1 << 10 * power for power, name in enumerate(("kib", "mib", "gib", "tib"), 1)}
_UNITS |= {"kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40, "pib": 1 << 50}
_TRIED = re.compile(
    r"(?:tried|unable|failed) to allocate\s+([\d.]+)\s*([kmgtp]?i?b(?:ytes)?)\b",
    re.IGNORECASE,
)
"""How torch, numpy and CUDA say what they asked the system for."""
_FULL = ("out of memory", "allocate memory", "bad alloc", "bad_alloc", "unable to allocate")


class EngineError(Exception):
    """Raised for a request that cannot be answered; `fault` is the reason."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.code}: {fault.numbers}")
        self.fault = fault


def is_memory_error(error: BaseException | None) -> bool:
    """Whether an exception means that memory has run out; torch raises more than MemoryError."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError | OSError) and any(part in text for part in _FULL)


def tried_bytes(error: BaseException | None) -> int:
    """How many bytes were asked for in vain, 0 where the exception does not say."""
    found = _TRIED.search(str(error))
    if found is None:
        return 0
    return int(float(found[1]) * _UNITS[found[2].lower()])


_DEVICE = ("cuda error", "cudnn", "cublas", "cufft", "mps backend", "hip error", "xpu", "nvml")
"""How torch begins what a device itself says, in lower case; memory is told apart before."""
_MOST_SAID = 120


def device_fault(error: BaseException | None, device: torch.device | str) -> Fault | None:
    """The fault of an exception that the device itself raised: it is gone, or holds nothing more.

    After such an error nothing more can be asked of the device in this process.
    """
    kind = getattr(torch, "AcceleratorError", ())
    text = str(error).strip()
    said = isinstance(error, RuntimeError) and any(each in text.lower() for each in _DEVICE)
    if torch.device(device).type == "cpu" or not (isinstance(error, kind) or said):
        return None
    first = text.splitlines()[0][:_MOST_SAID].rstrip(".") if text else type(error).__name__
    return Fault("device-failed", (str(device), first))


def fault_of(error: Exception, estimate: int, device: torch.device | str) -> Fault:
    """The fault that an exception of a run stands for.

    `estimate` is what the run was expected to need, in bytes: the least that is said when memory
    runs out, for an allocator tells only of its last request.
    """
    cause = error.__cause__ if isinstance(error, NodeError) else error
    if is_memory_error(cause):
        needed = max(estimate, tried_bytes(cause))
        return Fault("out-of-memory", (needed, free_bytes(device) or 0))
    if (lost := device_fault(cause, device)) is not None:
        return lost
    if isinstance(error, NodeError):
        return Fault("graph-cannot-run", (error.node, type(cause).__name__))
    return Fault("engine-error", (type(error).__name__,))
