"""The three docks around the canvas and what each workspace puts in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QStackedWidget, QToolButton, QWidget

from viewer.controls.panel_title import PanelTitle
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.translation import say

Area = Qt.DockWidgetArea
NARROW, LOW = 1440, 900
FOLDED = 36
"""Height of a folded bottom dock: its title."""
LARGEST = 16777215
STRIP, LOW_STRIP = 244, 132
"""Height of the canvas over the arithmetic, in a high window and in a low one."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes in logical pixels of a workspace's docks: wide window, then narrow."""

    left: int
    right: int
    bottom: int
    right_narrow: int


SIZES: dict[str, Sizes] = {
    "build": Sizes(left=272, right=320, bottom=224, right_narrow=320),
    "fields": Sizes(left=0, right=452, bottom=252, right_narrow=340),
    "arithmetic": Sizes(left=280, right=340, bottom=LARGEST, right_narrow=300),
    "live": Sizes(left=236, right=420, bottom=170, right_narrow=340),
}


class ClippedPanel(Guarded, QWidget):
    """Shows the upper part of a panel that is taller than the room it is given."""

    def __init__(self, panel: QWidget) -> None:
        super().__init__()
        self._panel = panel
        panel.setParent(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The panel keeps the height it needs."""
        needed = self._panel.minimumSizeHint().height()
        self._panel.setGeometry(0, 0, self.width(), max(self.height(), needed))


class Docks:
    """Left: what goes in. Right: what comes out. Bottom: all layers at once."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._plans: dict[tuple[str, str], Callable[[], QWidget]] = {}
        self._pages: dict[tuple[str, str], QWidget] = {}
        self._folds: list[QToolButton] = []
        self.left = self._dock("left", Area.LeftDockWidgetArea)
        self.right = self._dock("right", Area.RightDockWidgetArea)
        self.bottom = self._dock("bottom", Area.BottomDockWidgetArea)
        self.hidden = False
        self.folded: bool | None = None
        """Whether the bottom dock is folded; None folds it where the window is low."""
        window.setCorner(Qt.Corner.BottomLeftCorner, Area.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, Area.RightDockWidgetArea)

    def _dock(self, name: str, area: Area) -> QDockWidget:
        dock = QDockWidget(self._window)
        dock.setObjectName(f"dock-{name}")
        dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        empty = QWidget(dock)
        empty.setFixedHeight(0)
        dock.setTitleBarWidget(empty)  # each panel brings its own 36 px title
        stack = QStackedWidget(dock)
        dock.setWidget(stack)
        self._window.addDockWidget(area, dock)
        return dock

    def plan(self, side: str, workspace: str, make: Callable[[], QWidget]) -> None:
        """The panel of the dock `left`, `right` or `bottom` of a workspace, made when needed."""
        self._plans[side, workspace] = make

    def make_all(self) -> Iterator[QWidget]:
        """Make the panels that nobody has needed yet, one for each item taken."""
        for side, workspace in tuple(self._plans):
            if (side, workspace) not in self._pages:
                yield self._made(side, workspace)

    def _made(self, side: str, workspace: str) -> QWidget:
        page = self._pages.get((side, workspace))
        if page is None:
            panel = self._plans[side, workspace]()
            page = self._pages[side, workspace] = ClippedPanel(panel) if side == "bottom" else panel
            self._stack(side).addWidget(page)
            asked = getattr(panel, "roomAsked", None)
            if asked is not None:
                asked.connect(lambda: self._unfold(workspace))
            title = panel.findChild(PanelTitle)
            if side == "bottom" and title is not None:
                title.add(self._fold_button(workspace))
        return page

    def _fold_button(self, workspace: str) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        say(button, button.setToolTip, "Fold or unfold")
        say(button, button.setAccessibleName, "Fold or unfold")
        button.setIcon(self._fold_icon())
        button.clicked.connect(lambda: self._fold(workspace))
        self._folds.append(button)
        return button

    def _fold(self, workspace: str) -> None:
        self.folded = not self._is_folded()
        self.show(workspace)

    def _unfold(self, workspace: str) -> None:
        if self._is_folded():
            self._fold(workspace)

    def _is_folded(self) -> bool:
        return self._window.height() < LOW if self.folded is None else self.folded

    def _stack(self, side: str) -> QStackedWidget:
        stack = {"left": self.left, "right": self.right, "bottom": self.bottom}[side].widget()
        assert isinstance(stack, QStackedWidget)
        return stack

    def show(self, workspace: str) -> None:
        """Bring up the docks of a workspace in the sizes that suit the window."""
        sizes = SIZES[workspace]
        for side, dock in (("left", self.left), ("right", self.right), ("bottom", self.bottom)):
            planned = (side, workspace) in self._plans
            if planned:
                self._stack(side).setCurrentWidget(self._made(side, workspace))
            dock.setVisible(planned and not self.hidden)
        narrow = self._window.width() < NARROW
        right = sizes.right_narrow if narrow else sizes.right
        self._stack("left").setMinimumWidth(sizes.left)
        self._stack("right").setMinimumWidth(right)
        horizontal = Qt.Orientation.Horizontal
        self._window.resizeDocks([self.left, self.right], [sizes.left or 1, right], horizontal)
        self._show_bottom(sizes, fills=sizes.bottom == LARGEST)

    def _show_bottom(self, sizes: Sizes, fills: bool) -> None:
        """The bottom dock in its height; one that fills takes what the canvas leaves."""
        folded = self._is_folded() and not fills
        stack = self._stack("bottom")
        if folded:
            stack.setFixedHeight(FOLDED)
        else:
            stack.setMaximumHeight(LARGEST)
            low = self._window.height() < LOW and not fills
            height = min(sizes.bottom, 190) if low else sizes.bottom
            stack.setMinimumHeight(min(height, 120))
            self._window.resizeDocks([self.bottom], [height], Qt.Orientation.Vertical)
        for button in self._folds:
            button.setIcon(self._fold_icon())

    def _fold_icon(self) -> QIcon:
        return icon("chevron-up" if self._is_folded() else "chevron-down")

    def size_class(self) -> tuple[bool, bool]:
        """Whether the window is narrow, and whether it is low."""
        return self._window.width() < NARROW, self._window.height() < LOW

    def toggle(self, workspace: str) -> None:
        """Hide all panels, or bring them back."""
        self.hidden = not self.hidden
        self.show(workspace)

    def panels(self, workspace: str) -> list[QWidget]:
        """The panels of a workspace, in the order of the F6 key."""
        return [
            self._made(side, workspace)
            for side in ("left", "right", "bottom")
            if (side, workspace) in self._plans
        ]
