"""Runs the engine in this process for a sub-command."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.storage.image_reading import ImageReading
from viewer.command_line.shared.image_options import reading_of
from viewer.command_line.shared.model import Model
from viewer.command_line.shared.note import note
from viewer.command_line.shared.progress import waiting
from viewer.command_line.shared.refusal import Refusal
from viewer.text.volume_text import beyond_volume

if TYPE_CHECKING:
    from analysis.inference.engine import Engine
    from analysis.inference.protocol.images import Decoded, ImageSource
    from analysis.inference.protocol.runs import RunRequest

TILE = 128
"""Longest side of one map in the mosaic, in pixels."""


def decoded(path: str, model: Model, reading: ImageReading | None = None) -> Decoded:
    """An image file's pixels for the model's input, with a remark on what was chosen.

    A network of three spatial axes takes a part of a volume. Raises Refusal.
    """
    from analysis.inference.image import plane_of
    from analysis.inference.image_file.formats import ImageError
    from analysis.inference.source_file import image_size, read_image

    try:
        height, width = image_size(path).size
        with waiting(f"Reading {Path(path).name} ({width} × {height} px)"):
            shape = model.input_shape
            wanted = shape[1:] if len(shape) == 4 else plane_of(shape)
            found = read_image(path, reading or ImageReading(), wanted)
    except ImageError as error:
        raise Refusal(error.fault) from error
    _remark(Path(path).name, found, reading)
    return found


def _remark(name: str, found: Decoded, reading: ImageReading | None) -> None:
    """Say what of the file is not used as it is stored."""
    facts = found.facts
    chosen = reading is not None and reading.page > 0
    if found.planes is not None and found.planes.ndim == 4:
        size = " × ".join(map(str, found.planes.shape[1:]))
        whole = " × ".join(map(str, (facts.pages, *facts.size)))
        note(
            f"{name}: of {whole} the network is given {size} around slice {facts.page} (--page N)."
        )
        if said := beyond_volume(facts, found.planes.shape[1:]):
            note(f"{name}: {said}")
    elif facts.pages > 1 and not chosen:
        one, several = ("page", "pages") if facts.axes == 2 else ("slice", "slices")
        note(f"{name} has {facts.pages} {several}; {one} {facts.page} is used (--page N).")
    if facts.span is not None and facts.span not in ((0.0, 1.0), (0.0, 65535.0)):
        low, high = facts.span
        note(f"{name}: its values {low:g} to {high:g} become black to white.")


def engine_on(device: str, precision: str = "auto") -> Engine:
    """An engine on `--device`, in this number format; imports torch. Raises Refusal."""
    from analysis.inference.engine import Engine

    try:
        engine = Engine(device, precision=precision)
    except (RuntimeError, AssertionError, ValueError) as error:
        raise Refusal(
            f"--device {device} is not on this machine. auto, cpu, cuda, cuda:N and mps are known."
        ) from error
    known = engine.device.formats
    if precision not in ("auto", *known):
        raise Refusal(f"--precision {precision} does not run on {device}; {', '.join(known)} do.")
    return engine


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
        image=ImageSource(asked.image, asked.image, reading=reading_of(asked), decoded=image),
        target=_target(asked),
        weights=None if model.weights is None else str(model.weights),
        seed=asked.seed or 0,
        gates=model.gates or {},
        off=model.off,  # type: ignore[arg-type]
        selected=layer,
        tile=TILE,
        thorough=True,
    )


def _target(asked: argparse.Namespace) -> ImageSource | None:
    """The file of `--target`, of which the same slice is taken as of the image."""
    from analysis.inference.protocol.images import ImageSource

    path = getattr(asked, "target", None)
    return None if path is None else ImageSource(path, path, reading=reading_of(asked))
