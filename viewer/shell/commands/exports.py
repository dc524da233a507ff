"""Pictures of the canvas that leave the program: the figure as a file and on the clipboard."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication

from viewer.canvas import CanvasView, snapshot
from viewer.drawing.files import formats
from viewer.drawing.files.file_format import endings
from viewer.drawing.network.diagram_file import clipboard_data, diagram
from viewer.drawing.network.figure_options import FigureOptions
from viewer.files.document_name import file_stem
from viewer.shell.settings import Settings
from viewer.text.file_faults import not_written
from viewer.text.translation import language, tr
from viewer.workspaces.services import Services


class Exports:
    """Writes the network as a figure."""

    def __init__(self, services: Services, canvas: CanvasView, settings: Settings) -> None:
        self._services = services
        self._canvas = canvas
        self._settings = settings

    @property
    def options(self) -> FigureOptions:
        """The options last used; before that, the figure as it stands on the canvas."""
        known = self._settings.figure
        return FigureOptions.from_plain(known) if known else snapshot.as_shown()

    def _remember(self, options: FigureOptions) -> None:
        self._settings.figure = options.to_plain()

    def ask_figure(self) -> None:
        """Open the dialog that exports a figure of what is on the canvas."""
        from viewer.shell.figure_export.dialog import FigureDialog
        from viewer.shell.figure_export.late_maps import LateMaps

        services, scene = self._services, self._canvas.scene_of_network
        dialog = FigureDialog(
            snapshot.drawn_network(scene),
            self.options,
            services.background,
            services.dialog_parent,
            file_stem(services.session.document, services.saver.path),
            self._remember,
            self._tell,
        )
        LateMaps(dialog, services.session, lambda: snapshot.drawn_network(scene))
        dialog.open()

    def diagram(self, path: str) -> None:
        """Write the figure in the format of the path's ending, with the options last used."""
        error: Exception | None = None
        try:
            snapshot.export(self._canvas.scene_of_network, Path(path), self.options)
        except (ValueError, OSError) as raised:
            error = raised
        self._tell(Path(path), error)

    def _tell(self, path: Path, error: Exception | None) -> None:
        """Say how writing went."""
        post = self._services.session.notifications.post
        if error is None:
            post(tr("The figure is in {name}.", name=path.name), "ok")
        elif isinstance(error, ValueError):
            kind = path.suffix or path.name
            known = language.row.comma.join(endings(formats.DIAGRAMS))
            post(
                tr("A figure is written as one of {known}, not as {kind}.", known=known, kind=kind)
            )
        elif isinstance(error, OSError):
            post(not_written(path, error))
        else:
            raise error

    def copy_picture(self) -> None:
        """Put the figure on the clipboard, as it stands on the canvas."""
        network = snapshot.drawn_network(self._canvas.scene_of_network)
        data = clipboard_data(diagram(network, snapshot.as_shown()))
        QGuiApplication.clipboard().setMimeData(data)
