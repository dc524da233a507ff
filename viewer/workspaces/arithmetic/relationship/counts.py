"""How often each cell is written or read: a map, what it means, and how to make it even."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QVBoxLayout, QWidget

from analysis.arithmetic.case import Case
from viewer.controls import FlowLayout, labelled
from viewer.drawing.arithmetic.count_pictures import OverlapPicture, UsePicture
from viewer.text.translation import mark, say, tr
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.model.scene_model import SceneModel
from viewer.workspaces.arithmetic.relationship import counts_text as words
from viewer.workspaces.arithmetic.relationship.sections import MARGIN, Part, paragraph, say_or_hide
from viewer.workspaces.arithmetic.relationship.value_maps import LEAST_NUMBERED, CellMap, CountMap

BESIDE = 128
"""Px of a map that leaves room for its words beside it."""
GAP = 12


class CountsPart(Part):
    """The overlap of a transposed convolution, else the use of the input."""

    def __init__(self, model: SceneModel) -> None:
        super().__init__(model, mark("How often each output cell is written"))
        self.written = CountMap(model, OverlapPicture(titled=False))
        self.resized = CountMap(model, OverlapPicture(resized=True, titled=False))
        self.read = CountMap(model, UsePicture(titled=False))
        self.names = (labelled("caption"), labelled("caption"))
        self.times, self.reason, self.hint = paragraph("strong"), paragraph(""), paragraph()
        self.resized_reason = paragraph("")
        self.even, self.compare = QPushButton(), QPushButton()
        self.compare.setCheckable(True)
        say(self, self.compare.setText, "Compare with resize")
        say(
            self,
            self.compare.setToolTip,
            "Enlarge by nearest or bilinear interpolation first, then convolve",
        )
        self.even.clicked.connect(self._make_even)
        self.compare.toggled.connect(lambda _: self.show_case())
        self._assemble()

    def _assemble(self) -> None:
        self._maps = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._maps.setSpacing(GAP)
        top = Qt.AlignmentFlag.AlignTop
        self._maps.addWidget(_stack(4, self.names[0], self.written, self.read), 0, top)
        self._second = _stack(4, self.names[1], self.resized)
        self._maps.addWidget(self._second, 0, top)
        self._all = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._all.setSpacing(GAP)
        said = _stack(6, self.times, self.reason, self.hint, self.resized_reason)
        self._all.addLayout(self._maps)
        self._all.addWidget(said, 1, top)
        self._buttons = QWidget()
        row = FlowLayout(self._buttons)
        row.addWidget(self.even)
        row.addWidget(self.compare)
        self.column.addLayout(self._all)
        self.column.addWidget(self._buttons)

    def show_case(self) -> None:
        """Count anew."""
        case = self.model.scene.case
        transposed = case.kind == "transposed"
        title = (
            mark("How often each output cell is written")
            if transposed
            else mark("How often each input cell is read")
        )
        self.section.set_text(title)
        self._buttons.setVisible(transposed)
        self.written.setVisible(transposed)
        self.read.setVisible(not transposed)
        self._say(case)
        self._spread()

    def _say(self, case: Case) -> None:
        transposed, compares = case.kind == "transposed", self._compares()
        counts = (self.written if transposed else self.read).counts()
        self.times.setText(words.times_text(counts))
        reason = words.written_reason if transposed else words.read_reason
        say_or_hide(self.reason, reason(case, counts))
        found = words.even_text(case) if transposed else None
        say_or_hide(self.hint, found[2] if found is not None else "")
        self.even.setVisible(found is not None)
        self.even.setText(found[1] if found is not None else "")
        say_or_hide(self.names[0], tr("transposed") if compares else "")
        say_or_hide(self.names[1], tr("resized and convolved") if compares else "")
        said = words.resized_reason(case, self.resized.counts()) if compares else ""
        say_or_hide(self.resized_reason, said)

    def _compares(self) -> bool:
        return self.compare.isChecked() and self.model.scene.case.kind == "transposed"

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spread()

    def _spread(self) -> None:
        """Maps as large as there is room; words beside a small one, else under it."""
        room, compares = self.width() - 2 * MARGIN, self._compares()
        first: CountMap = self.written if self.model.scene.case.kind == "transposed" else self.read
        maps = [first, self.resized] if compares else [first]
        most = max(shown.counts().shape[1] for shown in maps)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        beside = not compares and most * LEAST_NUMBERED < BESIDE
        self._all.setDirection(across if beside else down)
        each = BESIDE if beside else (room - GAP) // 2 if compares else room
        for shown in maps:
            shown.fit(max(1, each))
        self._second.setVisible(compares)

    def _make_even(self) -> None:
        case = self.model.scene.case
        found = words.even_text(case)
        if found is not None:
            edits.show_example(
                self.model,
                lambda: (words.even_text(case) or found)[1],
                self.model.possible.with_case(found[0]),
            )


def _stack(gap: int, *widgets: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(gap)
    for widget in widgets:
        across = Qt.AlignmentFlag.AlignLeft if isinstance(widget, CellMap) else _ANY
        column.addWidget(widget, 0, across)
    return box


_ANY = Qt.AlignmentFlag(0)
