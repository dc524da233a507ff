"""The menu Device: which processor or GPU runs networks, ticked, remembered."""

from __future__ import annotations

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from viewer.engine.process import EngineProcess
from viewer.shell.settings import Settings
from viewer.text.escaping import menu_text
from viewer.text.translation import mark, say, tr

AUTOMATIC = "auto"


class DeviceMenu:
    """Adds the menu to the menu Model; the devices come with the engine's first answer."""

    def __init__(
        self, owner: QWidget, menu: QMenu, process: EngineProcess, settings: Settings
    ) -> None:
        self._process = process
        self._settings = settings
        self._menu = QMenu(owner)
        self._group = QActionGroup(owner)
        say(owner, self._menu.setTitle, mark("Device"))
        menu.addMenu(self._menu)
        self._menu.aboutToShow.connect(self.fill)
        self._group.triggered.connect(lambda action: self.use(str(action.data())))
        self.fill()

    def fill(self) -> None:
        """List the devices there are, with a tick at the one that is used."""
        for action in self._group.actions():
            self._group.removeAction(action)
            self._menu.removeAction(action)
            action.deleteLater()
        ready = self._process.last_ready
        known = ready.devices if ready is not None else ()
        self._add(AUTOMATIC, tr("Automatic (the fastest)"))
        for name, maker in known:
            shown = tr("Processor") if name == "cpu" else name
            self._add(name, menu_text(f"{shown} · {maker}" if maker else shown))

    def _add(self, name: str, text: str) -> None:
        action = self._group.addAction(text)
        action.setCheckable(True)
        action.setData(name)
        action.setChecked(name == self._process.device)
        self._menu.addAction(action)

    def use(self, name: str) -> None:
        """Run networks on this device, now and at the next start."""
        self._settings.device = name
        self._process.use_device(name)
