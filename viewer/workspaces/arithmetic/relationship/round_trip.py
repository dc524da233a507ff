"""Shows that applying the transposed matrix returns the shape of the input, not its values."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QVBoxLayout, QWidget

from analysis.arithmetic import Case, Values, check
from analysis.arithmetic.case.conversion import transposed_case
from analysis.arithmetic.forms.return_trip import ReturnTrip, there_and_back
from viewer.controls import labelled
from viewer.drawing.arithmetic.display import Part as Side
from viewer.drawing.arithmetic.labelled_grids import size_text
from viewer.drawing.arithmetic.scene import Scene, plane
from viewer.drawing.arithmetic.value_grid import cell_size
from viewer.text.translation import mark, say, tr
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.model.scene_model import SceneModel
from viewer.workspaces.arithmetic.relationship.sections import MARGIN, Part, paragraph, say_or_hide
from viewer.workspaces.arithmetic.relationship.value_maps import PlaneShown, ValueMap

GAP = 16
MOST_ROWS = 8
"""More are said in numbers only."""


class ReturnPart(Part):
    """The section that shows what comes back by Cᵀ beside what went in, and what is the same."""

    def __init__(self, model: SceneModel) -> None:
        super().__init__(model, mark("There and back"))
        self.direction, self.counted = paragraph("small"), paragraph("")
        self.before, self.after = ValueMap(model), ValueMap(model)
        self.names = (labelled("caption"), labelled("caption"))
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(GAP)
        self._boxes = [
            _under(name, shown)
            for name, shown in zip(self.names, (self.before, self.after), strict=True)
        ]
        for box in self._boxes:
            self._sides.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)
        self._sides.addStretch(1)
        self.turn = QPushButton()
        say(self, self.turn.setText, "Turn it round")
        self.turn.clicked.connect(self._turn)
        self.column.addWidget(self.direction)
        self.column.addLayout(self._sides)
        self.column.addWidget(self.counted)
        self.column.addWidget(self.turn, 0, Qt.AlignmentFlag.AlignLeft)
        self._trip: tuple[Scene, object, ReturnTrip] | None = None

    def trip(self) -> ReturnTrip | None:
        """There and back of the model's scene, or there as the case before went; none of pooling.

        Kept for as long as the scene is.
        """
        scene, returned = self.model.scene, self.model.possible.returned
        if scene.w is None:
            return None
        if self._trip is None or self._trip[0] is not scene or self._trip[1] is not returned:
            made = (
                ReturnTrip(returned, scene.y)
                if returned is not None
                else there_and_back(scene.case, scene.x, scene.w)
            )
            self._trip = (scene, returned, made)
        return self._trip[2]

    def show_case(self) -> None:
        """Compare anew."""
        case, found = self.model.scene.case, self.trip()
        say_or_hide(self.direction, direction_text(case))
        self.turn.setVisible(found is not None)
        turned = transposed_case(case)
        goes = turned is not None and check(turned) is None
        self.turn.setEnabled(goes)
        self.turn.setToolTip(
            tr("The case that starts from this output and goes back")
            if goes
            else tr("C is cut here: no convolution goes back to exactly this input.")
        )
        say_or_hide(self.counted, "" if found is None else counted_text(found))
        for name, text in zip(self.names, self._names(case), strict=True):
            name.setText(text)
        self._spread(found)

    def _names(self, case: Case) -> tuple[str, str]:
        forth, back = ("Cᵀ", "C") if case.kind == "transposed" else ("C", "Cᵀ")
        if self.model.possible.returned is not None:
            return tr("went in before"), tr("comes back: {formula}", formula=f"{forth} x")
        return tr("goes in: x"), tr("comes back: {formula}", formula=f"{back}({forth} x)")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spread(self.trip())

    def _spread(self, found: ReturnTrip | None) -> None:
        """Side by side where the numbers fit, else one under the other, else not at all."""
        planes = self._planes(found) if found is not None else None
        cell = None
        if planes is not None and planes[0].shape[0] <= MOST_ROWS:
            room = self.width() - 2 * MARGIN
            values = (planes[0], planes[1])
            across = QBoxLayout.Direction.LeftToRight
            cell = cell_size(values, (room - GAP) / 2 - 2)
            if cell is None:
                across, cell = QBoxLayout.Direction.TopToBottom, cell_size(values, room - 2)
            self._sides.setDirection(across)
        for box in self._boxes:
            box.setVisible(cell is not None)
        if planes is not None and cell is not None:
            side: Side = "input" if self.model.possible.returned is None else "output"
            framed = tr("Framed: the value that went in is back.") if planes[2].any() else ""
            for shown, values_of in zip((self.before, self.after), planes[:2], strict=True):
                shown.show_plane(PlaneShown(values_of, planes[2], side, cell))
                shown.setToolTip(framed)

    def _planes(self, found: ReturnTrip) -> tuple[Values, Values, Values]:
        """The shown channel of what went in, of what comes back, and where they are the same."""
        scene, turned = self.model.scene, self.model.possible.returned is not None
        at = scene.out_channel if turned else scene.in_channel
        return plane(found.before[at]), plane(found.after[at]), plane(found.same[at])

    def _turn(self) -> None:
        kind = self.model.scene.case.kind
        edits.set_kind(self.model, "conv" if kind == "transposed" else "transposed")


def direction_text(case: Case) -> str:
    """By what it goes forward and back."""
    if case.kind == "conv":
        return tr("A convolution goes forward by {forth} and back by {back}.", forth="C", back="Cᵀ")
    if case.kind == "transposed":
        return tr(
            "A transposed convolution goes forward by {forth} and back by {back}.",
            forth="Cᵀ",
            back="C",
        )
    if case.mode == "max":
        return tr(
            "A pooling has no matrix of weights to turn round. Going back, a maximum hands each "
            "gradient to the largest cell of its window; the other cells get nothing from it."
        )
    return tr(
        "A pooling has no matrix of weights to turn round. Going back, an average hands each "
        "gradient to the cells of its window in equal shares."
    )


def counted_text(found: ReturnTrip) -> str:
    """The shape comes back; how many values do."""
    shape = found.before.shape
    size = size_text(shape if shape[0] > 1 else shape[1:])
    count, kept = found.before.size, found.kept
    if kept == count:
        return tr("The shape {size} comes back, and here all {count} values do.", size=size,
                  count=count)  # fmt: skip
    if kept == 1:
        return tr("The shape {size} comes back, 1 of {count} values does.", size=size, count=count)
    return tr(
        "The shape {size} comes back, {kept} of {count} values do.",
        size=size,
        kept=kept,
        count=count,
    )


def _under(name: QWidget, shown: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(name)
    column.addWidget(shown)
    return box
