"""Sentences about files that could not be written."""

from __future__ import annotations

from pathlib import Path

from analysis.storage import path_check
from analysis.storage.full_disk import is_full
from viewer.text.translation import tr


def no_such_kind(path: Path) -> str:
    """That the ending of a name is none of those that can be written there."""
    return tr("{ending} is no kind of file this can be.", ending=path.suffix or path.name)


def not_written(path: Path, error: OSError) -> str:
    """Why a file could not be written, and what would do."""
    folder, name = str(path.parent), path.name
    if not path_check.is_folder(path.parent):
        return tr("{name} was not written: there is no folder {folder}.", name=name, folder=folder)
    if isinstance(error, PermissionError):
        return tr(
            "{name} was not written: you may not write in {folder}. Choose another folder.",
            name=name,
            folder=folder,
        )
    if is_full(error):
        return tr("{name} was not written: the disk is full.", name=name)
    why = error.strerror or type(error).__name__
    return tr("{name} was not written: {error}.", name=name, error=why)
