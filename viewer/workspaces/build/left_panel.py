"""The left dock of Build: the tabs Operators and Blueprints."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from viewer.controls import PanelTitle, TitleTabs
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text.translation import mark
from viewer.workspaces.build.blueprints.panel import BlueprintsPanel
from viewer.workspaces.build.palette.panel import PalettePanel

OPERATORS, BLUEPRINTS = 0, 1


class BuildLeftPanel(Guarded, QWidget):
    """Build's left panel: blueprints to start from, and operators to put into the network."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs = TitleTabs([mark("Operators"), mark("Blueprints")])
        self._session = session
        self.blueprints = BlueprintsPanel(session, waits=True)
        own_title = self.blueprints.findChild(PanelTitle)
        if own_title is not None:
            own_title.hide()  # its name stands in the tab
        self.pages = QStackedWidget()
        self._operators = QVBoxLayout()
        self._operators.setContentsMargins(0, 0, 0, 0)
        page = QWidget()
        page.setLayout(self._operators)
        self.pages.addWidget(page)
        self.pages.addWidget(self.blueprints)
        self.tabs.currentChanged.connect(self._show_page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(PanelTitle(self.tabs))
        column.addWidget(self.pages, 1)
        self.tabs.set_current(BLUEPRINTS)

    @cached_property
    def palette_panel(self) -> PalettePanel:
        """The operators, made when they are first asked for."""
        palette = PalettePanel(self._session)
        self._operators.addWidget(palette)
        return palette

    def fill(self) -> Iterator[object]:
        """Make the rows of the network, and the tab that is not shown at first."""
        yield from self.blueprints.fill()
        if "palette_panel" not in vars(self):
            yield self.palette_panel

    def _show_page(self, index: int) -> None:
        if index == OPERATORS:
            self.palette_panel.show()
        self.pages.setCurrentIndex(index)
