"""The graphs of the networks beside this file, traced in this process."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import torch
from torch import nn

from analysis.exchange.assembling import assemble
from analysis.exchange.recorded import Recording
from analysis.exchange.tracer.description import describe
from analysis.graph import Graph
from tests.data.models.encoder_decoders import NETWORKS


@cache
def traced(name: str) -> Graph:
    """The graph of a network by name."""
    return traced_module(*NETWORKS[name])


def traced_module(make: Callable[[], nn.Module], shape: tuple[int, ...]) -> Graph:
    """The graph of a module for an input of that shape, without its batch axis."""
    torch.manual_seed(0)
    program = torch.export.export(make().eval(), (torch.zeros(1, *shape),), strict=False)
    nodes, outputs, _ = describe(program)
    return assemble(Recording.of({"nodes": nodes, "outputs": outputs})).graph
