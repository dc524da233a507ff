"""The device and the processes of `fieldglass train`."""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import TYPE_CHECKING

from analysis.faults import Fault
from viewer.command_line.shared.refusal import Refusal

if TYPE_CHECKING:
    from analysis.training.machine.machine import Machine

KNOWN = r"auto|cpu|cuda(:\d{1,4})?"


def machine_of(device: str, until: ExitStack) -> Machine:
    """The machine of `--device`, joined with the processes of torchrun. Raises Refusal."""
    if not re.fullmatch(KNOWN, device):
        raise Refusal(f"--device is {device}; train runs on auto, cpu, cuda and cuda:N.")
    from analysis.training.machine.opening import opened

    try:
        return until.enter_context(opened(device))
    except RuntimeError as error:
        raise Refusal(Fault("device-missing", (device,))) from error
