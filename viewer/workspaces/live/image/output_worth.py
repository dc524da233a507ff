"""What the output is worth: against the target where there is one, else against the image."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.inference.protocol.runs import Frame
from analysis.inference.protocol.target import TargetScores
from viewer.controls import labelled
from viewer.look.pale import set_pale
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.results import UngatedOutput
from viewer.session.ungated import is_gated, output_key, ungated_now
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
        self._worth: Worth | None = None
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
        session.ungatedReady.connect(self._say_was)

    def show_frame(self, frame: Frame | None, broken: str = "") -> None:
        """What the newest run is worth; `broken` is why the network cannot run."""
        worth = _worth(frame, self._session) if frame is not None and not broken else None
        self.of = tr(worth.of) if worth is not None else ""
        self.number.setText(worth.text(worth.value) if worth is not None else "")
        self.beside.setText(broken or (worth.beside if worth is not None else ""))
        self._worth = worth
        self._say_was()

    def show_age(self, old: bool) -> None:
        """All are pale while they are of an earlier run."""
        set_pale(old, self.number, self.was, self.beside)

    def remember(self, frame: Frame | None) -> None:
        """A frame has come: keep what its output is worth if every gate was at 1."""
        session = self._session
        if frame is not None and not is_gated(session) and not session.frame_is_behind:
            session.ungated = UngatedOutput(output_key(session), frame.psnr_out, frame.target)

    def _say_was(self, *_: object) -> None:
        """Where a gate is closed, what it was with all of them open, where that is known."""
        worth, known = self._worth, ungated_now(self._session)
        said = ""
        if worth is not None and known is not None and is_gated(self._session):
            before = _worth(known, self._session)
            if before is not None and before.of == worth.of:
                said = tr("was {n} with all gates at 1", n=worth.text(before.value))
        self.was.setText(said)
        self.was.setVisible(bool(said))


def _worth(output: Frame | UngatedOutput, session: Session) -> Worth | None:
    scores = output.target if session.document.target is not None else None
    if scores is None or scores.fault is not None:
        return _against_image(output)
    return _against_mask(scores) if scores.kind == "mask" else _against_picture(scores)


def _against_image(output: Frame | UngatedOutput) -> Worth | None:
    if output.psnr_out is None:
        return None
    given = _from(output.psnr_in) if isinstance(output, Frame) else ""
    return Worth(output.psnr_out, OF_IMAGE, given or tr("no noise in"))


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
