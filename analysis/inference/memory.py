"""Estimates how much memory a run needs, and asks how much is available."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

    from analysis.facts import Facts

WORKSPACE = 1.5
"""Convolutions on a processor need room beside their input and output."""


def estimate_bytes(facts: Facts) -> int:
    """Bytes of one run in float32: weights, the most activations held at once, workspace."""
    return sum(estimate(facts))


def estimate(facts: Facts) -> tuple[int, int]:
    """The same as (bytes of the weights, bytes of the activations and the workspace).

    An activation lives until its last reader has run; those that feed joins are kept longer.
    """
    graph = facts.graph
    joins = {source for skip in facts.skips for source in graph[skip.join].inputs}
    last = {source: i for i, node in enumerate(graph.nodes) for source in node.inputs}
    live = peak = 0
    freed: dict[int, list[str]] = {}
    for source, i in last.items():
        freed.setdefault(i, []).append(source)
    for i, node in enumerate(graph.nodes):
        live += facts.layers[node.id].activation_bytes
        peak = max(peak, live)
        live -= sum(
            facts.layers[source].activation_bytes
            for source in freed.get(i, ())
            if source not in joins
        )
    return 4 * facts.parameters * 2, int(peak * WORKSPACE)


def free_bytes(device: torch.device | str) -> int | None:
    """Memory that can still be taken on a device, None where it cannot be asked."""
    import torch

    place = torch.device(device)
    if place.type == "cuda":
        # What torch keeps for its next tensors is free to it, whatever the driver says.
        kept = torch.cuda.memory_reserved(place) - torch.cuda.memory_allocated(place)
        return int(torch.cuda.mem_get_info(place)[0]) + kept
    return available_bytes()


def available_bytes() -> int | None:
    """Memory that this process can still take on this machine, None where it cannot be asked."""
    meminfo = Path("/proc/meminfo")
    if meminfo.exists():
        for line in meminfo.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                free = int(line.split()[1]) * 1024
                return min(free, _container_limit(), _process_limit())
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return _windows()


def _container_limit() -> int:
    """What the control group of this process leaves, a large number where it sets no limit."""
    folder = Path("/sys/fs/cgroup")
    try:
        limit = (folder / "memory.max").read_text().strip()
        used = int((folder / "memory.current").read_text())
        return max(0, int(limit) - used)
    except (OSError, ValueError):
        return 1 << 62


def _process_limit() -> int:
    """What this process's own limit on address space leaves, a large number where it has none."""
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return 1 << 62
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return max(0, limit - pages * resource.getpagesize())


def _windows() -> int | None:
    import ctypes

    library = getattr(ctypes, "windll", None)
    if library is None:
        return None

    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *(
                (name, ctypes.c_ulonglong)
                for name in ("total", "available", "c", "d", "e", "f", "g")
            ),
        )

    status = Status(length=ctypes.sizeof(Status))
    if not library.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        return None
    return int(status.available)
