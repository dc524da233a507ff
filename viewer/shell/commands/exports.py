"""Pictures of the canvas that leave the program: the diagram as a file and on the clipboard."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication

from viewer.canvas import CanvasView, snapshot
from viewer.controls.file_dialog import SAVE, pick_file
from viewer.drawing.files import formats
from viewer.drawing.files.file_format import endings, patterns
from viewer.files.document_name import file_stem
from viewer.text.file_faults import not_written
from viewer.text.translation import language, tr
from viewer.workspaces.services import Services


class Exports:
    """Writes the diagram as it stands on the canvas."""

    def __init__(self, services: Services, canvas: CanvasView) -> None:
        self._services = services
        self._canvas = canvas

    def ask_diagram(self) -> None:
        """Ask for a place and write the diagram there."""
        services = self._services
        pick_file(
            services.dialog_parent,
            tr("Export diagram"),
            patterns(formats.DIAGRAMS),
            SAVE,
            self.diagram,
            suffix=formats.DIAGRAMS[0].ending[1:],
            name=file_stem(services.session.document, services.saver.path),
        )

    def diagram(self, path: str) -> None:
        """Write the diagram in the format of the path's ending."""
        post = self._services.session.notifications.post
        try:
            snapshot.export(self._canvas.scene_of_network, Path(path))
        except ValueError:
            kind = Path(path).suffix or Path(path).name
            known = language.row.comma.join(endings(formats.DIAGRAMS))
            post(
                tr("A diagram is written as one of {known}, not as {kind}.", known=known, kind=kind)
            )
        except OSError as error:
            post(not_written(Path(path), error))
        else:
            post(tr("The diagram is in {name}.", name=Path(path).name), "ok")

    def copy_picture(self) -> None:
        """Put the diagram on the clipboard."""
        QGuiApplication.clipboard().setImage(snapshot.picture(self._canvas.scene_of_network))
