"""The foot of a presentation: which step is shown, and what keys there are."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from viewer.controls import ElidedLabel, labelled
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.presentation import Presentation
from viewer.text.escaping import name_text
from viewer.text.translation import language, tr

HEIGHT = 26


class StepCaption(Guarded, QWidget):
    """Stands where the status bar stands else: number and name at the left, keys at the right."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setFixedHeight(HEIGHT)
        self.count = labelled("muted")
        self.name = ElidedLabel(role="heading")
        self.keys = labelled("small")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(12)
        row.addWidget(self.count)
        row.addWidget(self.name, 1)
        row.addWidget(self.keys)
        session.liveChanged.connect(self.write)
        session.documentChanged.connect(self.write)
        language.changed.connect(self.write)
        self.write()

    def write(self, *_: object) -> None:
        """Say which step is shown."""
        now, steps = self._session.live.part(Presentation), self._session.document.steps
        at = now.at if now.at is not None and now.at < len(steps) else None
        self.setVisible(now.active)
        self.count.setText(f"{at + 1} / {len(steps)}" if at is not None else "")
        self.name.set_text(name_text(steps[at].name) if at is not None else "")
        keys = [tr("Page Down, Page Up")] if steps else []
        keys += [tr("S spotlight"), tr("L laser"), tr("B black"), tr("Esc ends")]
        self.keys.setText("" if now.rehearsed else " · ".join(keys))
