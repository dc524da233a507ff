"""Keeps a small picture of each file opened last, shown beside its name."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage

from analysis.storage import atomic_file
from viewer.files.data_folder import data_folder

SIZE = QSize(64, 40)
"""Largest picture in a menu, in logical pixels; kept at twice that."""


def _place(path: str) -> Path:
    """Where the picture of a file is kept: its name says nothing of the file's."""
    return data_folder() / "pictures" / f"{hashlib.sha256(path.encode()).hexdigest()[:32]}.png"


def keep_picture(path: str, picture: QImage) -> None:
    """Write the picture of a file, shrunk. Raises OSError."""
    size = picture.size().scaled(SIZE * 2, Qt.AspectRatioMode.KeepAspectRatio)
    small = picture.scaled(
        size.expandedTo(QSize(1, 1)), mode=Qt.TransformationMode.SmoothTransformation
    )
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    small.save(buffer, "PNG")  # type: ignore[call-overload]
    place = _place(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    atomic_file.write(place, (bytes(data.data()),))


def picture_of(path: str) -> QImage | None:
    """The picture of a file, None where none was kept."""
    image = QImage(str(_place(path)))
    if image.isNull():
        return None
    image.setDevicePixelRatio(2.0)
    return image


def forget_others(paths: Iterable[str]) -> None:
    """Delete the pictures of all files but these."""
    kept = {_place(path) for path in paths}
    for place in (data_folder() / "pictures").glob("*.png"):
        if place not in kept:
            with contextlib.suppress(OSError):
                place.unlink()
