"""What spin boxes of whole and of real numbers share: several values at once, and sums."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox

from viewer.controls.arithmetic import SUM, TYPED
from viewer.controls.range_hint import say_limits, say_refused
from viewer.text.translation import tr

Verdict: TypeAlias = tuple[QValidator.State, str, int]
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SeveralValues:
    """Lets a spin box show `mixed` where it stands for several values, and take sums.

    `evaluated(text)` is the number that a sum gives, None where it gives none. While the box is
    mixed its lowest value lies one below `low`, since Qt writes a special text at the lowest.
    """

    def __init__(
        self,
        box: QSpinBox | QDoubleSpinBox,
        low: float,
        evaluated: Callable[[str], float | None],
    ) -> None:
        self._box, self._low, self._evaluated = box, low, evaluated
        self.mixed = False
        box.valueChanged.connect(self._chosen)
        box.editingFinished.connect(self._leave)

    def show(self, value: float) -> None:
        """Show one value without a signal."""
        if self._box.value() != value or self.mixed:
            blocked = self._box.blockSignals(True)
            self._box.setValue(self._of_box(value))
            self.mixed = False
            self._leave()
            self._box.blockSignals(blocked)

    def show_mixed(self) -> None:
        """Show that there are several, without a signal."""
        self.mixed = True
        blocked = self._box.blockSignals(True)
        self._box.setMinimum(self._of_box(self._low - 1))
        self._box.setSpecialValueText(tr("mixed"))
        self._box.setValue(self._of_box(self._low - 1))
        self._box.blockSignals(blocked)

    def validated(self, text: str, position: int, of_qt: Callable[[str, int], object]) -> Verdict:
        """What `validate` answers; a key that is refused says what would do."""
        if SUM.search(text) and TYPED.fullmatch(text):
            return QValidator.State.Intermediate, text, position
        answer = of_qt(text, position)
        assert isinstance(answer, tuple)
        too_low = self._is_lowered and answer[0] == QValidator.State.Acceptable
        if too_low and self._box.valueFromText(text) < self._low:
            return QValidator.State.Intermediate, text, position
        if answer[0] == QValidator.State.Invalid:
            say_limits(self._box, *self._limits())
        return answer

    def fixed(self, text: str) -> str | None:
        """The value of a sum as text; None, and it is said why, where what is typed goes back."""
        found = self._evaluated(text)
        if found is not None and self._low <= found <= self._box.maximum():
            return self._text(found)
        if not self.mixed or text:
            say_refused(self._box, text, *self._limits())
        return None

    def swallows(self, event: QKeyEvent) -> bool:
        """Whether it is Enter in a mixed box, in which nothing was typed: that tells nothing."""
        untouched = self.mixed and self._box.text() == self._box.specialValueText()
        return untouched and event.key() in ENTER

    @property
    def _is_lowered(self) -> bool:
        return self._box.minimum() < self._low

    def _limits(self) -> tuple[str, str]:
        return self._text(self._low), self._text(self._box.maximum())

    def _text(self, value: float) -> str:
        return self._box.textFromValue(self._of_box(value))

    def _of_box(self, value: float) -> int:
        """The value in the type of the box; said to be whole, which both boxes take."""
        return value if isinstance(self._box, QDoubleSpinBox) else int(value)  # type: ignore[return-value]

    def _chosen(self) -> None:
        self.mixed = self.mixed and self._box.value() < self._low

    def _leave(self) -> None:
        """Once a value is chosen and nothing more is typed: this writes the text again."""
        if not self.mixed and self._is_lowered:
            self._box.setSpecialValueText("")
            self._box.setMinimum(self._of_box(self._low))
