"""Says how fast frames come, how long each takes, and where the time goes."""

from __future__ import annotations

import time
from collections import deque

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from analysis.inference.protocol.runs import Frame
from viewer.controls import labelled
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text.number_format import decimal
from viewer.text.translation import language, mark, say, tr

FRAMES = 30
"""Newest frames that the rate is counted over."""
PAUSE = 1.0
"""Seconds without a frame after which counting begins anew."""
SECOND = 1000.0
"""Milliseconds from which on a time is said in seconds, which keeps its line short."""


class SpeedLine(Guarded, QWidget):
    """Frames a second, the time from a change to its paint, and what the engine needs of it."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._times: deque[float] = deque(maxlen=FRAMES)
        self.latency: float | None = None
        """Milliseconds from the change that the newest frame is of until it was painted."""
        self._frame: Frame | None = None
        self._layers = 0
        """So many has the network that the newest frame is of."""
        # One line each, whatever they say: what is below must not move with every frame.
        self.rate, self.parts = labelled("small", " "), labelled("small", " ")
        for label in (self.rate, self.parts):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        say(
            self,
            self.setToolTip,
            "Measured by the engine: the layers, and the rest, which is reading the picture, "
            "noise and what is drawn",
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.rate)
        column.addWidget(self.parts)
        session.frameReady.connect(self.count)
        for changed in (session.factsChanged, session.pictureChanged):
            changed.connect(self._put_away)
        language.changed.connect(self._say)

    def count(self, frame: Frame, now: float | None = None) -> None:
        """One more frame has come, at `now` seconds."""
        now = time.perf_counter() if now is None else now
        if self._times and now - self._times[-1] > PAUSE:
            self._times.clear()
        self._times.append(now)
        self._frame, self._layers = frame, len(self._session.document.graph)
        asked = frame.asked_at
        if asked is not None:
            # A timer of 0 comes after the paint events that the frame has posted.
            QTimer.singleShot(0, self, lambda: self._painted(asked))
        self._say()

    def _put_away(self, *_: object) -> None:
        """Nothing is measured of a network of which nothing runs: what was is put away."""
        session = self._session
        if self._frame is not None and not (session.facts.can_begin and session.frame_now):
            self._times.clear()
            self.latency = self._frame = None
            self._say()

    def _painted(self, asked: float) -> None:
        self.latency = 1e3 * (time.perf_counter() - asked)
        self._say()

    def _say(self) -> None:
        for label, said in ((self.rate, self._rate()), (self.parts, self._parts())):
            label.setText(said or " ")
            label.setVisible(self._frame is not None)

    def _rate(self) -> str:
        """Of the newest frames, the latency first."""
        said = []
        if self.latency is not None:
            slow = self.latency >= SECOND
            text = mark("{ms} s to paint") if slow else mark("{ms} ms to paint")
            taken = decimal(self.latency / SECOND, 1) if slow else decimal(self.latency, 0)
            said.append(tr(text, ms=taken))
        if self._frame is not None and len(self._times) > 1:
            each = (self._times[-1] - self._times[0]) / (len(self._times) - 1)
            said.append(tr("{n} frames/s", n=decimal(1 / max(each, 1e-6))))
        return " · ".join(said)

    def _parts(self) -> str:
        """Where the time of the newest frame went, and of how many layers it is if not of all."""
        frame = self._frame
        if frame is None:
            return ""
        slow = frame.total_ms >= SECOND
        if 0 < frame.computed < self._layers:
            in_s = mark("{all} s: {n} of {of} layers {forward}, rest {rest}")
            in_ms = mark("{all} ms: {n} of {of} layers {forward}, rest {rest}")
        else:
            in_s = mark("{all} s: layers {forward}, rest {rest}")
            in_ms = mark("{all} ms: layers {forward}, rest {rest}")
        unit, digits = (SECOND, 2) if slow else (1.0, 1 if frame.total_ms < 100 else 0)
        rest = max(0.0, frame.total_ms - frame.forward_ms)
        return tr(
            in_s if slow else in_ms,
            n=frame.computed,
            of=self._layers,
            all=decimal(frame.total_ms / unit, digits),
            forward=decimal(frame.forward_ms / unit, digits),
            rest=decimal(rest / unit, digits),
        )
