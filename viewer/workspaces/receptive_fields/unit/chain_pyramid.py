"""The pyramid of the chain that leads to a pinned unit: shown when it is asked for."""

from __future__ import annotations

from PySide6.QtCore import QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from analysis.receptive_field.pyramid import chain, pyramid
from viewer.controls import Section, Segmented, line
from viewer.drawing.files.figure_file import Paint
from viewer.drawing.receptive_fields.pyramid import (
    PyramidLine,
    paint_pyramid,
    pyramid_lines,
    pyramid_size,
)
from viewer.look.icons import icon
from viewer.look.palette import current_inks
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.view_state import Pin
from viewer.text.block_names import full_name
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.receptive_fields.shared.rows import sentence, show_sentence

FIGURE = 760.0


class ChainPicture(Guarded, QWidget):
    """Paints the rows as wide as the panel."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.lines: tuple[PyramidLine, ...] = ()
        theme.changed.connect(self.update)

    def show_lines(self, lines: tuple[PyramidLine, ...]) -> None:
        self.lines = lines
        self.setVisible(bool(lines))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return pyramid_size(self.lines, 200).toSize()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_pyramid(painter, current_inks(), self.lines, self.width())
        painter.end()


class ChainPart(Guarded, QWidget):
    """A switch, the axis, the rows, and a button that writes them to a file."""

    exportAsked = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._path: tuple[object, str, int, tuple[str, ...]] | None = None
        self._pin: Pin | None = None
        self.picture = ChainPicture()
        self.note = sentence()
        self.make = QPushButton()
        self.make.setCheckable(True)
        say(self, self.make.setText, "Show every operator")
        say(
            self,
            self.make.setToolTip,
            "Rows of cells along one axis, through the branch that sees most at every join",
        )
        self.axis = Segmented([(0, mark("along y")), (1, mark("along x"))])
        self.axis.set_value(1)
        self.export = QPushButton()
        self.export.setIcon(icon("export"))
        say(self, self.export.setText, "Export pyramid")
        self.make.toggled.connect(lambda _: self._show())
        self.axis.valueChanged.connect(lambda _: self._show())
        self.export.clicked.connect(self.exportAsked)
        language.changed.connect(self._show)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.make)
        row.addWidget(self.axis)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(line())
        column.addWidget(Section(mark("Pyramid"), mark("r + (k − 1) · jump")))
        column.addLayout(row)
        column.addWidget(self.note)
        column.addWidget(self.picture)
        column.addWidget(self.export, 0, Qt.AlignmentFlag.AlignLeft)

    def show_pin(self, pin: Pin | None) -> None:
        """The unit to be explained: only a single pinned one is."""
        self._pin = pin if pin is not None and not pin.is_region else None
        self.setVisible(self._pin is not None)
        self._show()

    def figure(self) -> tuple[QSizeF, Paint]:
        """Size in px and painting, as it is exported."""
        lines = self.picture.lines
        size = pyramid_size(lines, FIGURE)

        def paint(painter: QPainter) -> None:
            painter.fillRect(0, 0, round(FIGURE), round(size.height()), theme.color("surface"))
            paint_pyramid(painter, current_inks(), lines, FIGURE)

        return size, paint

    def _show(self) -> None:
        on = self.make.isChecked() and self._pin is not None
        lines = self._lines() if on else ()
        self.axis.setVisible(on)
        self.picture.show_lines(lines)
        self.export.setVisible(bool(lines))
        said = tr("No operator between the input and this unit reads along this axis.")
        show_sentence(self.note, said if on and not lines else "")

    def _lines(self) -> tuple[PyramidLine, ...]:
        session, pin, axis = self._session, self._pin, self.axis.value()
        if pin is None or not isinstance(axis, int) or session.field_of(pin) is None:
            return ()
        graph, shapes, strict = session.document.graph, session.shapes, session.view.strict
        known = self._path
        if known is None or known[0] is not session.facts or known[1:3] != (pin.layer, axis):
            path = chain(graph, shapes, pin.layer, axis, strict=strict)
            known = self._path = (session.facts, pin.layer, axis, path)
        found = pyramid(graph, shapes, pin.layer, (pin.y, pin.x), axis, known[3], strict)
        names = {row.layer: full_name(row.layer) for row in found.rows}
        lines = pyramid_lines(found, session.facts.fields, names)
        return lines if len(lines) > 1 else ()
