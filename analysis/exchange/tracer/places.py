"""Where in a person's files an error arose: the innermost line neither torch's nor ours."""

from __future__ import annotations

import sysconfig
import traceback
from pathlib import Path
from types import TracebackType

OURS = str(Path(__file__).resolve().parent)
Place = tuple[str, int]
"""The name of a file, as a person would say it, and a line in it from 1."""


TYPED = ("<string>", "<stdin>", "<ipython-input", "<python-input")
"""How Python names what was typed at a prompt: a model of this very process may be of there."""


def place_of(error: BaseException, opened: Path | None) -> Place | None:
    """The place an error arose at; None where no line of a person's file has a part in it.

    `opened` is the file that is being read: others are named relative to its folders.
    """
    if isinstance(error, SyntaxError) and error.lineno and not is_library(error.filename or "<"):
        return said(str(error.filename), opened), error.lineno
    theirs = [
        (name, line)
        for name, line in _frames(error.__traceback__)
        if not is_library(name) or (opened is None and name.startswith(TYPED))
    ]
    if not theirs:
        return None
    name, line = theirs[-1]
    return said(name, opened), line


def installed_place_of(error: BaseException) -> Place | None:
    """The place in an installed package but torch, named as in there; None where there is none."""
    packages = [Path(sysconfig.get_path(each)).resolve() for each in ("purelib", "platlib")]
    for name, line in reversed(_frames(error.__traceback__)):
        path = Path(name)
        for folder in packages if path.is_absolute() else ():
            if path.is_relative_to(folder) and path.relative_to(folder).parts[0] != "torch":
                return path.relative_to(folder).as_posix(), line
    return None


def line_text(error: BaseException) -> str:
    """The code at that place, stripped; empty where it cannot be read."""
    found = [
        each
        for each in traceback.extract_tb(error.__traceback__)
        if not is_library(each.filename) and each.lineno
    ]
    return (found[-1].line or "") if found else ""


def _frames(trace: TracebackType | None) -> list[tuple[str, int]]:
    return [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(trace)]


def is_library(name: str) -> bool:
    """Whether a file belongs to Python, to an installed package, or to the tracer."""
    if name.startswith("<") or not Path(name).is_absolute():
        return True
    if {"site-packages", "dist-packages"} & set(Path(name).parts):
        return True
    places = sysconfig.get_paths()
    folders = [OURS, *(places[each] for each in ("stdlib", "platstdlib", "purelib", "platlib"))]
    return any(Path(name).resolve().is_relative_to(Path(each).resolve()) for each in folders)


def said(name: str, opened: Path | None) -> str:
    """How a file is named: `parts.py`, or `models/parts.py` in a folder near the opened file."""
    path = Path(name)
    if opened is None or path == opened or path.parent == opened.parent:
        return path.name
    for folder in list(opened.parents)[:3]:
        if path.is_relative_to(folder) and folder.parent != folder:
            return path.relative_to(folder).as_posix()
    return path.name
