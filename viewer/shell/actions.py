"""Every command of the window as one row: menus, keys and the command box are made of these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from viewer.text.translation import mark, say

SEPARATOR = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """A command: its id, English title, what it does, and where it is found."""

    id: str
    title: str
    run: Callable[[], object]
    menu: str
    keys: tuple[str, ...] = ()
    checkable: bool = False
    in_box: bool = True
    """Whether the command box offers it."""


MENUS = {
    "file": mark("&File"),
    "edit": mark("&Edit"),
    "view": mark("&View"),
    "model": mark("&Model"),
    "image": mark("&Image"),
    "help": mark("&Help"),
}


def make_actions(owner: QWidget, rows: tuple[Row, ...]) -> dict[str, QAction]:
    """One QAction a row, by id, with its keys known to `owner`; separators are left out."""
    actions: dict[str, QAction] = {}
    for row in rows:
        if row.id == SEPARATOR:
            continue
        action = QAction(owner)
        say(owner, action.setText, row.title)
        action.setShortcuts([QKeySequence(key) for key in row.keys])
        action.setCheckable(row.checkable)
        action.triggered.connect(lambda _=False, run=row.run: run())
        owner.addAction(action)
        actions[row.id] = action
    return actions


def fill_menus(
    owner: QWidget, bar: QMenuBar, rows: tuple[Row, ...], actions: Mapping[str, QAction]
) -> dict[str, QMenu]:
    """The menu bar of these rows in their order; the menus by key."""
    menus: dict[str, QMenu] = {}
    for key, title in MENUS.items():
        menu = QMenu(bar)
        say(owner, menu.setTitle, title)
        bar.addMenu(menu)
        menus[key] = menu
    for row in rows:
        if row.id == SEPARATOR:
            menus[row.menu].addSeparator()
        else:
            menus[row.menu].addAction(actions[row.id])
    return menus


def separator(menu: str) -> Row:
    """A line in a menu."""
    return Row(SEPARATOR, "", lambda: None, menu)
