"""The commands of the menu View that move between workspaces and panels."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from viewer.session import Session
from viewer.session.command import Command
from viewer.shell.docks import Docks
from viewer.shell.tab_order import TabOrder


class ViewCommands:
    """Goes to a workspace or a panel, and hides the panels.

    `window` is asked for the widget with the focus; `first` and `canvas` are stops of the F6 key
    beside the panels.
    """

    def __init__(
        self, session: Session, docks: Docks, window: QWidget, first: QWidget, canvas: QWidget
    ) -> None:
        self._session = session
        self._docks = docks
        self._window = window
        self._first = first
        self._canvas = canvas
        self.tab_order = TabOrder(window, self._parts)

    def _parts(self) -> list[QWidget]:
        """The parts of the window in their order; what stands round tabs and canvas included."""
        left, others = self._panels()
        top, middle = self._first.parentWidget(), self._canvas.parentWidget()
        return [each for each in (top, *left, middle, *others) if each is not None]

    def workspace_rows(self) -> tuple[Command, ...]:
        """A command for each workspace, in the order of the tabs."""
        go = self._session.set_view
        return tuple(
            Command(
                row.key,
                row.title,
                partial(go, workspace=row.key),
                "view",
                (row.shortcut,) if row.shortcut else (),
                other=row.other,
            )
            for row in self._session.workspaces.rows
        )

    def toggle_panels(self) -> None:
        """Give the canvas the whole window, or bring the panels back."""
        self._session.set_view(panels_hidden=not self._session.view.panels_hidden)

    def next_panel(self) -> None:
        """Go round top bar, panels and canvas."""
        left, others = self._panels()
        stops: list[QWidget] = [self._first, *left, self._canvas, *others]
        focus = self._window.focusWidget()
        here = -1
        for i, stop in enumerate(stops):
            if focus is not None and (focus is stop or stop.isAncestorOf(focus)):
                here = i
                break
        _take_focus(stops[(here + 1) % len(stops)])

    def _panels(self) -> tuple[list[QWidget], list[QWidget]]:
        """The panels of the workspace left of the canvas, and the others."""
        panels = self._docks.panels(self._session.view.workspace)
        left_dock = (self._docks.left.widget(), self._docks.floating)
        left = [p for p in panels if p.parentWidget() in left_dock]
        return left, [p for p in panels if p not in left]


def _take_focus(target: QWidget) -> None:
    """Give the focus to a widget, or to the first in it that takes it by the Tab key.

    A panel that has nothing to press takes it itself, to be scrolled.
    """
    if target.focusPolicy() == Qt.FocusPolicy.NoFocus:
        inside = [w for w in target.findChildren(QWidget) if w.isVisible()]
        takes = [w for w in inside if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
        pressed = [w for w in takes if not isinstance(w, QScrollArea)]
        target = next(iter((*pressed, *takes)), target)
    target.setFocus(Qt.FocusReason.TabFocusReason)
