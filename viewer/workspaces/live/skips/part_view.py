"""A window of its own with the picture of one part: what a skip alone adds to the output."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from analysis.inference.protocol.measures import Contribution, Measured
from viewer.controls import labelled
from viewer.drawing.painting.array_image import image_of
from viewer.look.pale import set_pale
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.edits.gates import long_skips
from viewer.text.block_names import block_name
from viewer.text.fault_sentences import fault_sentence
from viewer.text.measure_format import MeasureFormat
from viewer.text.split_words import split_words_of
from viewer.text.translation import language, say, tr
from viewer.workspaces.live.zoomable_picture import ZoomablePicture

BOTTLENECK = "bottleneck"
NOTHING = 1e-12
"""The scale of a part that adds nothing: there is no colour to explain."""


class PartView(Guarded, QDialog):
    """The part that is chosen, as the newest measure has it; the output while the button is held.

    It follows gates, noise and image, and is pale while what it shows is of an earlier picture.
    """

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self._part = ""
        self.picture = ZoomablePicture(QPixmap())
        self.words, self.scale = labelled(""), labelled("small")
        for label in (self.words, self.scale):
            label.setWordWrap(True)
        self.compare = QPushButton()
        say(self, self.compare.setText, "Hold to see the output")
        self.compare.pressed.connect(self._show)
        self.compare.released.connect(self._show)
        column = QVBoxLayout(self)
        column.addWidget(self.picture, 1)
        column.addWidget(self.words)
        column.addWidget(self.scale)
        column.addWidget(self.compare, 0, Qt.AlignmentFlag.AlignLeft)
        self.resize(720, 800)
        for signal in (session.measuredReady, session.documentChanged, session.liveChanged):
            signal.connect(self._show)
        for changed in (session.viewChanged, session.factsChanged):
            changed.connect(self._show)
        language.changed.connect(self._show)

    def choose(self, part: str) -> None:
        """Show this part: a skip's name or the bottleneck."""
        self._part = part
        self._show()

    def _show(self, *_: object) -> None:
        measured = self._session.measured_now
        part = _part_of(measured, self._part)
        if self._is_gone():
            self.close()
            return
        row, words = self._session.measure, split_words_of(self._session.facts.graph)
        caption = tr(row.picture_caption or row.title, **words)
        self.setWindowTitle(f"{block_name(self._part)} · {caption}")
        frame = self._session.frame_now
        shown = part.picture if part is not None else None
        if self.compare.isDown() and frame is not None:
            shown = frame.output_image
        self.compare.setVisible(part is not None and part.picture is not None)
        if shown is not None:
            self.picture.show_picture(QPixmap.fromImage(image_of(shown)))
        self.picture.setVisible(shown is not None)
        self.words.setText(self._said(measured, part))
        self.scale.setText(_scale(part, words) if row.splits and part is not None else "")
        stale = self._session.measure_is_stale
        self.picture.set_pale(stale)
        set_pale(stale, self.words, self.scale)

    def _is_gone(self) -> bool:
        """Whether the network is another, which has no such part."""
        skips = long_skips(self._session)
        there = bool(skips) if self._part == BOTTLENECK else self._part in skips
        return not there and not self._session.facts.stopped_by

    def _said(self, measured: Measured | None, part: Contribution | None) -> str:
        if measured is None:
            fault = self._session.measure_fault
            return fault_sentence(fault) if fault is not None else tr("measuring …")
        if part is None or part.picture is None:
            return tr("This measure has no pictures.")
        return MeasureFormat(measured).sentence(self._part, part.value)


def _part_of(measured: Measured | None, name: str) -> Contribution | None:
    if measured is None:
        return None
    return measured.bottleneck if name == BOTTLENECK else measured.skips.get(name)


def _scale(part: Contribution, words: Mapping[str, str]) -> str:
    """What the colours mean: green adds and magenta subtracts, the mean of the channels."""
    if part.scale <= NOTHING:
        return tr("The wheel zooms, F fits.")
    return tr(
        "Green adds, magenta takes away, mean of the channels; the strongest colour stands for "
        "±{n} in {split}. The wheel zooms, F fits.",
        n=f"{part.scale:.3g}",
        **words,
    )
