"""Shows the engine's state in the place of results: loading, failed, or cannot run."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from viewer.controls import ErrorStrip, labelled
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.edits.repairs import repair_buttons
from viewer.text.block_names import cannot_run
from viewer.text.fault_sentences import fault_sentence, layer_sentence
from viewer.text.translation import language, say, tr

PATIENCE_MS = 15_000


class EngineState(Guarded, QWidget):
    """Hidden while the engine runs."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)  # shown at once, which without a parent opens a window
        self._session = session
        self.card = QFrame()
        self.card.setProperty("role", "card")
        self.title = labelled("strong")
        say(self, self.title.setText, "Loading PyTorch")
        self.sentence = labelled("muted")
        self.sentence.setWordWrap(True)
        inside = QVBoxLayout(self.card)
        inside.setContentsMargins(12, 12, 12, 12)
        inside.setSpacing(4)
        inside.addWidget(self.title)
        inside.addWidget(self.sentence)
        self.strip = ErrorStrip()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.card)
        column.addWidget(self.strip)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._grow_late)
        self._waiting = self._late = False
        session.liveChanged.connect(self._show)
        session.frameReady.connect(self._show)
        session.factsChanged.connect(self._show)
        session.repairs.found.connect(self._show)
        language.changed.connect(self._show)
        self._show()

    def loading(self) -> bool:
        """Whether torch is still on its way."""
        return self._session.live.engine in ("absent", "loading") and self._session.frame is None

    def _show(self, *_: object) -> None:
        live = self._session.live
        problems = self._session.facts.stopped_by
        failed = live.engine == "failed" and live.failure is not None and not problems
        loading = self.loading() and not problems
        if loading and not self._waiting:
            self._patience.start()
        elif not loading:
            self._patience.stop()
            self._late = False
        self._waiting = loading
        self._say()
        self.card.setVisible(loading)
        if problems:
            self._show_problem(problems[0])
        else:
            fault = live.failure.fault if failed and live.failure else None
            self.strip.show_error(fault_sentence(fault) if fault is not None else "")
        self.setVisible(loading or failed or bool(problems))

    def _show_problem(self, node_id: str) -> None:
        """Why there are no results, and what mends it."""
        facts = self._session.facts
        said = layer_sentence(facts.layers[node_id])
        buttons = repair_buttons(self._session, node_id)
        self.strip.show_error(said, buttons, cannot_run(facts))

    def _grow_late(self) -> None:
        self._late = True
        self._say()

    def _say(self) -> None:
        if self._late:
            self.sentence.setText(tr("Still loading. You can go on working."))
        else:
            self.sentence.setText(tr("Shapes and fields work already."))
