"""Keeps the newest decoded image, so that the engine need not decode what was opened."""

from __future__ import annotations

from analysis.inference.protocol.images import Decoded
from analysis.storage.image_reading import ImageReading


class DecodedImages:
    """One decoded image, known by the hash of its file and how it was read."""

    def __init__(self) -> None:
        self._key: tuple[str, ImageReading] | None = None
        self._decoded: Decoded | None = None

    def put(self, content: str, reading: ImageReading, decoded: Decoded) -> None:
        """Keep this one in the place of the last."""
        self._key, self._decoded = (content, reading), decoded

    def get(self, content: str, reading: ImageReading) -> Decoded | None:
        """The image, if it is that one and read that way."""
        return self._decoded if self._key == (content, reading) else None
