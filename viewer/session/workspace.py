"""Describes a workspace in one row: title, key, panels, commands, behaviour of the canvas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from PySide6.QtWidgets import QWidget

from viewer.session.canvas_mode import CanvasMode, SessionT
from viewer.session.command import Command, Offer
from viewer.session.parts import ViewPart

Side = Literal["left", "right", "bottom"]
ServicesT = TypeVar("ServicesT")


@dataclass(frozen=True, slots=True)
class DockPanel:
    """A panel beside or below the canvas, made when it is first needed, or while nothing happens.

    One that takes long has a method `fill`, which makes a part of it for each item it yields; what
    is needed of it sooner it makes by itself.
    Sizes are in logical pixels: the width at the sides, the height at the bottom. A bottom panel
    without a size takes all that a canvas strip leaves.
    """

    side: Side
    make: Callable[[], QWidget]
    size: int | None = None
    narrow_size: int | None = None
    """The size in a narrow window, where it is another one."""


@dataclass(frozen=True, slots=True)
class OngoingWork:
    """Work of a workspace that goes on for long, and that closing the window cuts off."""

    question: Callable[[], str]
    """What is asked before the window closes, translated; empty while nothing is under way."""
    hold: Callable[[], None]
    """Keeps what is done so far and waits, while it is asked."""
    release: Callable[[], None]
    """Goes on: the window stays open."""
    end: Callable[[], None]
    """Ends all of it, at once: the window closes."""


@dataclass(frozen=True)
class Contents:
    """The panels and commands of a workspace in one window."""

    panels: tuple[DockPanel, ...] = ()
    commands: tuple[Command, ...] = ()
    offers: Callable[[], Iterable[Offer]] = tuple
    """What the command palette finds beside the commands, asked for when it opens."""
    load: Callable[[], Iterator[object]] = lambda: iter(())
    """Loads what the panels need after the first paint, a short step for each item taken."""
    work: OngoingWork | None = None
    strip: Callable[[], QWidget] | None = None
    """Makes what stands below the top bar in every workspace; it hides itself where it has
    nothing to say."""


def no_contents(_: object) -> Contents:
    """A workspace of the canvas alone."""
    return Contents()


def no_status(_: object) -> str | None:
    """A workspace that says nothing of its own in the status bar."""
    return None


@dataclass(frozen=True)
class Workspace(Generic[SessionT, ServicesT]):
    """One row of the table of workspaces (`viewer.workspaces.registry`).

    It is generic over the session and over the services that panels are given, which stand in
    rooms above this one.
    """

    key: str
    """Its name in saved views."""
    title: str
    """Marked for translation."""
    shortcut: str = ""
    """The key sequence that opens it."""
    canvas: CanvasMode[SessionT] = field(default_factory=CanvasMode)
    contents: Callable[[ServicesT], Contents] = no_contents
    """Called once for each window."""
    view_parts: tuple[type[ViewPart], ...] = ()
    """What it saves with the view."""
    gestures: tuple[tuple[str, str], ...] = ()
    """What pointer and keys do there beside its commands: what is pressed, what it does, marked."""
    status: Callable[[SessionT], str | None] = no_status
    """What the status bar says at the left, translated; None leaves it what it says anyway."""
    shows_layers: bool = False
    """It answers a request to show the arithmetic of a layer (`Session.layerAsked`)."""
    other: str = ""
    """Other words that the command palette finds it by, the same in every language."""
    is_first: bool = False
    """It is shown where nothing says which; without such a row the first in order is."""


@dataclass(frozen=True)
class Workspaces(Generic[SessionT, ServicesT]):
    """The table of all workspaces, in the order of their tabs; each key stands in it once."""

    rows: tuple[Workspace[SessionT, ServicesT], ...] = ()

    def __post_init__(self) -> None:
        twice = {key for key in self.keys if self.keys.count(key) > 1}
        if twice:
            raise ValueError(f"more than one workspace has the key {', '.join(sorted(twice))}")

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the workspaces in their order."""
        return tuple(row.key for row in self.rows)

    def row(self, key: str) -> Workspace[SessionT, ServicesT]:
        """The workspace of that name; one of the canvas alone where there is none."""
        for row in self.rows:
            if row.key == key:
                return row
        return Workspace(key, key)

    def known(self, key: str) -> str:
        """`key` where a workspace has it, else that of the workspace shown first."""
        if key in self.keys or not self.rows:
            return key
        return next((row.key for row in self.rows if row.is_first), self.rows[0].key)

    @property
    def show_layers(self) -> bool:
        """Whether some workspace shows the arithmetic of a layer."""
        return any(row.shows_layers for row in self.rows)

    @property
    def view_parts(self) -> tuple[type[ViewPart], ...]:
        """What all workspaces save with the view."""
        return tuple(part for row in self.rows for part in row.view_parts)
