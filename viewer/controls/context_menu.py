"""Context menus: a widget lists the entries for a point of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QImage
from PySide6.QtWidgets import QMenu, QWidget

from viewer.text.translation import mark, tr


@dataclass(frozen=True)
class Entry:
    """One line of a menu: marked text with its values, and what it does; disabled without."""

    text: str
    run: Callable[[], object] | None
    values: Mapping[str, object] = field(default_factory=dict)
    keys: str = ""
    """The key sequence that does the same, shown at the right."""


SEPARATOR = Entry("", None)
"""A line between two groups of entries."""


def offer_menu(
    widget: QWidget,
    entries_at: Callable[[QPoint], Sequence[Entry]],
    actions: Callable[[], Sequence[QAction]] | None = None,
) -> None:
    """Show these entries at a right click on the widget or the Menu key; none is no menu.

    `entries_at` is given the place in the widget's own pixels. Below them stand these `actions`,
    by default the widget's own (`QWidget.addAction`).
    """

    def show(at: QPoint) -> None:
        menu = filled_menu(widget, entries_at(at), actions() if actions else widget.actions())
        if not menu.isEmpty():
            menu.popup(widget.mapToGlobal(at))

    widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    widget.customContextMenuRequested.connect(show)


def filled_menu(
    widget: QWidget, entries: Sequence[Entry], actions: Sequence[QAction] = ()
) -> QMenu:
    """A menu of these entries and actions; it goes when it is closed."""
    menu = QMenu(widget)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for entry in entries:
        if entry is SEPARATOR:
            menu.addSeparator()
            continue
        text = tr(entry.text, **entry.values)
        action = menu.addAction(f"{text}\t{entry.keys}" if entry.keys else text)
        action.setEnabled(entry.run is not None)
        if entry.run is not None:
            action.triggered.connect(lambda _=False, run=entry.run: run())
    if entries and actions:
        menu.addSeparator()
    menu.addActions(actions)
    return menu


def copy_entry(text: str, image: QImage | None, **values: object) -> Entry:
    """An entry that puts an image on the clipboard; disabled while there is none."""
    if image is None or image.isNull():
        return Entry(text, None, values)
    return Entry(text, lambda: QGuiApplication.clipboard().setImage(image), values)


def offer_picture(widget: QWidget) -> None:
    """Let what a widget shows be copied as a picture by its right mouse button."""
    offer_menu(widget, lambda _: (copy_entry(mark("Copy picture"), widget.grab().toImage()),))


@runtime_checkable
class RowTable(Protocol):
    """A table that can write its rows as text."""

    def copied(self) -> str:
        """The rows to copy with their headings, tabs between cells; no cell is a formula."""

    def indexAt(self, point: QPoint, /) -> QModelIndex:
        """The cell at a point."""

    def selectAll(self) -> None:
        """Select every row."""


def table_entries(table: RowTable, at: QPoint) -> tuple[Entry, ...]:
    """Copy the cell at a point or the selected rows; select all rows."""
    index = table.indexAt(at)
    cell = str(index.data() or "") if index.isValid() else ""
    clip = QGuiApplication.clipboard()
    return (
        Entry(mark("Copy cell"), (lambda: clip.setText(cell)) if cell else None),
        Entry(mark("Copy rows"), lambda: clip.setText(table.copied())),
        SEPARATOR,
        Entry(mark("Select all"), table.selectAll),
    )
