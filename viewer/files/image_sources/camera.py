"""The image source that takes what a camera sees."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from viewer.files.image_sources.contract import ImageSourceRow
from viewer.files.opening import Opener
from viewer.text.translation import mark


def watch(opener: Opener, _parent: QWidget | None = None) -> None:
    """Run on the first camera until another image is opened."""
    opener.films.open_camera()


CAMERA = ImageSourceRow("camera", mark("Use the camera"), "camera", take=watch)
