"""Where a training is computed: on which device, by which of the processes that share it."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from analysis.training.machine.group import ALONE, Group

CPU = torch.device("cpu")


@dataclass(frozen=True)
class Machine:
    """A device, and the group of processes of which this is one."""

    device: torch.device = CPU
    group: Group = ALONE


HERE = Machine()
