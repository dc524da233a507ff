"""Writes feature maps as files: raw values, pictures of all channels, the panel as a figure."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPoint, QSizeF
from PySide6.QtGui import QPainter, QRegion
from PySide6.QtWidgets import QWidget

from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.layer_channels import LayerChannels
from analysis.storage import atomic_file
from viewer.controls.context_menu import Entry
from viewer.controls.file_dialog import SAVE, pick_file
from viewer.drawing.files import formats
from viewer.drawing.files.figure_file import png_of, write_picture
from viewer.drawing.files.file_format import patterns
from viewer.drawing.painting.array_image import image_of
from viewer.engine.questions.layer_channels import Raw
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text.fault_sentences import fault_sentence
from viewer.text.file_faults import no_such_kind, not_written
from viewer.text.translation import mark, tr

Values = NDArray[np.float32]
RAW = ("NumPy (*.npy)", "NumPy, all blocks (*.npz)")


class MapFiles(Guarded, QObject):
    """What can be saved of the feature maps that a panel shows; a notice says how it went."""

    def __init__(
        self, session: Session, panel: QWidget, ask_raw: Callable[[tuple[str, ...], Raw], None]
    ) -> None:
        super().__init__(panel)
        self._session = session
        self._panel = panel
        self._ask_raw = ask_raw

    def entries(self) -> tuple[Entry, ...]:
        """What the panel's menu offers."""
        runs = self._session.frame_now is not None and self._session.frame_now.mosaic is not None
        return (
            Entry(mark("Save raw values…"), self.ask_raw if runs else None),
            Entry(mark("Save all maps as PNG…"), self.ask_png if runs else None),
            Entry(mark("Save the panel as a figure…"), self.ask_figure if runs else None),
        )

    def ask_raw(self) -> None:
        """Ask for a place for the values of the layer (.npy) or of all blocks (.npz)."""
        pick_file(self._panel, tr("Save raw values"), RAW, SAVE, self.raw, suffix="npy")

    def ask_png(self) -> None:
        """Ask for a place for the picture of all channels."""
        title, kinds = tr("Save all maps as PNG"), ("PNG (*.png)",)
        pick_file(self._panel, title, kinds, SAVE, self.png, suffix="png")

    def ask_figure(self) -> None:
        """Ask for a place for what the panel shows."""
        title, kinds = tr("Save the panel as a figure"), patterns(formats.FIGURES)
        pick_file(self._panel, title, kinds, SAVE, self.figure, suffix="svg")

    def raw(self, path: str) -> None:
        """Write the layer's values (channels, *spatial), or those of every block by their names."""
        place, layer = Path(path), self._session.layer_shown()
        if layer is None:
            return
        every = place.suffix.lower() == ".npz"
        shapes = self._session.shapes
        blocks = [block.output for block in self._session.blocks if block.output in shapes]
        layers = tuple(dict.fromkeys([*blocks, layer])) if every else (layer,)

        def write(answer: LayerChannels | EngineFailure) -> None:
            if isinstance(answer, EngineFailure):
                self._session.notifications.post(fault_sentence(answer.fault))
            elif every:
                self._write(place, lambda: _npz(place, answer.raw))
            else:
                self._write(place, lambda: _npy(place, answer.raw[layer]))

        self._ask_raw(layers, write)

    def png(self, path: str) -> None:
        """Write the picture of all channels, a pixel of it for each that was drawn."""
        frame = self._session.frame_now
        if frame is None or frame.mosaic is None:
            return
        image = image_of(frame.mosaic.pixels)
        self._write(Path(path), lambda: atomic_file.write(Path(path), (png_of(image),)))

    def figure(self, path: str) -> None:
        """Write what the panel shows in the format of the path's ending."""
        panel = self._panel

        def paint(painter: QPainter) -> None:
            flags = QWidget.RenderFlag.DrawChildren | QWidget.RenderFlag.DrawWindowBackground
            panel.render(painter, QPoint(), QRegion(), flags)

        size = QSizeF(panel.width(), panel.height())
        self._write(Path(path), lambda: write_picture(Path(path), size, paint, tr("Feature maps")))

    def _write(self, place: Path, write: Callable[[], object]) -> None:
        post = self._session.notifications.post
        try:
            write()
        except ValueError:
            post(no_such_kind(place), "error")
        except OSError as error:
            post(not_written(place, error))
        else:
            post(tr("It is in {name}.", name=place.name), "ok")


def _npy(place: Path, values: Values) -> None:
    file = io.BytesIO()
    np.save(file, values)
    atomic_file.write(place, (file.getbuffer().tobytes(),))


def _npz(place: Path, values: Mapping[str, Values]) -> None:
    file = io.BytesIO()
    np.savez_compressed(file, **values)  # type: ignore[arg-type]
    atomic_file.write(place, (file.getbuffer().tobytes(),))
