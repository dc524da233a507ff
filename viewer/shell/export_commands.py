"""Pictures that leave the program: the diagram, a copy on the clipboard, a field's mask."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from analysis.storage import path_check
from viewer.canvas import snapshot
from viewer.controls.file_dialog import SAVE, pick_file
from viewer.drawing.receptive_fields.mask_file import export_mask
from viewer.text.escaping import file_text
from viewer.text.translation import tr

if TYPE_CHECKING:
    from viewer.shell.window import Window


class Exports:
    """Writes what the window shows."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def ask_diagram(self) -> None:
        """Ask for a place and write the diagram as it stands on the canvas."""
        pick_file(
            self._window,
            tr("Export diagram"),
            ("SVG (*.svg)", "PDF (*.pdf)", "PNG (*.png)"),
            SAVE,
            self.diagram,
            suffix="svg",
            name=self._proposed(),
        )

    def _proposed(self) -> str:
        """The document's name, for a file made of it."""
        path = self._window.saver.path
        title = self._window.session.document.title
        return path.stem if path else file_text(title) or tr("Untitled")

    def diagram(self, path: str) -> None:
        """Write the diagram to a .svg, .pdf or .png file."""
        notice = self._window.notice
        try:
            snapshot.export(self._window.canvas.scene_of_network, Path(path))
        except ValueError:
            kind = Path(path).suffix or Path(path).name
            notice.tell(tr("A diagram is written as .svg, .pdf or .png, not as {kind}.", kind=kind))
        except OSError as error:
            notice.tell(not_written(Path(path), error))
        else:
            notice.tell(tr("The diagram is in {name}.", name=Path(path).name), "ok")

    def copy_picture(self) -> None:
        """Put the diagram on the clipboard."""
        QGuiApplication.clipboard().setImage(snapshot.picture(self._window.canvas.scene_of_network))

    def ask_mask(self) -> None:
        """Ask for a place and write the field of the pinned unit as a black and white image."""
        if self._window.session.unit_field is None:
            text = tr("Click a place in a map first: the mask is of that unit.")
            self._window.notice.tell(text, "warn")
            return
        pick_file(
            self._window,
            tr("Export field mask"),
            ("PNG (*.png)",),
            SAVE,
            self.mask,
            suffix="png",
            name=tr("{name} field", name=self._proposed()),
        )

    def mask(self, path: str) -> None:
        """Write the mask of the pinned unit."""
        session = self._window.session
        if session.unit_field is None:
            return
        try:
            export_mask(session.unit_field, session.document.graph, session.shapes, Path(path))
        except OSError as error:
            self._window.notice.tell(not_written(Path(path), error))


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
    if error.errno == errno.ENOSPC:
        return tr("{name} was not written: the disk is full.", name=name)
    why = error.strerror or type(error).__name__
    return tr("{name} was not written: {error}.", name=name, error=why)
