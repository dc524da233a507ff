"""The line under the stage: the lit step written out, and what was checked of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontMetrics, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from analysis.inference.protocol.layer_numbers import LayerNumbers
from viewer.controls import labelled
from viewer.drawing.arithmetic.cells import number_text
from viewer.drawing.arithmetic.display import Spot
from viewer.drawing.arithmetic.step_text import longest_that_fits, written_text
from viewer.look.fonts import BODY, TITLE, font
from viewer.look.icons import icon
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Live
from viewer.text.number_format import power_of_ten
from viewer.text.translation import language, tr
from viewer.workspaces.arithmetic.model.scene_model import SceneModel

HEIGHT, SIDE, GAP, TICK, SPARE = 40, 16, 6, 16, 8
"""Pixels; SPARE are left free behind the sum."""
State = Literal["holds", "stale", "fails"]
LOOKS: dict[State, tuple[str, str, str]] = {
    "holds": ("ok", "check", "ok"),
    "stale": ("muted", "info", "muted"),
    "fails": ("error", "warning", "error"),
}
"""Role of the words, icon and its colour, by what a check found."""
Measure = Callable[[str], float]
"""The width of a text in px."""


class FormulaLine(Guarded, QWidget):
    """y(1,3) = 2·3 + 0·1 + … = 12, cut to the room there is; at the right the check.

    Words of the check that would cost the sum terms stand at its tick instead.
    """

    def __init__(self, model: SceneModel) -> None:
        super().__init__()
        self._model = model
        self._checked: tuple[str, State, str] | None = None
        self.setFixedHeight(HEIGHT)
        self.formula = _Sum(self.show_line)
        self.formula.setFont(font(TITLE, bold=True))
        self.formula.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.tick = QLabel()
        self.badge = labelled("ok")
        row = QHBoxLayout(self)
        row.setContentsMargins(SIDE, 0, SIDE, 0)
        row.setSpacing(GAP)
        row.addWidget(self.formula, 1)
        row.addWidget(self.tick)
        row.addWidget(self.badge)
        model.changed.connect(self.show_check)
        model.moved.connect(self.show_line)
        theme.changed.connect(self.show_check)
        language.changed.connect(self.show_check)
        model.session.documentChanged.connect(lambda *_: self.show_check())
        model.session.liveChanged.connect(self._noise_changed)
        language.changed.connect(self.show_line)
        self.show_check()
        self.show_line()

    def show_line(self) -> None:
        """Write out the step, or the cell that is pointed at."""
        has_words = bool(self.badge.text())
        pixels, text = self._written(self._room(has_words))
        keeps_words = has_words
        if "…" in text and has_words and self.badge.property("role") != "error":
            whole = self._written(self._room(False))
            if "…" not in whole[1]:
                (pixels, text), keeps_words = whole, False
        self.badge.setVisible(keeps_words)
        self.tick.setToolTip("" if keeps_words else self.badge.text())
        letters = font(pixels, bold=True)
        if letters != self.formula.font():
            self.formula.setFont(letters)
        if text != self.formula.text():
            self.formula.setText(text)
            self.formula.setToolTip(line(self._model, None, 0.0) if "…" in text else "")

    def _written(self, room: float) -> tuple[int, str]:
        """The size of its letters and the line: smaller letters rather than left out terms."""
        text = ""
        for pixels in (TITLE, BODY):
            text = line(self._model, _measure(font(pixels, bold=True)), room)
            if "…" not in text:
                return pixels, text
        return BODY, text

    def _room(self, has_words: bool) -> float:
        """The width that the sum has beside the tick and, where they stand, the words."""
        words = self.badge.sizeHint().width() + GAP if has_words else 0
        return max(80.0, float(self.width() - 2 * SIDE - GAP - TICK - words - SPARE))

    def _noise_changed(self, before: Live, after: Live) -> None:
        if before.noise != after.noise:
            self.show_check()

    def show_check(self) -> None:
        """Say what agrees, by how much; nothing while the case is impossible."""
        text, state = check_text(self._model)
        checked = (text, state, theme.mode)
        if checked == self._checked:
            return
        self._checked = checked
        self.badge.setText(text)
        role, name, token = LOOKS[state]
        self.badge.setProperty("role", role)
        self.badge.style().unpolish(self.badge)
        self.badge.style().polish(self.badge)
        self.tick.setPixmap(icon(name, token).pixmap(QSize(TICK, TICK)) if text else QPixmap())
        self.show_line()


def _measure(letters: QFont) -> Measure:
    metrics = QFontMetrics(letters)
    return lambda words: float(metrics.horizontalAdvance(words))


class _Sum(Guarded, QLabel):
    """The label of the sum: another width is room for more or fewer terms."""

    def __init__(self, resized: Callable[[], None]) -> None:
        super().__init__()
        self._resized = resized

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._resized()


def line(model: SceneModel, measure: Measure | None, room: float) -> str:
    """The lit cell written out, terms left out until it fits; no measure leaves nothing out."""
    scene, spot = model.scene, _spot(model)
    if model.view.backward:
        return _backward_line(model, spot, measure, room)
    if spot.part == "output":
        outward = scene if scene.by == "output" else model.by_output()
        return written_text(outward, _index(spot.cell, outward.case.out_size), measure, room)
    if spot.part == "input" and scene.case.kind == "transposed":
        return _stamp_line(model, spot, measure, room)
    return _uses(model, spot)


def _spot(model: SceneModel) -> Spot:
    """The cell that is lit."""
    focus = model.highlight().focus
    assert focus is not None, "a highlight has the cell it belongs to"
    return focus


def _index(cell: tuple[int, ...], size: tuple[int, ...]) -> int:
    at = 0
    for place, length in zip(cell, size, strict=True):
        at = at * length + place
    return at


def _backward_line(model: SceneModel, spot: Spot, measure: Measure | None, room: float) -> str:
    scene = model.scene
    if spot.part == "input":
        return written_text(scene, _index(spot.cell, scene.case.in_size), measure, room)
    if spot.part == "kernel" and model.scene.gradients.kernel is not None:
        place = model.scene.kernel_place
        if place is not None:
            value = model.scene.gradients.kernel[(*place, *spot.cell)]
            return f"∂w({_at(spot)}) = Σ ∂y · x = {number_text(value)}"
    return _uses(model, spot)


def _stamp_line(model: SceneModel, spot: Spot, measure: Measure | None, room: float) -> str:
    """y(0,0) += 2·1, y(0,1) += 2·0 …: what an input cell adds, and where."""
    scene = model.scene
    assert scene.w is not None, "a transposed convolution has weights"
    value = scene.x[(scene.in_channel, *spot.cell)]
    taps = scene.plan.stamp_at(spot.cell, scene.in_channel).taps
    parts = [
        f"y({','.join(map(str, tap.output))}) += {number_text(value)}·"
        f"{number_text(scene.w[scene.plan.weight_place(tap)])}"
        for tap in taps
        if tap.output_channel == scene.out_channel
    ]
    head = f"x({_at(spot)}) = {number_text(value)}:  "

    def line(kept: int) -> str:
        return head + ",  ".join([*parts[:kept], *(["…"] if kept < len(parts) else [])])

    return longest_that_fits(line, len(parts), measure, room)


def _uses(model: SceneModel, spot: Spot) -> str:
    """How often a cell takes part, where it is no sum."""
    scene, lit = model.scene, model.highlight()
    at = _at(spot)
    if spot.part == "input":
        value = number_text(scene.x[(scene.in_channel, *spot.cell)])
        if len(lit.outputs) == 1:
            return tr("x({at}) = {value} is read by one output cell", at=at, value=value)
        return tr("x({at}) = {value} is read by {n} output cells", at=at, value=value,
                  n=len(lit.outputs))  # fmt: skip
    if spot.part == "kernel":
        plane = scene.kernel_plane
        row, column = spot.cell if len(spot.cell) == 2 else (0, spot.cell[0])
        value = "" if plane is None else f" = {number_text(plane[row, column])}"
        return tr("w({at}){value} is used {n} times", at=at, value=value, n=len(lit.entries))
    if spot.part == "matrix":
        found = scene.entry_at(*spot.cell)
        value = "0" if found is None else number_text(scene.entries[found])
        why = "" if found is not None else tr(": these two cells never meet")
        name = "Cᵀ" if scene.case.kind == "transposed" else "C"
        return f"{name}({at}) = {value}{why}"
    value = number_text(scene.y[(scene.out_channel, *spot.cell)])
    return f"y({at}) = {value}"


def _at(spot: Spot) -> str:
    return ",".join(map(str, spot.cell))


def _layer_text(model: SceneModel) -> tuple[str, State] | None:
    """Whether a layer's numbers make the feature map's value; None of numbers of one's own."""
    session, example = model.session, model.example
    found = session.numbers
    if example.layer is None or not isinstance(found, LayerNumbers) or found.x is not example.x:
        return None
    if session.numbers_of != session.picture_key:
        return tr(
            "Equalled the feature map when it was loaded; the picture has changed since"
        ), "stale"
    gap = power_of_ten(found.difference)
    value = number_text(float(found.expected[found.unit_cell]))
    if found.equal:
        at = ", ".join(map(str, found.unit))
        said = tr("Equals the feature map at ({at}): {value}, difference {gap}",
                  at=at, value=value, gap=gap)  # fmt: skip
        return said, "holds"
    return tr("The feature map has {value}, a difference of {gap}", value=value, gap=gap), "fails"


def check_text(model: SceneModel) -> tuple[str, State]:
    """What was compared and how far apart it is, and what that means; "" where nothing was."""
    if model.fault is not None:
        return "", "holds"
    own = _layer_text(model)
    if own is not None:
        return own
    found = model.comparison()
    if found is None:
        return "", "holds"
    gap = power_of_ten(found.difference)
    three = found.forms == 3
    if found.equal:
        said = tr("All three agree, difference {gap}", gap=gap) if three else tr(
            "Sliding and C x agree, difference {gap}", gap=gap
        )  # fmt: skip
        return said, "holds"
    return tr("They differ by {gap}", gap=gap), "fails"
