"""Opens images for one window: a file that is dropped or picked, or pixels from the clipboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Signal
from PySide6.QtGui import QImage

from analysis.facts.input_size import multiple_of, with_input_size
from analysis.graph import Graph
from analysis.inference.protocol.images import Decoded
from analysis.operators import Input
from analysis.operators.contract import Shape
from analysis.storage.blobs import BlobRef, BlobStore
from analysis.storage.image_reading import ImageReading
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.background_jobs import Background, Job
from viewer.session.input_image.decoded_images import DecodedImages
from viewer.text.number_format import grouped
from viewer.text.translation import tr

LONGEST = 256
"""Longest side an image is fitted to: what runs live on a small machine."""
SLOW_PIXELS = 16_000_000
"""Pixels above which the size of an image is said before it is decoded."""


@dataclass(frozen=True)
class _Opened:
    blob: BlobRef
    decoded: Decoded


class ImageOpener(Guarded, QObject):
    """Decodes an image off the GUI thread, once, and makes it the document's."""

    opened = Signal(object)
    """The ImageFacts of an image that has become the document's."""
    working = Signal(object)
    """The sentence about a large image that is being decoded, or None when that is over."""
    _measured = Signal(str, object)

    def __init__(
        self, session: Session, store: BlobStore, background: Background, decoded: DecodedImages
    ) -> None:
        super().__init__(session)
        self._session = session
        self._store = store
        self._background = background
        self._decoded = decoded
        self._job: Job[Any] | None = None
        self._measured.connect(self._say_size)

    def open(
        self,
        path: str,
        done: Callable[[], None],
        failed: Callable[[Exception], None],
        merge_key: str | None = None,
    ) -> None:
        """Read an image file; `done` or `failed` follows on the GUI thread.

        One that is still being read is given up: it would take the place of this one.
        Images with one `merge_key` after another are one step to undo.
        """
        multiple = multiple_of(self._session.facts)
        deep = _volume_size(self._session.document.graph)

        def read(cancelled: Event) -> _Opened:
            from analysis.inference.image import fitted_size
            from analysis.inference.source_file import image_size, one_file, read_image

            height, width = image_size(path).size
            if height * width > SLOW_PIXELS:
                self._measured.emit(Path(path).name, (height, width))
            wanted = deep or fitted_size(height, width, multiple, LONGEST)
            decoded = read_image(path, wanted=wanted, cancelled=cancelled.is_set)
            return _Opened(BlobRef(self._store.put(one_file(path)), Path(path).name), decoded)

        def use(found: _Opened) -> None:
            self.working.emit(None)
            self._decoded.put(found.blob.hash, ImageReading(), found.decoded)
            self._use(found.blob, found.decoded.facts.size, merge_key)
            done()
            self.opened.emit(found.decoded.facts)

        def fail(error: Exception) -> None:
            self.working.emit(None)
            failed(error)

        self.cancel()
        self._job = self._background.start(read, use, fail)

    def cancel(self) -> None:
        """Give up the image that is being decoded."""
        if self._job is not None:
            self._job.cancel()

    def _say_size(self, name: str, size: tuple[int, int]) -> None:
        self.working.emit(
            tr("Reading {name}: {w} × {h} px", name=name, w=grouped(size[1]), h=grouped(size[0]))
        )

    def use(self, picture: QImage, name: str, failed: Callable[[Exception], None]) -> None:
        """Make a picture of no file the document's, kept as PNG under a name."""

        def keep(_: Event) -> BlobRef:
            data = QByteArray()
            buffer = QBuffer(data)
            buffer.open(QIODevice.OpenModeFlag.WriteOnly)
            picture.convertToFormat(QImage.Format.Format_RGBA8888).save(buffer, "PNG")  # type: ignore[call-overload]
            return BlobRef(self._store.put(bytes(data.data())), name)

        size = (picture.height(), picture.width())
        self._background.start(keep, lambda blob: self._use(blob, size), failed)

    def _use(self, blob: BlobRef, size: tuple[int, int], merge_key: str | None = None) -> None:
        from analysis.inference.image import fitted_size

        document = self._session.document
        fitted = fitted_size(*size, multiple_of(self._session.facts), LONGEST)
        graph = with_input_size(document.graph, fitted) or document.graph
        self._session.edit(
            lambda: tr("Open image {name}", name=blob.name),
            replace(
                document,
                image=blob,
                image_reading=ImageReading(),
                graph=graph,
                target=None,
                target_as=None,
            ),
            merge_key,
        )


def _volume_size(graph: Graph) -> Shape | None:
    """(depth, height, width) of what a network of three axes is given; None for others."""
    shapes = [(n.operator.channels, *n.operator.size) for n in graph.inputs
              if isinstance(n.operator, Input)]  # fmt: skip
    return shapes[0][1:] if shapes and len(shapes[0]) == 4 else None
