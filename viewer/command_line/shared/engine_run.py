"""Runs the engine in this process for a sub-command."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from viewer.command_line.shared.model import Model
from viewer.command_line.shared.refusal import Refusal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from analysis.inference.engine import Engine
    from analysis.inference.protocol.runs import RunRequest

TILE = 128
"""Longest side of one map in the mosaic, in pixels."""


def decoded(path: str) -> NDArray[np.uint8]:
    """The pixels of an image file. Raises Refusal."""
    from analysis.inference.image import ImageError, decode

    try:
        return decode(path)
    except ImageError as error:
        raise Refusal(error.fault) from error


def engine_on(device: str) -> Engine:
    """An engine on `--device`; imports torch. Raises Refusal."""
    from analysis.inference.engine import Engine

    try:
        return Engine(device)
    except (RuntimeError, AssertionError, ValueError) as error:
        raise Refusal(
            f"--device {device} is not on this machine. auto, cpu, cuda, cuda:N and mps are known."
        ) from error


def request_of(
    model: Model, asked: argparse.Namespace, pixels: NDArray[np.uint8], layer: str | None = None
) -> RunRequest:
    """A run of the model on these pixels, with the maps of `layer` where one is named."""
    from analysis.inference.protocol.runs import ImageSource, RunRequest

    return RunRequest(
        revision=0,
        slot="command line",
        structure=model.graph.structure_hash,
        graph=model.graph,
        image=ImageSource(asked.image, pixels=pixels),
        weights=None if model.weights is None else str(model.weights),
        seed=asked.seed or 0,
        gates=model.gates or {},
        off=model.off,  # type: ignore[arg-type]
        selected=layer,
        tile=TILE,
    )
