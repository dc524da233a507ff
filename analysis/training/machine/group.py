"""Processes that train one recipe together: each computes its part of every batch.

`torchrun` starts them and tells each its rank. DistributedDataParallel adds their gradients up, so
that the weights are the same in all of them, and those of one process with the joint batch.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

Outputs = tuple[Tensor, ...]


@dataclass(frozen=True)
class Group:
    """`rank` of `count` processes; the first of them measures, writes and speaks."""

    rank: int = 0
    count: int = 1

    @property
    def speaks(self) -> bool:
        """Whether this process measures, writes and speaks for all."""
        return self.rank == 0

    def rows(self, images: int) -> range:
        """Which images of the joint batch this process computes.

        Every so many-th, so that nothing of a batch is dropped which the processes do not divide,
        and that a larger batch only adds to them.
        """
        return range(self.rank, images, self.count)

    def sum(self, value: float) -> float:
        """The sum of what each process has."""
        if self.count == 1:
            return value
        held = torch.tensor(value, dtype=torch.float64)
        if distributed.get_backend() == "nccl":
            held = held.to("cuda", torch.float64)
        distributed.all_reduce(held)
        return float(held)


ALONE = Group()


class Together(nn.Module):
    """Runs work whose gradients reach `parameters`; with others, these gradients become means."""

    def __init__(self, parameters: Mapping[str, Tensor]) -> None:
        super().__init__()
        for at, tensor in enumerate(parameters.values()):
            assert isinstance(tensor, nn.Parameter)
            self.register_parameter(f"p{at}", tensor)

    def forward(self, work: Callable[[], Outputs]) -> Outputs:
        """What the work gives."""
        return work()


def joined(
    parameters: Mapping[str, Tensor], group: Group, partly: bool
) -> Callable[[Callable[[], Outputs]], Outputs]:
    """What runs the forward work of a step: as it is, or so that the processes' gradients meet.

    `partly` says that a step may leave some parameters without a gradient.
    """
    if group.count == 1:
        return lambda work: work()
    return DistributedDataParallel(Together(parameters), find_unused_parameters=partly)


def asked_for() -> bool:
    """Whether torchrun has started this process as one of several."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1 and "RANK" in os.environ


@contextmanager
def group_of(device: torch.device) -> Iterator[Group]:
    """The processes that torchrun has started, connected until the end; else this one alone."""
    if not asked_for():
        yield ALONE
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
    distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield Group(distributed.get_rank(), distributed.get_world_size())
    finally:
        distributed.destroy_process_group()
