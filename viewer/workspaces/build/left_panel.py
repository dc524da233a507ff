"""The left dock of Build: the tabs Operators and Blueprints."""

from __future__ import annotations

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
        self.palette_panel = PalettePanel(session)
        self.blueprints = BlueprintsPanel(session)
        own_title = self.blueprints.findChild(PanelTitle)
        if own_title is not None:
            own_title.hide()  # its name stands in the tab
        self.pages = QStackedWidget()
        self.pages.addWidget(self.palette_panel)
        self.pages.addWidget(self.blueprints)
        self.tabs.currentChanged.connect(self.pages.setCurrentIndex)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(PanelTitle(self.tabs))
        column.addWidget(self.pages, 1)
        self.tabs.set_current(BLUEPRINTS)
