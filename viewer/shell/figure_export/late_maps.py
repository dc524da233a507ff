"""Brings into the dialog of a figure the maps that were still computed when it was opened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from viewer.drawing.network.diagram import DrawnNetwork
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.shell.figure_export.dialog import FigureDialog


class LateMaps(Guarded, QObject):
    """Waits for the first frame of what is set; a later one changes the figure no more."""

    def __init__(
        self, dialog: FigureDialog, session: Session, draw: Callable[[], DrawnNetwork]
    ) -> None:
        """`draw` gives the network with the maps that it has by then."""
        super().__init__(dialog)
        self._dialog, self._session, self._draw = dialog, session, draw
        self._waits = session.frame is None or session.frame_is_behind
        session.pictureChanged.connect(self._take)

    def _take(self, _frame: object) -> None:
        if self._waits and self._session.frame is not None and not self._session.frame_is_behind:
            self._waits = False
            self._dialog.show_network(self._draw())
