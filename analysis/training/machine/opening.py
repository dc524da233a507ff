"""Opens the machine that somebody asks for by a device's name, with torchrun's other processes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from analysis.inference.device import use_all_bits
from analysis.training.machine.group import asked_for, group_of
from analysis.training.machine.machine import Machine


@contextmanager
def opened(name: str) -> Iterator[Machine]:
    """The machine of a device, to the end of the training. Raises RuntimeError where it is absent.

    `auto` is CUDA where there is some, else the processor; of several processes with CUDA, each
    has a card of its own.
    """
    cards = torch.cuda.device_count()
    local = os.environ.get("LOCAL_RANK", "") if asked_for() else ""
    if name == "auto":
        name = "cuda" if cards else "cpu"
    if name == "cuda" and cards and local.isdigit():
        name = f"cuda:{int(local) % cards}"
    try:
        torch.empty(1, device=name)
    except AssertionError as error:  # torch was built without CUDA
        raise RuntimeError(str(error)) from error
    if torch.device(name).type == "cuda":
        use_all_bits()
    with group_of(torch.device(name)) as group:
        yield Machine(torch.device(name), group)
