"""The device and the processes of `fieldglass train`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from analysis.faults import Fault
from viewer.command_line.shared.refusal import Refusal

if TYPE_CHECKING:
    from analysis.training.machine.machine import Machine

KNOWN = r"auto|cpu|cuda(:\d+)?"


@contextmanager
def machine_of(device: str) -> Iterator[Machine]:
    """The machine of `--device`, joined with the other processes of torchrun. Raises Refusal.

    `auto` is CUDA where there is some, else the processor.
    """
    if not re.fullmatch(KNOWN, device):
        raise Refusal(f"--device is {device}; train runs on auto, cpu, cuda and cuda:N.")
    import torch

    from analysis.training.machine.group import group_of, own_device
    from analysis.training.machine.machine import Machine

    name = own_device(device)
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        torch.empty(1, device=name)
    except (RuntimeError, AssertionError) as error:
        raise Refusal(Fault("device-missing", (device,))) from error
    with group_of(torch.device(name)) as group:
        yield Machine(torch.device(name), group)
