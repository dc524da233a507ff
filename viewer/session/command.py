"""A command as one row: menus, keys and the command palette are made of such rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Menu = Literal["file", "edit", "view", "model", "image", "help"]
SEPARATOR = "-"


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its id, English title, what it does, and where it is found."""

    id: str
    title: str
    """Marked for translation."""
    run: Callable[[], object]
    menu: Menu
    keys: tuple[str, ...] = ()
    """Key sequences as QKeySequence reads them."""
    checkable: bool = False
    in_palette: bool = True
    """Whether the command palette offers it."""
    under: str = ""
    """The title, marked for translation, of the menu inside its menu that holds it."""
    other: str = ""
    """Other words that the command palette finds it by, the same in every language."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A line of the command palette: what is shown and what choosing it does."""

    text: str
    note: str
    run: Callable[[], object]
    other: str = ""
    """Other words it is found by."""


def separator(menu: Menu) -> Command:
    """A line in a menu."""
    return Command(SEPARATOR, "", lambda: None, menu)
