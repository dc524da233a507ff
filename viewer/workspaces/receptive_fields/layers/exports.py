"""Exports tables and pictures of receptive fields to files that it asks for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSizeF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from viewer.controls.file_dialog import SAVE, pick_file
from viewer.drawing.files import formats
from viewer.drawing.files.figure_file import Paint, write_picture
from viewer.drawing.files.file_format import patterns
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text.file_faults import no_such_kind, not_written
from viewer.text.translation import tr
from viewer.workspaces.receptive_fields.layers.bar_data import bars_of, image_line
from viewer.workspaces.receptive_fields.layers.bars import FieldBars
from viewer.workspaces.receptive_fields.layers.table_file import write_table

CHART = (1120, 320)
TABLES = ("CSV (*.csv)", "JSON (*.json)")


class FieldFiles(Guarded, QObject):
    """Writes tables and pictures; a notice says how it went."""

    def __init__(self, session: Session, owner: QWidget) -> None:
        super().__init__(owner)
        self._session = session
        self._owner = owner

    def ask_table(self) -> None:
        """Ask for a place and write the field of every layer."""
        pick_file(self._owner, tr("Export table"), TABLES, SAVE, self.table, suffix="csv")

    def ask_chart(self) -> None:
        """Ask for a place and write the chart of all layers."""
        pick_file(
            self._owner,
            tr("Export chart"),
            patterns(formats.FIGURES),
            SAVE,
            self.chart,
            suffix="svg",
        )

    def ask_picture(self, title: str, size: QSizeF, paint: Paint) -> None:
        """Ask for a place and write anything that paints."""

        def write(path: str) -> None:
            self.picture(path, size, paint, title)

        self._ask(title, write)

    def _ask(self, title: str, then: Callable[[str], None]) -> None:
        usual = formats.FIGURES[0].ending[1:]
        pick_file(self._owner, title, patterns(formats.FIGURES), SAVE, then, suffix=usual)

    def table(self, path: str) -> None:
        """Write the field of every layer to a .csv or .json file."""
        self._write(path, lambda place: write_table(place, self._session.facts))

    def chart(self, path: str) -> None:
        """Write the chart in the format of the path's ending."""
        bars = FieldBars()
        bars.resize(*CHART)
        bars.show_bars(bars_of(self._session), image_line(self._session))

        def paint(painter: QPainter) -> None:
            painter.fillRect(bars.rect(), theme.color("surface"))
            bars.draw(painter)

        self.picture(path, QSizeF(*CHART), paint, tr("Field of every layer"))

    def picture(self, path: str, size: QSizeF, paint: Paint, title: str) -> None:
        """Write anything that paints in the format of the path's ending."""
        self._write(path, lambda place: write_picture(place, size, paint, title))

    def _write(self, path: str, write: Callable[[Path], None]) -> None:
        place, post = Path(path), self._session.notifications.post
        try:
            write(place)
        except ValueError:
            post(no_such_kind(place), "error")
        except OSError as error:
            post(not_written(place, error))
        else:
            post(tr("It is in {name}.", name=place.name), "ok")
