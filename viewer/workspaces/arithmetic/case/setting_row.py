"""One setting of the case: its name and numbers, and under them what is wrong and what mends it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from analysis.arithmetic import Case, check, faulty_setting, repair
from analysis.faults import Fault
from viewer.controls import Field
from viewer.text.translation import say, tr
from viewer.workspaces.arithmetic.case.axis_boxes import AxesBox
from viewer.workspaces.arithmetic.case.setting_names import LABEL, SETTINGS


class SettingField(Field):
    """A field that offers to mend the fault it shows."""

    repairAsked = Signal()

    def __init__(self, label: str, editor: QWidget, hint: str) -> None:
        super().__init__(label, editor, LABEL)
        say(self, self.setToolTip, hint)
        self.repair = QPushButton()
        self.repair.setProperty("role", "small")
        self.repair.clicked.connect(lambda *_: self.repairAsked.emit())
        self.repair.hide()
        column = self.layout()
        assert column is not None
        column.addWidget(self.repair)
        column.setAlignment(self.repair, Qt.AlignmentFlag.AlignLeft)

    def show_fault(self, sentence: str, button: str = "", axis: int | None = None) -> None:
        """Say what is wrong with the numbers of `axis` (None: with any) and what would do."""
        self.set_note(sentence)
        self.repair.setText(button)
        self.repair.setVisible(bool(sentence))
        if isinstance(self.editor, AxesBox):
            self.editor.set_wrong(bool(sentence), axis)


def offer(case: Case, fault: Fault) -> str:
    """What the button says that takes the nearest setting that works: `Use 4`.

    Where other settings have to change as well they are named.
    """
    if check(case) is None:
        return tr("Back to the last that worked")
    mended = repair(case, fault)
    blamed, _ = faulty_setting(fault)
    parts = [_written(getattr(mended, blamed))]
    for name, label in SETTINGS.items():
        if name != blamed and getattr(mended, name) != getattr(case, name):
            parts.append(f"{tr(label)} {_written(getattr(mended, name))}")
    return tr("Use {value}", value=tr(", ").join(parts))


def _written(value: int | tuple[int, ...]) -> str:
    if isinstance(value, int) or len(set(value)) == 1:
        return str(value if isinstance(value, int) else value[0])
    return " × ".join(map(str, value))
