"""A widget that shows a chart, and lets it be copied or saved as a picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.controls.context_menu import Entry, copy_entry, offer_menu
from viewer.controls.file_dialog import SAVE, pick_file
from viewer.drawing.files.figure_file import write_picture
from viewer.drawing.files.file_format import patterns
from viewer.drawing.files.formats import FIGURES
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.file_faults import no_such_kind, not_written
from viewer.text.translation import language, mark, say, tr

CENTRED = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
Paint = Callable[[QPainter, QRectF], None]


class ChartView(Guarded, QWidget):
    """`paint(painter, rect)` draws it; `empty()` is the sentence shown where it returns one.

    failed(sentence): a picture of it could not be written, and why.
    """

    failed = Signal(str)

    def __init__(
        self, name: str, paint: Paint, height: int, empty: Callable[[], str] = str
    ) -> None:
        super().__init__()
        self._paint, self._empty = paint, empty
        self._name = name
        self.setMinimumHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._hint = QSize(240, height)
        say(self, self.setAccessibleName, name)
        offer_menu(self, lambda _: self._entries())
        theme.changed.connect(self.update)
        language.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return self._hint

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        words = self._empty()
        if words:
            painter.setPen(theme.color("muted"))
            room = QRectF(self.rect()).adjusted(16, 0, -16, 0)
            painter.drawText(room, CENTRED, words)
        else:
            self._paint(painter, QRectF(self.rect()))
        painter.end()

    def _entries(self) -> tuple[Entry, ...]:
        if self._empty():
            return ()
        return (
            copy_entry(mark("Copy picture"), self.grab().toImage()),
            Entry(mark("Save picture…"), self._ask_file),
        )

    def _ask_file(self) -> None:
        pick_file(
            self.window(), tr("Save picture"), patterns(FIGURES), SAVE, self.save, "svg",
            tr(self._name),
        )  # fmt: skip

    def save(self, path: str) -> None:
        """Write it as the ending says, in its size on screen."""
        area, place = QRectF(self.rect()), Path(path)
        try:
            write_picture(
                place, area.size(), lambda painter: self._paint(painter, area), tr(self._name)
            )
        except ValueError:
            self.failed.emit(no_such_kind(place))
        except OSError as error:
            self.failed.emit(not_written(place, error))
