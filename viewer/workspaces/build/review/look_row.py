"""Offers what the review can look at beside the build: the picture, random numbers; and waits."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QWidget

from viewer.controls import labelled
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.live_state import Live
from viewer.session.review.looking import Looking
from viewer.session.review.observed import observed_now
from viewer.text.translation import mark, say


class LookRow(Guarded, QWidget):
    """Two buttons, of which what is known already is not offered; while one waits, how to end it.

    `left` says that the button with the keyboard has gone.
    """

    left = Signal()

    def __init__(
        self,
        session: Session,
        look: Callable[[bool], object],
        stop: Callable[[], object],
        parent: QWidget,
    ) -> None:
        """`look` asks about random numbers, with True about the picture too; `stop` ends it."""
        super().__init__(parent)
        self._session = session
        self.image, self.signal, self.cancel = QPushButton(), QPushButton(), QPushButton()
        self.image.clicked.connect(lambda *_: look(True))
        self.signal.clicked.connect(lambda *_: look(False))
        self.cancel.clicked.connect(lambda *_: stop())
        say(self, self.image.setText, "Look at this image too")
        said = mark(
            "Its channels, skips and output; gradient, numbers and dead ReLUs with random inputs "
            "and new weights."
        )
        say(self, self.image.setToolTip, said)
        say(self, self.signal.setText, "Look at gradient and signal")
        said = mark(
            "Gradient, numbers and dead ReLUs from layer to layer, with random inputs and new "
            "weights. It needs no image."
        )
        say(self, self.signal.setToolTip, said)
        say(self, self.cancel.setText, "Cancel")
        self.busy, self.done = labelled("muted"), labelled("muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for each in (self.done, self.image, self.signal, self.busy, self.cancel):
            row.addWidget(each)
        session.frameReady.connect(self.refresh)
        session.documentChanged.connect(self.refresh)
        session.observedReady.connect(self.refresh)
        session.signalReady.connect(self.refresh)
        session.liveChanged.connect(self._live_changed)
        self.refresh()

    @property
    def focused(self) -> bool:
        """Whether one of its buttons has the keyboard."""
        return QApplication.focusWidget() in (self.image, self.signal, self.cancel)

    def refresh(self, *_: object) -> None:
        """Show the buttons that stand for something that is not known."""
        session, looking = self._session, self._session.live.part(Looking)
        document, frame, known = session.document, session.frame, observed_now(session)
        shown = frame is not None and frame.structure == document.graph.structure_hash
        idle, runs = not looking.anything, not session.facts.stopped_by
        has_picture = shown and runs and document.image is not None
        image = idle and has_picture and known.on_image is None
        signal = idle and runs and not image and known.signal is None
        if looking.image:
            words = mark("Looking at this image: channels, skips, output, gradient …")
        else:
            words = mark("Random numbers run forth and back …")
        say(self, self.busy.setText, words)
        both = mark("This image, gradient and signal were looked at.")
        alone = mark("Gradient and signal were looked at.")
        say(self, self.done.setText, both if known.on_image is not None else alone)
        offers = {self.image: image, self.signal: signal and bool(document.graph.nodes),
                  self.busy: not idle, self.cancel: not idle,
                  self.done: idle and known.signal is not None}  # fmt: skip
        had = self.focused
        for widget, offered in offers.items():
            if offered:
                widget.show()
        if had:
            self._keep_focus([each for each, offered in offers.items() if offered])
        for widget, offered in offers.items():
            widget.setVisible(offered)
        self.setVisible(any(offers.values()))

    def _keep_focus(self, offered: list[QWidget]) -> None:
        """The keyboard goes on to the button in the place of the one that goes."""
        focus = QApplication.focusWidget()
        if focus in offered:
            return
        if self.cancel in offered:
            self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.left.emit()

    def _live_changed(self, before: Live, after: Live) -> None:
        if before.part(Looking) != after.part(Looking):
            self.refresh()
