"""A kind of file as one row of a table: its ending, its name, and what writes it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True)
class FileFormat:
    """One kind of file. The table that it stands in says how its writer is called."""

    ending: str
    """With the dot, in lower case."""
    title: str
    """As dialogs name it, the same in every language."""
    written_by: str
    """`module:function`, loaded when the first such file is written."""
    note: str = ""
    """What it holds where that is not plain, marked for translation."""

    def writer(self) -> Callable[..., Any]:
        """The function that writes it."""
        module, _, name = self.written_by.partition(":")
        writer: Callable[..., Any] = getattr(importlib.import_module(module), name)
        return writer


FormatT = TypeVar("FormatT", bound=FileFormat)


def format_of(formats: Sequence[FormatT], path: Path) -> FormatT | None:
    """The row that the ending of `path` chooses, in capitals too."""
    return next((each for each in formats if each.ending == path.suffix.lower()), None)


def endings(formats: Sequence[FileFormat]) -> tuple[str, ...]:
    """The endings in their order."""
    return tuple(each.ending for each in formats)


def patterns(formats: Sequence[FileFormat]) -> tuple[str, ...]:
    """What a file dialog offers: "SVG (*.svg)" and so on."""
    return tuple(f"{each.title} (*{each.ending})" for each in formats)
