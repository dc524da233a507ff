"""Type a few letters: go to a layer or run a command."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.command import Command, Offer
from viewer.text.block_names import full_name
from viewer.text.operator_names import operator_name
from viewer.text.translation import tr

WIDTH, ROWS = 460, 10
HYPHENS = str.maketrans("", "", "-–")
"""Takes hyphens out of a name: `U-Net++` is found by `unet++`."""


def rank(query: str, name: str, other: str = "") -> int | None:
    """How well a name answers a query, 0 best; None where some word stands in neither text.

    The name itself, its beginning, its words in order, all its words, then `other` words for it;
    there hyphens make no difference.
    """
    asked, low = " ".join(query.lower().split()), name.lower()
    words = asked.split()
    if low == asked:
        return 0
    if low.startswith(asked):
        return 1
    if f" {asked}" in low:
        return 2
    if all(word in low for word in words):
        return 3
    known = f"{low} {other.lower()}"
    known = f"{known} {known.translate(HYPHENS)}"
    return 4 if all(word in known or word.translate(HYPHENS) in known for word in words) else None


class CommandPalette(Guarded, QFrame):
    """A field with a list under it; arrows choose, Enter runs, Esc closes."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Popup)
        self.setProperty("role", "card")
        self._session = session
        self._window = window
        self._offers: list[Offer] = []
        self.field = QLineEdit(self)
        self.list = QListWidget(self)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(self.list)
        self.field.textChanged.connect(self._narrow)
        self.field.returnPressed.connect(self._run_current)
        self.list.itemClicked.connect(lambda _: self._run_current())
        self.field.installEventFilter(self)

    def offer(
        self,
        commands: Sequence[tuple[Command, QAction]],
        choices: Iterable[Offer] = (),
        further: Iterable[Offer] = (),
    ) -> None:
        """Open under the top bar with these commands, choices, every layer, and
        what the workspaces offer further.
        """
        self._offers = [
            Offer(
                tr(row.title),
                row.keys[0] if row.keys else "",
                action.trigger,
                f"{row.title} {row.other}",
            )
            for row, action in commands
            if row.in_palette and action.isEnabled()
        ]
        self._offers += choices
        self._offers += [self._layer(name) for name in self._layers()]
        self._offers += further
        self.field.setPlaceholderText(tr("A layer, an operator, a network or a command"))
        self.field.clear()
        self._narrow("")
        window = self._window
        corner = window.mapToGlobal(QPoint((window.width() - WIDTH) // 2, 48))
        self.move(corner)
        self.show()
        self._fit()
        self.field.setFocus()

    def _layers(self) -> list[str]:
        blocks = [block.id for block in self._session.blocks]
        nodes = [node.id for node in self._session.document.graph.nodes]
        return list(dict.fromkeys((*blocks, *nodes)))

    def _layer(self, name: str) -> Offer:
        graph = self._session.document.graph
        shape = self._session.shapes.get(name)
        size = " × ".join(map(str, shape)) if shape else ""
        operator = operator_name(graph[name].operator) if name in graph else tr("block")
        note = f"{operator}  {size}".strip()
        select = partial(self._session.set_view, selection=name)
        return Offer(full_name(name), note, select, f"{operator} {name}")

    def _narrow(self, query: str) -> None:
        self.list.clear()
        ranked = [(rank(query, each.text, each.other), each) for each in self._offers]
        known = [(place, each) for place, each in ranked if place is not None]
        found = [each for _, each in sorted(known, key=lambda pair: pair[0])] if query else []
        found = found or [each for _, each in known]
        for each in found[:200]:
            item = QListWidgetItem(f"{each.text}    {each.note}".rstrip())
            item.setData(Qt.ItemDataRole.UserRole, each)
            self.list.addItem(item)
        if found:
            self.list.setCurrentRow(0)
        else:
            item = QListWidgetItem(tr("Nothing is called that"))
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        self._fit()

    def _fit(self) -> None:
        """As high as the lines that are found, up to `ROWS`."""
        rows = min(self.list.count(), ROWS)
        line = max(self.list.sizeHintForRow(0), 1)
        self.list.setFixedHeight(rows * line + 2 * self.list.frameWidth())
        self.setFixedSize(WIDTH, self.sizeHint().height())

    def _run_current(self) -> None:
        item = self.list.currentItem()
        chosen = item.data(Qt.ItemDataRole.UserRole) if item else None
        if isinstance(chosen, Offer):
            self.close()
            chosen.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down move in the list while the field has the keys."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.matches(QKeySequence.StandardKey.Find) or (
                event.key() == Qt.Key.Key_K
                and event.modifiers() == Qt.KeyboardModifier.ControlModifier
            ):
                self.close()  # the keys that opened it
                return True
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step:
                last = self.list.count() - 1
                self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), last))
                return True
        return super().eventFilter(watched, event)
