"""What an image source is: its words, and how it gives a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from PySide6.QtWidgets import QWidget

from analysis.storage.blobs import hash_file
from viewer.files.opening import Opener


@dataclass(frozen=True)
class Sample:
    """A picture that is there to be chosen: its file and its English name, marked."""

    path: Path
    name: str

    @cached_property
    def content(self) -> str:
        """SHA-256 of the file: what a document calls the picture by."""
        return hash_file(self.path)


def no_samples() -> tuple[Sample, ...]:
    """A source that has no pictures of its own to show."""
    return ()


@dataclass(frozen=True)
class ImageSourceRow:
    """One row of the table: a source that is asked, one that offers pictures, or both."""

    key: str
    title: str
    """In the menu Image, the command palette and the tip of its button; marked."""
    icon: str = ""
    """Of its button in the image panel (a file of assets/icons)."""
    take: Callable[[Opener, QWidget], object] | None = None
    """Has the opener use a picture (`Opener.use`) or a file (`Opener.open`); called on the GUI
    thread, with the window that dialogs open over. What takes long runs elsewhere."""
    samples: Callable[[], Sequence[Sample]] = no_samples
    """The pictures that the image panel shows and the menu lists."""
