"""Manages the three docks around the canvas and the panels of each workspace in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QStackedWidget, QToolButton, QWidget

from viewer.controls.panel_title import PanelTitle
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.workspace import Contents, DockPanel, Side
from viewer.shell.panel_strip import FRAME, STRIP_WIDTH, FloatingPanel, PanelStrip, beside
from viewer.text.translation import say

Area = Qt.DockWidgetArea
NARROW, LOW = 1440, 900
SMALLEST_CANVAS = (560, 320)
FOLDED = 36
"""Height of a folded bottom dock: its title."""
LARGEST = 16777215
LEAST_ABOVE = 44 + 28 + 300
"""Px of the window that a bottom panel which asks for height leaves: bars and a canvas."""
STRIP, LOW_STRIP = 244, 132
"""Height of the canvas over the arithmetic, in a high window and in a low one."""


class ClippedPanel(Guarded, QWidget):
    """Shows the upper part of a panel that is taller than the room it is given."""

    def __init__(self, panel: QWidget) -> None:
        super().__init__()
        self._panel = panel
        panel.setParent(self)

    def show_folded(self, folded: bool) -> int:
        """The height in px of the panel when folded: its title, and what it keeps in sight."""
        fold = getattr(self._panel, "show_folded", None)
        return FOLDED if fold is None else FOLDED + int(fold(folded))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The panel keeps the height it needs."""
        needed = self._panel.minimumSizeHint().height()
        self._panel.setGeometry(0, 0, self.width(), max(self.height(), needed))


