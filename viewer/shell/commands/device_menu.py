"""The menu Device: which processor or GPU runs networks, and in which number format."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from analysis.faults import Fault
from viewer.engine.process import AUTOMATIC, EngineProcess
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.shell.device_words import memory_sentence, precision_sentence
from viewer.shell.settings import Settings
from viewer.text.escaping import menu_text
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import mark, say, tr


class DeviceMenu(Guarded, QObject):
    """Adds the menu to the menu Model; the devices come with the engine's first answer.

    A device that is gone or fails is reported in the notices of `session`: another one goes on,
    and the choice is kept for the next start.
    """

    def __init__(
        self,
        owner: QWidget,
        menu: QMenu,
        process: EngineProcess,
        settings: Settings,
        session: Session,
    ) -> None:
        super().__init__(owner)  # a slot of an object that goes with its window
        self._process, self._settings, self._session = process, settings, session
        self.menu = QMenu(owner)
        self.devices, self.formats = QActionGroup(owner), QActionGroup(owner)
        say(owner, self.menu.setTitle, mark("Device"))
        menu.addMenu(self.menu)
        self.menu.aboutToShow.connect(self.fill)
        self.devices.triggered.connect(lambda action: self.use(str(action.data())))
        self.formats.triggered.connect(lambda action: self.use_format(str(action.data())))
        process.deviceLost.connect(self.tell_lost)
        self.fill()

    def fill(self) -> None:
        """List the devices and formats there are, with a tick at those that are used."""
        for group in (self.devices, self.formats):
            for action in group.actions():
                group.removeAction(action)
        self.menu.clear()
        ready, process = self._process.last_ready, self._process
        self._add(self.devices, AUTOMATIC, tr("Automatic (the fastest)"), process.device)
        for name, maker in ready.devices if ready is not None else ():
            shown = tr("Processor") if name == "cpu" else name
            text = menu_text(f"{shown} · {maker}" if maker else shown)
            self._add(self.devices, name, text, process.device)
        self.menu.addSeparator()
        fastest = tr("Automatic (within 0.4 % of float32)")
        self._add(self.formats, AUTOMATIC, fastest, process.precision)
        for name in ready.formats if ready is not None else ():
            self._add(self.formats, name, name, process.precision)
        self._add_facts()

    def _add(self, group: QActionGroup, name: str, text: str, used: str) -> None:
        action = QAction(text, self.menu)
        action.setCheckable(True)
        action.setData(name)
        action.setChecked(name == used)
        group.addAction(action)
        self.menu.addAction(action)

    def _add_facts(self) -> None:
        """What was measured of the picture that is shown."""
        frame = self._session.frame
        if frame is None:
            return
        self.menu.addSeparator()
        for said in (precision_sentence(frame), memory_sentence(frame)):
            self.menu.addAction(menu_text(said)).setEnabled(False)

    def use(self, name: str) -> None:
        """Run networks on this device, now and at the next start."""
        self._settings.device = name
        self._process.use_device(name)

    def use_format(self, name: str) -> None:
        """Run networks in this number format, now and at the next start."""
        self._settings.precision = name
        self._process.use_device(self._process.device, name)

    def tell_lost(self, fault: Fault) -> None:
        """Say that the device is gone, and offer to try it again."""
        chosen = self._settings.device
        again = (tr("Try again"), lambda: self._process.use_device(chosen))
        self._session.notifications.post(fault_sentence(fault), "warn", (again,))
