"""Writes the field of the pinned unit as a black and white image of the input."""

from __future__ import annotations

from pathlib import Path

from viewer.controls.file_dialog import SAVE, pick_file
from viewer.drawing.receptive_fields.mask_file import export_mask
from viewer.files.document_name import file_stem
from viewer.text.file_faults import not_written
from viewer.text.translation import tr
from viewer.workspaces.services import Services


class MaskExport:
    """The command "Export field mask…"."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def ask(self) -> None:
        """Ask for a place and write the mask there, or say that a unit is to be pinned first."""
        services, session = self._services, self._services.session
        if session.unit_field is None:
            text = tr("Click a place in a map first: the mask is of that unit.")
            session.notifications.post(text, "warn")
            return
        stem = file_stem(session.document, services.saver.path)
        pick_file(
            services.dialog_parent,
            tr("Export field mask"),
            ("PNG (*.png)",),
            SAVE,
            self.write,
            suffix="png",
            name=tr("{name} field", name=stem),
        )

    def write(self, path: str) -> None:
        """Write the mask to a .png file, or say why it could not be written."""
        session = self._services.session
        if session.unit_field is None:
            return
        try:
            export_mask(session.unit_field, session.document.graph, session.shapes, Path(path))
        except OSError as error:
            session.notifications.post(not_written(Path(path), error))
