"""What a person's code raised as a refusal: what happened, and in which line of which file."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .limits import is_full
from .missing_packages import package_of
from .places import line_text, place_of
from .refusal import Refused, last_line

WITHOUT_CUDA = (
    "not compiled with cuda", "no cuda gpus are available", "found no nvidia driver",
    "deserialize object on a cuda device", "no nvidia driver", "cuda driver initialization failed",
)  # fmt: skip
"""What torch says where somebody asks for a CUDA device and there is none."""


def running(action: Callable[[], Any], opened: Path | None = None) -> Any:
    """Let the person's code run; whatever it raises is what we answer.

    `opened` is the file it comes from, None for an importable module. Raises Refused, MemoryError.
    """
    try:
        return action()
    except BaseException as error:
        if is_full(error):
            raise MemoryError from error
        raise refused(error, opened) from error


def refused(error: BaseException, opened: Path | None) -> Refused:
    """The refusal for what was raised while a file was imported or a model made."""
    place = place_of(error, opened)
    if place is None:
        return Refused("model-raised", last_line(error))
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _missing(error.name, place, opened)
    if _reads_arguments(error):
        return Refused("model-reads-arguments", *place)
    if isinstance(error, SystemExit):
        return Refused("model-exits", *place)
    if needs_cuda(error):
        return Refused("model-needs-cuda", *place)
    return Refused("model-raised-at", *place, last_line(error))


def needs_cuda(error: BaseException | None) -> bool:
    """Whether it was raised because there is no CUDA device."""
    text = str(error).lower()
    return any(each in text for each in WITHOUT_CUDA)


def _missing(module: str, place: tuple[str, int], opened: Path | None) -> Refused:
    package = package_of(module)
    if package is not None or opened is None:
        return Refused("model-needs-package", *place, module, package or module.partition(".")[0])
    whole = f"{opened.parent.name}.{opened.stem}:…"
    return Refused("model-needs-module", *place, module, module.partition(".")[0], whole)


def _reads_arguments(error: BaseException) -> bool:
    """Whether the command line of a script was looked for: by argparse, or in `sys.argv`."""
    if isinstance(error, SystemExit):
        frames = traceback.extract_tb(error.__traceback__)
        if any(Path(each.filename).stem in ("argparse", "optparse", "click") for each in frames):
            return True
    return isinstance(error, IndexError | ValueError) and "argv" in line_text(error)
