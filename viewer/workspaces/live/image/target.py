"""A mask or a picture beside the image that the output is held against."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from analysis.inference.protocol.runs import Frame, Picture
from analysis.inference.protocol.target import OF_OUTPUT, OF_TARGET, TargetScores
from analysis.storage.target_kind import TargetKind
from viewer.controls import ElidedLabel, Section, labelled
from viewer.look.icons import icon
from viewer.look.pale import set_pale
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text.fault_sentences import fault_sentence
from viewer.text.number_format import decimal
from viewer.text.translation import language, mark, say, tr

_OTHER: dict[TargetKind, TargetKind] = {"mask": "picture", "picture": "mask"}
_AS: dict[TargetKind, str] = {
    "mask": mark("Take it as a mask"),
    "picture": mark("Take it as a picture"),
}
MOST_LABELS = 6
"""Labels whose overlap is said one by one."""


class TargetControls(Guarded, QWidget):
    """Controls for the target image: taken by drop or dialog, named, as mask or as picture."""

    asked = Signal()
    """A target is wanted, from a dialog."""
    chosen = Signal(str)
    """The path of a file that was dropped here."""
    removed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._scores: TargetScores | None = None
        self.setAcceptDrops(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.title = Section(mark("Target"))
        self.open = QPushButton()
        say(self, self.open.setText, "Add a mask or a picture…")
        say(self, self.open.setToolTip, "Drop or open what the output should be: a mask of "
            "labels, or a picture of the same place")  # fmt: skip
        self.open.clicked.connect(self.asked)
        self.name = ElidedLabel()
        self.remove = QToolButton()
        self.remove.setIcon(icon("close"))
        say(self, self.remove.setToolTip, "Remove the target")
        say(self, self.remove.setAccessibleName, "Remove the target")
        self.remove.clicked.connect(self.removed)
        self.named = QWidget()
        row = QHBoxLayout(self.named)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.name, 1)
        row.addWidget(self.remove)
        self.detail = labelled("small")
        self.detail.setWordWrap(True)
        self.other = QPushButton()
        self.other.clicked.connect(self._take_as_other)
        other = QHBoxLayout()
        other.addWidget(self.other)
        other.addStretch(1)
        for widget in (self.title, self.open, self.named, self.detail):
            column.addWidget(widget)
        column.addLayout(other)
        language.changed.connect(self._show)
        session.documentChanged.connect(self._show)
        self._show()

    # ------------------------------------------------------------------ mouse and keys

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file that is held over this is a target, not an image."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.chosen.emit(paths[0])

    def _take_as_other(self) -> None:
        if self._scores is None:
            return
        session, taken_as = self._session, _OTHER[self._scores.kind]
        label = _AS[taken_as]
        session.edit(lambda: tr(label), replace(session.document, target_as=taken_as))

    # ------------------------------------------------------------------ what it shows

    def show_frame(self, frame: Frame | None) -> None:
        """What the newest run is worth."""
        self._scores = frame.target if frame is not None else None
        self._show()

    def show_age(self, old: bool) -> None:
        """What it was taken as is pale while that is of an earlier run."""
        set_pale(old, self.detail)

    def _show(self, *_: object) -> None:
        target = self._session.document.target
        self.open.setVisible(target is None)
        self.named.setVisible(target is not None)
        scores = self._scores if target is not None else None
        self.name.set_text(target.name if target is not None else "")
        self.other.setVisible(scores is not None and scores.other)
        if scores is not None:
            self.other.setText(tr(_AS[_OTHER[scores.kind]]))
        self.detail.setText(_detail(scores))
        self.detail.setVisible(bool(self.detail.text()))


def _detail(scores: TargetScores | None) -> str:
    """What it was taken as, the labels one by one, and from which value on an output counts."""
    if scores is None:
        return ""
    if scores.fault is not None:
        return fault_sentence(scores.fault)
    if scores.kind == "picture":
        return tr("Taken as a picture.")
    if scores.iou is None:
        return tr("Neither the target nor the output holds a label.")
    said = [tr("Taken as a mask")]
    if scores.threshold is not None:
        said.append(tr("label 1 above {n}", n=f"{scores.threshold:g}"))
    elif len(scores.overlaps) > 1:
        several = list(scores.overlaps.items())[:MOST_LABELS]
        said += [tr("label {k}: {n}", k=k, n=decimal(each.dice, 3)) for k, each in several]
    return " · ".join(said)


def with_outlines(picture: Picture | None, frame: Frame | None) -> Picture | None:
    """The output's picture with the borders of the target's labels and of its own."""
    scores = frame.target if frame is not None else None
    if picture is None or scores is None or scores.outlines is None:
        return picture
    if scores.outlines.shape != picture.shape:
        return picture
    drawn = picture.copy()
    for bit, token in ((OF_OUTPUT, "fieldline"), (OF_TARGET, "skip")):
        drawn[(scores.outlines & bit) > 0] = np.uint32(_argb(theme.color(token)))
    return drawn


def _argb(color: QColor) -> int:
    return color.rgba() & 0xFFFFFFFF
