"""Both outputs on the same image and how far they are apart, as pictures and in numbers."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from analysis.faults import Fault
from analysis.inference.protocol.output_difference import OutputDifference
from analysis.inference.protocol.runs import Picture
from viewer.controls import ElidedLabel, labelled
from viewer.drawing.painting.array_image import image_of
from viewer.look.pale import opacity, set_pale
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.fault_sentences import fault_sentence
from viewer.text.number_format import percent, power_of_ten
from viewer.text.translation import language, mark, say, tr

LARGE, SMALL = 118, 88
"""Sides of the pictures in a wide window and in a narrow one, in logical px."""


class OutputPicture(Guarded, QWidget):
    """A picture with its name under it; sunken ground while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self._pale = False
        self.setFixedSize(LARGE, LARGE)
        theme.changed.connect(self.update)

    def show_picture(self, pixels: Picture | None) -> None:
        """Show (height, width) of 0xAARRGGBB, or nothing."""
        self._image = None if pixels is None else image_of(pixels)
        self.update()

    def show_age(self, old: bool) -> None:
        """Pale while it is of an earlier state."""
        self._pale = old
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(theme.color("border"))
        painter.setBrush(theme.color("sunken"))
        room = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(room, 3, 3)
        if self._image is not None:
            size = QSize(self._image.size()).scaled(
                self.width() - 2, self.height() - 2, Qt.AspectRatioMode.KeepAspectRatio
            )
            left = (self.width() - size.width()) / 2
            top = (self.height() - size.height()) / 2
            painter.setOpacity(opacity(self._pale))
            painter.drawImage(QRectF(left, top, size.width(), size.height()), self._image)
        painter.end()


class Outputs(Guarded, QWidget):
    """Three pictures beside each other, and a sentence about how far the outputs are apart."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.apart = (OutputPicture() for _ in range(3))
        self.names = (ElidedLabel(role="small"), ElidedLabel(role="small"))
        self.said = labelled("muted")
        self.said.setWordWrap(True)
        self._known: OutputDifference | Fault | None = None
        self._image = True
        """Whether there is one that the networks run on."""
        self.difference = labelled("small")
        say(self, self.difference.setText, mark("Difference"))
        row = QHBoxLayout()
        row.setSpacing(8)
        for picture, name in zip(
            (self.first, self.second, self.apart), (*self.names, self.difference), strict=True
        ):
            row.addLayout(_captioned(picture, name))
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.said)
        column.addStretch(1)
        language.changed.connect(self._say)
        self._say()

    def show_names(self, first: str, second: str, has_image: bool) -> None:
        """What stands under the pictures; without an image there are none."""
        self.names[0].set_text(first)
        self.names[1].set_text(second)
        self._image = has_image
        self._say()

    def set_side(self, side: int) -> None:
        """The height and width of each picture in logical px."""
        for picture in (self.first, self.second, self.apart):
            picture.setFixedSize(side, side)
        for name in (*self.names, self.difference):
            name.setFixedWidth(side)

    def show_ages(self, first: bool, second: bool) -> None:
        """Which of the two is of an earlier state; what both make is with either."""
        for picture, old in ((self.first, first), (self.second, second)):
            picture.show_age(old)
        self.apart.show_age(first or second)
        set_pale(first or second, self.said)

    def show_difference(self, known: OutputDifference | Fault | None) -> None:
        """How far they are apart, why nobody knows, or None while it is worked out."""
        self._known = known
        picture = known.picture if isinstance(known, OutputDifference) else None
        self.apart.show_picture(picture)
        self._say()

    def _say(self) -> None:
        known = self._known
        if not self._image:
            said = tr("Open an image, and the outputs are compared on it.")
        elif known is None:
            said = tr("Both networks run on the same image.")
        elif isinstance(known, Fault):
            said = fault_sentence(known)
        elif known.largest == 0.0:
            said = tr("The outputs are the same, value for value.")
        else:
            share = known.rms / known.rms_beside if known.rms_beside else float("inf")
            said = tr(
                "The outputs differ by at most {largest}; the root mean square difference is "
                "{share} of the first output's.",
                largest=_number(known.largest),
                share=_share(share),
            )
        self.said.setText(said)


def _captioned(picture: QWidget, name: QLabel) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addWidget(picture)
    name.setFixedWidth(LARGE)
    column.addWidget(name)
    return column


def _number(value: float) -> str:
    return f"{value:.3g}" if 1e-3 <= value < 1e6 else power_of_ten(value)


def _share(share: float) -> str:
    return percent(share, 1) if share >= 0.001 else power_of_ten(share)
