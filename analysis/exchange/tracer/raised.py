"""What a person's code raised as a refusal: what happened, and in which line of which file."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .limits import is_full
from .missing_packages import package_of
from .places import Place, installed_place_of, line_text, place_of
from .refusal import Refused, last_line

WITHOUT_CUDA = (
    "not compiled with cuda", "no cuda gpus are available", "found no nvidia driver",
    "deserialize object on a cuda device", "no nvidia driver", "cuda driver initialization failed",
)  # fmt: skip
"""What torch says where somebody asks for a CUDA device and there is none."""

DEEPEST = 20
"""Errors raised of one another that are followed to the first."""


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
    missing = _missing_module(error)
    error = missing or error
    place = place_of(error, opened) or installed_place_of(error)
    if missing is not None and missing.name:
        return _missing(missing.name, place, opened)
    if place is None:
        return Refused("model-raised", last_line(error))
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


def _missing_module(error: BaseException) -> ModuleNotFoundError | None:
    """The failed import that an error is, or was raised of by who loads late or asks to install."""
    at: BaseException | None = error
    for _ in range(DEEPEST):
        if at is None or (isinstance(at, ModuleNotFoundError) and at.name):
            return at
        asks = isinstance(at, ImportError) and at.name is None and not at.__suppress_context__
        at = at.__cause__ or (at.__context__ if asks else None)
    return None


def _missing(module: str, place: Place | None, opened: Path | None) -> Refused:
    if place is None:
        return Refused("model-module-missing", module)
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
