"""Writes several files into a folder: either all of them, or none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from analysis.storage import atomic_file


def write_all(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write (name, content) beside a folder's own, and move all to their places at the end.

    Names may lead through folders. Raises OSError with the path that could not be written as its
    `filename`; the folder is then as it was, unless a file of it could not be replaced.
    """
    stage: Path | None = None
    names: list[str] = []
    name = ""
    try:
        for name, content in files:
            stage = stage or Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
            path = stage / name
            path.parent.mkdir(parents=True, exist_ok=True)
            atomic_file.write(path, [content])
            names.append(name)
        for name in names:
            assert stage is not None
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            (stage / name).replace(target)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(folder / name)) from error
    finally:
        if stage is not None:
            shutil.rmtree(stage, ignore_errors=True)