class Docks:
    """Left: what goes in. Right: what comes out. Bottom: all layers at once."""

    def __init__(
        self, window: QMainWindow, contents: Mapping[str, Contents], session: Session
    ) -> None:
        """The panels of `contents`, by the key of their workspace, come into docks of `window`.

        What is hidden and folded is part of the session's view; the window calls `show` when it
        has changed.
        """
        self._window = window
        self._session = session
        self._panels: dict[tuple[Side, str], DockPanel] = {
            (panel.side, key): panel for key, each in contents.items() for panel in each.panels
        }
        self._pages: dict[tuple[Side, str], QWidget] = {}
        self._made_ahead: dict[tuple[Side, str], QWidget] = {}
        """Panels that are made and not in their dock yet."""
        self._fill: dict[tuple[Side, str], Callable[[], Iterator[object]]] = {}
        """What makes the rest of those panels that take long, in parts."""
        self._heights: dict[str, int] = {}
        """What the bottom panel of a workspace asks for, in px."""
        self._folds: list[QToolButton] = []
        self._shown = ""
        self.covered = False
        """Whether something else has the room of canvas and docks."""
        self.left = self._dock("left", Area.LeftDockWidgetArea)
        self.right = self._dock("right", Area.RightDockWidgetArea)
        self.bottom = self._dock("bottom", Area.BottomDockWidgetArea)
        self._dock_at: dict[Side, QDockWidget] = {
            "left": self.left,
            "right": self.right,
            "bottom": self.bottom,
        }
        self.strip = PanelStrip()
        self.strip.asked.connect(self._toggle_floating)
        self._stack("left").addWidget(self.strip)
        self.floating = FloatingPanel(window)
        self.floating.closed.connect(self.put_back)
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

    def make_all(self) -> Iterator[object]:
        """Make the panels not needed so far, a part of one for each item of the iterator."""
        for side, workspace in self._panels:
            if (side, workspace) not in self._pages:
                yield self._panel(side, workspace)
                yield self._made(side, workspace)
            yield from self._fill.get((side, workspace), lambda: iter(()))()

    def _panel(self, side: Side, workspace: str) -> QWidget:
        """A panel by itself; put into its dock it takes the style sheet, which takes its time."""
        place = side, workspace
        if place not in self._made_ahead:
            self._made_ahead[place] = self._panels[place].make()
        return self._made_ahead[place]

    def _made(self, side: Side, workspace: str) -> QWidget:
        page = self._pages.get((side, workspace))
        if page is None:
            panel = self._panel(side, workspace)
            del self._made_ahead[side, workspace]
            page = self._pages[side, workspace] = ClippedPanel(panel) if side == "bottom" else panel
            self._stack(side).addWidget(page)
            if (fill := getattr(panel, "fill", None)) is not None:
                self._fill[side, workspace] = fill
            asked = getattr(panel, "roomAsked", None)
            if asked is not None:
                asked.connect(self._unfold)
            taller = getattr(panel, "heightAsked", None)
            if taller is not None:
                taller.connect(self._give_height)
                self._heights[workspace] = getattr(panel, "height_asked", 0)
            title = panel.findChild(PanelTitle)
            if side == "bottom" and title is not None:
                title.add(self._fold_button())
        return page

    def _fold_button(self) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        say(button, button.setToolTip, "Fold or unfold")
        say(button, button.setAccessibleName, "Fold or unfold")
        button.setIcon(self._fold_icon())
        button.clicked.connect(self._fold)
        self._folds.append(button)
        return button

    def _fold(self) -> None:
        self._session.set_view(bottom_folded=not self._is_folded())

    def _unfold(self) -> None:
        if self._is_folded():
            self._fold()

    def _give_height(self, height: int) -> None:
        """Give the bottom dock the height in px that its panel asks for; unfold it to grow."""
        workspace = self._shown
        if ("bottom", workspace) not in self._panels:
            return
        before = self._heights.get(workspace, 0)
        self._heights[workspace] = height
        if height > before > 0 and self._is_folded():
            self._fold()
        self._show_bottom(self._panels["bottom", workspace])

    def _is_folded(self) -> bool:
        chosen = self._session.view.bottom_folded
        return self._window.height() < LOW if chosen is None else chosen

    def _stack(self, side: Side) -> QStackedWidget:
        stack = self._dock_at[side].widget()
        assert isinstance(stack, QStackedWidget)
        return stack

    def show(self, workspace: str) -> None:
        """Bring up the docks of a workspace in the sizes that suit the window."""
        self._shown = workspace
        self.put_back()
        for side, dock in self._dock_at.items():
            planned = (side, workspace) in self._panels
            if planned:
                self._stack(side).setCurrentWidget(self._made(side, workspace))
            hidden = self._session.view.panels_hidden or self.covered
            dock.setVisible(planned and not hidden)
        if self._is_tight(workspace):
            self.strip.name = self._made("left", workspace).findChild(PanelTitle)
            self._stack("left").setCurrentWidget(self.strip)
        left, right = self._width("left", workspace), self._width("right", workspace)
        self._stack("left").setMinimumWidth(left)
        self._stack("left").setMaximumWidth(left if self._is_tight(workspace) else LARGEST)
        self._stack("right").setMinimumWidth(right)
        for dock in (self.left, self.right):
            # Else a dock keeps the wider minimum of the workspace before, and ends past the window.
            if (layout := dock.layout()) is not None:
                layout.activate()
        horizontal = Qt.Orientation.Horizontal
        self._window.resizeDocks([self.left, self.right], [left or 1, right or 1], horizontal)
        bottom = self._panels.get(("bottom", workspace))
        if bottom is not None:
            self._show_bottom(bottom)

    def _width(self, side: Side, workspace: str) -> int:
        """Of the dock at a side in logical pixels, 0 where there is none."""
        if side == "left" and self._is_tight(workspace):
            return STRIP_WIDTH
        return self._panel_width(side, workspace)

    def _is_tight(self, workspace: str) -> bool:
        """Whether the canvas would have too little room beside both panels."""
        left = self._panel_width("left", workspace)
        both = left + self._panel_width("right", workspace)
        return left > 0 and self._window.width() < both + SMALLEST_CANVAS[0] + 4

    def _toggle_floating(self) -> None:
        """Show the panel that the strip stands for over the canvas, or put it away."""
        if self.floating.panel is not None:
            self.put_back()
            return
        page = self._made("left", self._shown)
        self._stack("left").removeWidget(page)
        width = self._panel_width("left", self._shown) + FRAME
        self.floating.open(page, beside(self.strip, self._window, width))
        self.strip.show_open(True)

    def put_back(self) -> None:
        """Put a panel that is shown over the canvas away."""
        page = self.floating.take()
        if page is not None:
            self._stack("left").addWidget(page)
            self._stack("left").setCurrentWidget(self.strip)
        self.strip.show_open(False)

    def _panel_width(self, side: Side, workspace: str) -> int:
        """Of the panel at a side in logical pixels, 0 where there is none."""
        panel = self._panels.get((side, workspace))
        if panel is None:
            return 0
        narrow = self._window.width() < NARROW and panel.narrow_size is not None
        return (panel.narrow_size if narrow else panel.size) or 0

    def _show_bottom(self, panel: DockPanel) -> None:
        """The bottom dock in its height; one without takes what the canvas leaves."""
        fills = panel.size is None
        folded = self._is_folded() and not fills
        stack = self._stack("bottom")
        page = self._pages["bottom", self._shown]
        assert isinstance(page, ClippedPanel)
        kept = page.show_folded(folded)
        if folded:
            stack.setFixedHeight(kept)
        else:
            stack.setMaximumHeight(LARGEST)
            low = self._window.height() < LOW and not fills
            size = LARGEST if panel.size is None else panel.size
            height = min(size, 190) if low else size
            asked = self._heights.get(self._shown, 0)
            if asked > size:
                height = min(asked, max(height, self._window.height() - LEAST_ABOVE))
            stack.setMinimumHeight(min(height, 120))
            if (layout := self.bottom.layout()) is not None:
                layout.activate()  # else it ends short of its room, which the folded one had not
            self._window.resizeDocks([self.bottom], [height], Qt.Orientation.Vertical)
        for button in self._folds:
            button.setIcon(self._fold_icon())

    def _fold_icon(self) -> QIcon:
        return icon("chevron-up" if self._is_folded() else "chevron-down")

    def size_class(self) -> tuple[bool, bool, bool]:
        """Whether the window is narrow, low, and too small for the left panel."""
        low = self._window.height() < LOW
        return self._window.width() < NARROW, low, self._is_tight(self._shown)

    def panels(self, workspace: str) -> list[QWidget]:
        """The panels of a workspace, in the order of the F6 key; a strip in place of the left."""
        sides = [side for side, key in self._panels if key == workspace]
        shown = {side: self._made(side, workspace) for side in sides}
        if "left" in shown and self._is_tight(workspace) and self.floating.panel is None:
            shown["left"] = self.strip
        return [shown[side] for side in self._dock_at if side in shown]
