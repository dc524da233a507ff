"""The list of saved steps: to save, name, order, delete, show and export them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from analysis.storage.presentation_step import MOST_STEPS
from viewer.controls import labelled
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.edits import presentation_steps
from viewer.shell.presenting.presenter import Presenter
from viewer.text.escaping import name_text
from viewer.text.translation import mark, say, tr

SIZE = (520, 420)


class StepsDialog(Guarded, QDialog):
    """Stays open beside the window; every change in it is an undoable step of the document."""

    def __init__(
        self, session: Session, presenter: Presenter, export: Callable[[], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("presentation-steps")
        self._session, self._presenter = session, presenter
        self._writes = False
        say(self, self.setWindowTitle, mark("Steps of the presentation"))
        self.list = QListWidget()
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        say(self, self.list.setAccessibleName, mark("Steps of the presentation"))
        self.list.installEventFilter(self)
        self.list.itemChanged.connect(self._renamed)
        self.list.currentRowChanged.connect(self._enable)
        self.hint = labelled("muted")
        self.hint.setWordWrap(True)
        self.buttons: dict[str, QPushButton] = {}
        self._add_button("save", mark("Save what is shown"), self._save)
        self._add_button("again", mark("Save again"), self._save_again)
        self._add_button("show", mark("Show"), self._show)
        self._add_button("rename", mark("Rename"), self._rename)
        self._add_button("up", mark("Move up"), partial(self._move, -1))
        self._add_button("down", mark("Move down"), partial(self._move, 1))
        self._add_button("delete", mark("Delete the step"), self._delete)
        self._add_button("export", mark("Export…"), export)
        self._add_button("present", mark("Present"), self._present)
        self.buttons["present"].setProperty("role", "primary")
        self._lay_out()
        session.documentChanged.connect(self.write)
        self.write()
        if presenter.now.at is not None:
            self.list.setCurrentRow(presenter.now.at)

    def _add_button(self, key: str, text: str, run: Callable[[], object]) -> None:
        button = QPushButton()
        button.setAutoDefault(False)
        say(self, button.setText, text)
        button.clicked.connect(lambda _=False: run())
        self.buttons[key] = button

    def _lay_out(self) -> None:
        say(
            self,
            self.hint.setText,
            mark("A step is the view as it is now: workspace, selection, pins, zoom and gates."),
        )
        at_side = QVBoxLayout()
        at_side.setSpacing(8)
        for key in ("save", "again", "show", "rename", "up", "down", "delete"):
            at_side.addWidget(self.buttons[key])
        at_side.addStretch(1)
        across = QHBoxLayout()
        across.setSpacing(12)
        across.addWidget(self.list, 1)
        across.addLayout(at_side)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.hint, 1)
        foot.addWidget(self.buttons["export"])
        foot.addWidget(self.buttons["present"])
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(across, 1)
        column.addLayout(foot)
        self.resize(*SIZE)

    # ------------------------------------------------------------------ what is listed

    def write(self, *_: object) -> None:
        """List the steps as they are; the same place stays chosen."""
        self._writes = True
        row, names = self.list.currentRow(), [s.name for s in self._session.document.steps]
        while self.list.count() > len(names):
            self.list.takeItem(self.list.count() - 1)
        while self.list.count() < len(names):
            item = QListWidgetItem()
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.list.addItem(item)
        for at, name in enumerate(names):
            item = self.list.item(at)
            if item.text() != name:
                item.setText(name)
            item.setToolTip(tr("Step {n}", n=at + 1) + f": {name_text(name)}")
        self._writes = False
        self.list.setCurrentRow(min(max(row, 0), len(names) - 1))
        self._enable()

    @property
    def row(self) -> int | None:
        """The place of the chosen step."""
        row = self.list.currentRow()
        return row if 0 <= row < len(self._session.document.steps) else None

    def _enable(self, *_: object) -> None:
        row, count = self.row, len(self._session.document.steps)
        for key in ("again", "show", "rename", "delete"):
            self.buttons[key].setEnabled(row is not None)
        self.buttons["up"].setEnabled(row is not None and row > 0)
        self.buttons["down"].setEnabled(row is not None and row + 1 < count)
        self.buttons["export"].setEnabled(count > 0)
        self.buttons["save"].setEnabled(count < MOST_STEPS)

    # ------------------------------------------------------------------ what is done

    def _save(self) -> None:
        self.list.setCurrentRow(
            presentation_steps.add(self._session, self._presenter.region, self.row)
        )

    def _save_again(self) -> None:
        if self.row is not None:
            presentation_steps.update(self._session, self.row, self._presenter.region)

    def _show(self) -> None:
        if self.row is not None:
            self._presenter.go(self.row)

    def _rename(self) -> None:
        if self.row is not None:
            self.list.setFocus()
            self.list.editItem(self.list.item(self.row))

    def _renamed(self, item: QListWidgetItem) -> None:
        if self._writes:
            return
        at = self.list.row(item)
        if item.text().strip():
            presentation_steps.rename(self._session, at, item.text())
        self.write()

    def _move(self, by: int) -> None:
        if self.row is not None:
            self.list.setCurrentRow(presentation_steps.move(self._session, self.row, self.row + by))

    def _delete(self) -> None:
        if self.row is not None:
            presentation_steps.remove(self._session, self.row)

    def _present(self) -> None:
        self.close()
        self._presenter.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the list: Enter shows, F2 renames, Delete deletes, Ctrl+Up and Ctrl+Down move."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if self.list.state() == QAbstractItemView.State.EditingState:
            return False
        held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._show()
            case Qt.Key.Key_F2:
                self._rename()
            case Qt.Key.Key_Delete:
                self._delete()
            case Qt.Key.Key_Up if held:
                self._move(-1)
            case Qt.Key.Key_Down if held:
                self._move(1)
            case _:
                return super().eventFilter(watched, event)
        return True
