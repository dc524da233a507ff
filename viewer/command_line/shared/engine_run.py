"""Runs the engine in this process for a sub-command."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.command_line.shared.model import Model
from viewer.command_line.shared.note import note
from viewer.command_line.shared.progress import waiting
from viewer.command_line.shared.refusal import Refusal

if TYPE_CHECKING:
    from analysis.inference.engine import Engine
    from analysis.inference.protocol.images import Decoded, ImageFacts
    from analysis.inference.protocol.runs import RunRequest

TILE = 128
"""Longest side of one map in the mosaic, in pixels."""


def decoded(path: str, model: Model) -> Decoded:
    """An image file's pixels for the model's input, with a remark on what was chosen.

    Raises Refusal.
    """
    from analysis.inference.image import plane_of
    from analysis.inference.image_file.decoding import image_size, read_image
    from analysis.inference.image_file.formats import ImageError

    try:
        height, width = image_size(path).size
        with waiting(f"Reading {Path(path).name} ({width} × {height} px)"):
            found = read_image(path, wanted=plane_of(model.input_shape))
    except ImageError as error:
        raise Refusal(error.fault) from error
    _remark(Path(path).name, found.facts)
    return found


def _remark(name: str, facts: ImageFacts) -> None:
    """Say what of the file is not used as it is stored."""
    if facts.pages > 1:
        note(f"{name} has {facts.pages} pages; the first is used.")
    if facts.span is not None and facts.span not in ((0.0, 1.0), (0.0, 65535.0)):
        low, high = facts.span
        note(f"{name}: its values {low:g} to {high:g} become black to white.")


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
    model: Model, asked: argparse.Namespace, image: Decoded, layer: str | None = None
) -> RunRequest:
    """A run of the model on this image, with the maps of `layer` where one is named."""
    from analysis.inference.protocol.images import ImageSource
    from analysis.inference.protocol.runs import RunRequest

    return RunRequest(
        revision=0,
        slot="command line",
        structure=model.graph.structure_hash,
        graph=model.graph,
        image=ImageSource(asked.image, asked.image, decoded=image),
        weights=None if model.weights is None else str(model.weights),
        seed=asked.seed or 0,
        gates=model.gates or {},
        off=model.off,  # type: ignore[arg-type]
        selected=layer,
        tile=TILE,
    )
