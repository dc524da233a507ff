"""Makes Qt actions and menus of the rows of commands."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from viewer.session.command import SEPARATOR, Command, Menu
from viewer.text.translation import mark, say

MENUS: dict[Menu, str] = {
    "file": mark("&File"),
    "edit": mark("&Edit"),
    "view": mark("&View"),
    "model": mark("&Model"),
    "image": mark("&Image"),
    "help": mark("&Help"),
}


def make_actions(owner: QWidget, rows: tuple[Command, ...]) -> dict[str, QAction]:
    """One QAction a row, by id, with its keys known to `owner`; separators are left out.

    Two rows with one id are refused: the later one would take the other's place in its menu.
    """
    actions: dict[str, QAction] = {}
    for row in rows:
        if row.id == SEPARATOR:
            continue
        if row.id in actions:
            raise ValueError(f"two commands are called {row.id}")
        action = QAction(owner)
        say(owner, action.setText, row.title)
        action.setShortcuts([QKeySequence(key) for key in row.keys])
        action.setCheckable(row.checkable)
        action.triggered.connect(lambda _=False, run=row.run: run())
        owner.addAction(action)
        actions[row.id] = action
    return actions


def fill_menus(
    owner: QWidget, bar: QMenuBar, rows: tuple[Command, ...], actions: Mapping[str, QAction]
) -> dict[Menu, QMenu]:
    """The menu bar of these rows in their order; the menus by key."""
    menus: dict[Menu, QMenu] = {}
    for name, title in MENUS.items():
        menu = QMenu(bar)
        say(owner, menu.setTitle, title)
        bar.addMenu(menu)
        menus[name] = menu
    inner: dict[tuple[Menu, str], QMenu] = {}
    for row in rows:
        if row.id == SEPARATOR:
            menus[row.menu].addSeparator()
        elif row.under:
            key = row.menu, row.under
            if key not in inner:
                inner[key] = QMenu(menus[row.menu])
                say(owner, inner[key].setTitle, row.under)
                menus[row.menu].addMenu(inner[key])
            inner[key].addAction(actions[row.id])
        else:
            menus[row.menu].addAction(actions[row.id])
    return menus
