"""A folder of pictures that is gone through one by one; it is never saved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class PictureSeries:
    """The files of a folder in the order of their names, and which of them is shown."""

    folder: str = ""
    paths: tuple[str, ...] = ()
    at: int = 0

    @property
    def path(self) -> str:
        """The file that is shown; '' where there is none."""
        return self.paths[self.at] if self.at < len(self.paths) else ""

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all files, as a document calls its image."""
        return frozenset(Path(path).name for path in self.paths)
