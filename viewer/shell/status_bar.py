"""The status bar: the selection or the engine's state, and the costs of the network."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from analysis.inference.protocol.runs import Frame
from viewer.look.fonts import SMALL, font
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.shell.device_words import device_line, memory_sentence, precision_sentence
from viewer.text.block_names import cannot_run, full_name
from viewer.text.escaping import name_text
from viewer.text.fault_sentences import fault_sentence
from viewer.text.totals import macs_text, parameters_text
from viewer.text.translation import language, say, tr

HEIGHT = 26


class StatusBar(Guarded, QWidget):
    """28 px: at the left the selection or what the engine does, at the right cost and check."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._forward: float | None = None
        self._layers = 0
        """How many layers ran in that time: of what has run, the pass of most."""
        self._timed: tuple[str, str, str] = ("", "", "")
        self.setFixedHeight(HEIGHT)
        self.left = QLabel(self)
        self.right = QLabel(self)
        self.device = QToolButton(self)
        """Says where networks run; its menu, the device menu, is put on it by the window."""
        self.device.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.device.setProperty("role", "inline")
        self.device.setFont(font(SMALL))
        say(self.device, self.device.setAccessibleName, "Device and number format")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.addWidget(self.left)
        row.addStretch(1)
        row.addWidget(self.right)
        row.addSpacing(12)
        row.addWidget(self.device)
        for label in (self.left, self.right):
            label.setFont(font(SMALL))
            label.setProperty("role", "small")
        for signal in (
            session.documentChanged,
            session.viewChanged,
            session.liveChanged,
            session.pictureChanged,
            session.fieldChanged,
            session.age.changed,
            language.changed,
        ):
            signal.connect(self._update_text)
        self._update_text()

    def _update_text(self, *_: object) -> None:
        frame = self._session.frame
        if frame is not None and frame.computed:
            self._take_time(frame)
        self.left.setText(self._what())
        self.right.setText("     ".join(self._cost()))
        self.device.setText(self._device())
        if frame is not None:
            said = (precision_sentence(frame), memory_sentence(frame))
            self.device.setToolTip("\n".join(said))

    def _take_time(self, frame: Frame) -> None:
        """The time of its pass, unless a fuller one of the same network on this device is known."""
        timed = (frame.structure, frame.device, frame.precision)
        if timed != self._timed or frame.computed >= self._layers:
            self._timed, self._layers, self._forward = timed, frame.computed, frame.forward_ms

    def _what(self) -> str:
        session = self._session
        if (session.live.busy or session.age.is_old) and session.live.engine == "ready":
            return tr("Running the network…")
        if session.live.engine == "loading":
            if session.frame is not None:
                return tr("Loading PyTorch again. What is shown stays until then.")
            return tr("Loading PyTorch. Shapes and fields work already.")
        if stopped := cannot_run(session.facts):
            return stopped
        frame = session.frame_now
        if frame is not None and frame.not_finite is not None:
            return fault_sentence(frame.not_finite.fault)
        of_workspace = session.workspace.status(session)
        if of_workspace is not None:
            return of_workspace
        if session.view.also_selected:
            return tr("{count} blocks selected", count=len(session.view.selected))
        if session.view.selection:
            return tr("{name} selected", name=full_name(session.view.selection))
        if session.view.skip and session.workspace.canvas.edits:
            return tr("{name} selected", name=full_name(session.view.skip))
        if session.live.engine == "ready":
            return tr("up to date")
        return ""

    def _cost(self) -> list[str]:
        facts = self._session.facts
        problems = len(facts.problems)
        parts = [
            parameters_text(facts),
            macs_text(facts),
            _problems_text(problems),
        ]
        source = self._session.document.source
        if source is not None and source.decided:
            parts.insert(0, tr("one path of {name}", name=name_text(source.file)))
        return parts

    def _device(self) -> str:
        frame = self._session.frame_now
        if self._forward is None or frame is None:
            return tr("Device")
        return device_line(frame, self._forward, self._layers, len(self._session.document.graph))


def _problems_text(count: int) -> str:
    if count == 1:
        return tr("1 problem")
    return tr("{n} problems", n=count) if count else tr("no problems")
