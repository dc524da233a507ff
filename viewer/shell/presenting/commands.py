"""The commands of presenting, in the menu View."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from viewer.session.command import Command
from viewer.shell.presenting.export import StepsExport
from viewer.shell.presenting.presenter import Presenter
from viewer.text.translation import mark
from viewer.workspaces.services import Services


class PresentingCommands:
    """Presents, saves a step, lists and exports the steps."""

    def __init__(self, services: Services, presenter: Presenter, window: QWidget) -> None:
        self._session, self._presenter, self._window = services.session, presenter, window
        self.export = StepsExport(services, presenter, window)

    def rows(self) -> tuple[Command, ...]:
        """In the order of the menu."""
        return (
            Command("present", mark("Present"), self._presenter.toggle, "view", ("F5",)),
            Command(
                "save-step",
                mark("Save what is shown as a step"),
                self._presenter.save_step,
                "view",
                ("Ctrl+F5",),
            ),
            Command(
                "steps-of-presentation",
                mark("Steps of the presentation…"),
                self.show_steps,
                "view",
                ("Shift+F5",),
            ),
            Command("export-steps", mark("Export the steps…"), self.export.ask, "view"),
        )

    def show_steps(self) -> None:
        """Open the list of steps, or bring it to the front."""
        from viewer.shell.presenting.steps_dialog import StepsDialog

        known = self._window.findChild(StepsDialog)
        if known is None or not known.isVisible():
            known = StepsDialog(self._session, self._presenter, self.export.ask, self._window)
            known.show()
        known.raise_()
        known.activateWindow()
