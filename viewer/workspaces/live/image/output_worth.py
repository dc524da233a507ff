"""What the output is worth: against the target where there is one, else against the image."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.inference.protocol.input_change import InputChange
from analysis.inference.protocol.runs import Frame
from analysis.inference.protocol.target import TargetScores
from viewer.controls import labelled
from viewer.look.pale import set_pale
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.input_image.film_frame import FilmFrame
from viewer.session.trained_weights import TrainedWeights
from viewer.text.number_format import decimal
from viewer.text.translation import mark, tr

OF_IMAGE = mark("PSNR against the image")
OF_PICTURE = mark("PSNR against the target")
OF_MASK = mark("Dice against the target")


@dataclass(frozen=True, slots=True)
class Worth:
    """One number, what it is of, and what is said under it."""

    value: float
    """inf dB where both are equal."""
    of: str
    """In English."""
    beside: str = ""

    def text(self, value: float) -> str:
        """A value as this one is written."""
        if self.of == OF_MASK:
            return decimal(value, 3)
        return tr("{n} dB", n=decimal(value)) if math.isfinite(value) else tr("equal")


class OutputWorth(Guarded, QWidget):
    """The number large, what it was with all gates at 1, and what the network was given."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.of = ""
        """What the number is of: PSNR against the target."""
        self.number = labelled("big")
        self.was, self.beside = labelled("small"), labelled("small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for label in (self.number, self.was, self.beside):
            label.setWordWrap(label is not self.number)
            column.addWidget(label)
        column.addStretch(1)

    def show_frame(self, frame: Frame | None, broken: str = "") -> None:
        """What the newest run is worth; `broken` is why the network cannot run."""
        worth = _worth(frame, self._session) if frame is not None and not broken else None
        self.of = tr(worth.of) if worth is not None else ""
        self.number.setText(worth.text(worth.value) if worth is not None else "")
        self.beside.setText(broken or (worth.beside if worth is not None else ""))
        self.was.setText(self._was(worth) if worth is not None else "")
        self.was.setVisible(bool(self.was.text()))

    def show_age(self, old: bool) -> None:
        """All are pale while they are of an earlier run."""
        set_pale(old, self.number, self.was, self.beside)

    def remember(self, frame: Frame | None) -> None:
        """A frame has come: keep what its output is worth if every gate was at 1."""
        session = self._session
        if frame is None or _is_gated(session) or session.frame_is_behind:
            return
        worth = _worth(frame, session)
        if worth is not None:
            session.ungated = ((*_of_output(session), worth.of), worth.value)

    def _was(self, worth: Worth) -> str:
        """Where a gate is closed, what it was with all of them open, if that was seen."""
        known = self._session.ungated
        if known is None or known[0] != (*_of_output(self._session), worth.of):
            return ""
        if not _is_gated(self._session):
            return ""
        return tr("was {n} with all gates at 1", n=worth.text(known[1]))


def _is_gated(session: Session) -> bool:
    return any(gate != 1.0 for gate in session.document.gates.values())


def _of_output(session: Session) -> tuple[object, ...]:
    """What the output's worth depends on apart from gates and what a closed one carries."""
    document, live = session.document, session.live
    of: tuple[object, ...] = (document.graph.structure_hash, document.weights, document.image)
    of += (document.image_reading, document.target, document.target_as)
    of += (live.noise, live.part(InputChange), live.part(FilmFrame).hash)
    return (*of, live.part(TrainedWeights))


def _worth(frame: Frame, session: Session) -> Worth | None:
    scores = frame.target if session.document.target is not None else None
    if scores is None or scores.fault is not None:
        return _against_image(frame)
    return _against_mask(scores) if scores.kind == "mask" else _against_picture(scores)


def _against_image(frame: Frame) -> Worth | None:
    if frame.psnr_out is None:
        return None
    given = _from(frame.psnr_in) or tr("no noise in")
    return Worth(frame.psnr_out, OF_IMAGE, given)


def _against_picture(scores: TargetScores) -> Worth:
    ssim = tr("SSIM {n}", n=decimal(scores.ssim, 3)) if scores.ssim is not None else ""
    said = "\n".join(filter(None, [_from(scores.psnr_in), ssim]))
    return Worth(scores.psnr if scores.psnr is not None else math.inf, OF_PICTURE, said)


def _against_mask(scores: TargetScores) -> Worth | None:
    if scores.dice is None:
        return None
    iou = tr("IoU {n}", n=decimal(scores.iou, 3)) if scores.iou is not None else ""
    return Worth(scores.dice, OF_MASK, iou)


def _from(psnr: float | None) -> str:
    return tr("from {n} dB in", n=decimal(psnr)) if psnr is not None else ""
