"""Two pictures side by side over the skips: the input, and the output as the measure has it.

They answer where on the image a skip matters, and what deeper features alone restore.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from analysis.inference.protocol.measures import Contribution, Measured
from analysis.inference.protocol.runs import Frame, Picture
from viewer.controls import labelled
from viewer.controls.context_menu import offer_picture
from viewer.controls.held_press import HeldPress
from viewer.drawing.painting.array_image import image_of
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.block_names import block_name
from viewer.text.measure_format import MeasureFormat
from viewer.text.translation import say, tr
from viewer.workspaces.live.skips.bars import PaintedWidget
from viewer.workspaces.live.skips.importance import importance_image

LARGEST = 240
DIMMED = 0.45
"""Opacity of a picture under the places that are lit on it."""


class LitPicture(PaintedWidget):
    """A picture, dim and grey under what is lit on it; while the mouse is held, another one."""

    def __init__(self) -> None:
        super().__init__()
        offer_picture(self)
        self._image: QImage | None = None
        self._held_image: QImage | None = None
        self._lit: QImage | None = None
        self._press = HeldPress(self)

    def show_image(
        self, image: QImage | None, lit: QImage | None = None, held: QImage | None = None
    ) -> None:
        """The picture, what lies over its middle, and what is seen while the mouse is held."""
        self._image, self._lit, self._held_image = image, lit, held
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(LARGEST, LARGEST)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 80)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return min(width, LARGEST)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.begin()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(self.rect())
        image = self._held_image if self._press.is_down and self._held_image else self._image
        if image is None:
            painter.setPen(QPen(theme.color("border"), 1))
            painter.setBrush(theme.color("sunken"))
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            painter.end()
            return
        scale = min(area.width() / image.width(), area.height() / image.height())
        place = QRectF(0, 0, image.width() * scale, image.height() * scale)
        if self._lit is not None and not self._press.is_down:
            painter.fillRect(place, theme.color("sunken"))
            painter.setOpacity(painter.opacity() * DIMMED)
            painter.drawImage(place, image.convertToFormat(QImage.Format.Format_Grayscale8))
            painter.setOpacity(painter.opacity() / DIMMED)
            painter.drawImage(on_input(place, image, self._lit), self._lit)
        else:
            painter.drawImage(place, image)
        painter.end()


def on_input(place: QRectF, image: QImage, lit: QImage) -> QRectF:
    """Where a map of the output lies on the input: of a network without padding in its middle."""
    across, down = lit.width() / image.width(), lit.height() / image.height()
    if min(across, down) <= 0.5 or max(across, down) > 1:
        return place  # another resolution of the same place
    width, height = place.width() * across, place.height() * down
    left = place.left() + (place.width() - width) / 2
    return QRectF(left, place.top() + (place.height() - height) / 2, width, height)


class PicturePair(Guarded, QWidget):
    """The input at the left and the output at the right, each with what it is under it."""

    def __init__(self) -> None:
        super().__init__()
        self.given, self.made = LitPicture(), LitPicture()
        self.of_given, self.of_made = labelled("caption"), labelled("caption")
        self._ratio = 1.0
        """Height over width of the pictures, at most 1."""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(12)
        for picture, caption in ((self.given, self.of_given), (self.made, self.of_made)):
            caption.setWordWrap(True)
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(picture)
            column.addWidget(caption)
            column.addStretch(1)
            row.addLayout(column, 1)
        say(self, self.given.setToolTip, "Hold the mouse button down to see the picture alone")
        say(self, self.made.setToolTip, "Hold the mouse button down to see the output as it is")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Pictures as wide as there is room, and as high as they then are."""
        side = max(80, min(LARGEST, (self.width() - 12) // 2))
        for picture in (self.given, self.made):
            picture.setFixedHeight(round(side * self._ratio))

    def show_measured(
        self, measured: Measured | None, frame: Frame | None, chosen: str | None, pale: bool
    ) -> None:
        """What is known of the chosen skip, or else of the one that says most."""
        self._show(measured, frame, chosen)
        for picture, caption in ((self.given, self.of_given), (self.made, self.of_made)):
            picture.set_pale(pale)
            picture.setAccessibleName(caption.text())

    def _show(self, measured: Measured | None, frame: Frame | None, chosen: str | None) -> None:
        name = said_of(measured, chosen) if measured is not None else None
        if measured is None or frame is None or name is None:
            for picture, caption in ((self.given, self.of_given), (self.made, self.of_made)):
                picture.show_image(None)
                caption.setText("")
            return
        part = measured.skips[name]
        given, output = image_of(frame.input_image), _image(frame.output_image)
        self._ratio = min(1.0, given.height() / max(1, given.width()))
        self._fit()
        self.of_given.setText(tr("input"))
        if measured.whole is not None:
            self.given.show_image(given)
            self.made.show_image(_image(part.picture), held=_image(measured.whole.picture))
            self.of_made.setText(_without_finer(measured, name, part))
        else:
            lit = importance_image(part.where) if part.where is not None else None
            self.given.show_image(given, lit, given)
            self.made.show_image(output, lit, output)
            self.of_made.setText(tr("output, lit where it changes"))


def said_of(measured: Measured, chosen: str | None) -> str | None:
    """The skip that is shown: the chosen one, else the deepest of outputs, the largest of changes.

    So all skips are off at first where it is asked what deeper features restore.
    """
    if chosen in measured.skips:
        return chosen
    if not measured.skips:
        return None
    if measured.whole is not None:
        return list(measured.skips)[-1]
    return max(measured.skips, key=lambda name: measured.skips[name].value)


def _without_finer(measured: Measured, name: str, part: Contribution) -> str:
    """Which skips are off, and what is left: skips 1 to 3 off: 21.4 dB, 29.3 dB with all."""
    written = MeasureFormat(measured)
    names = list(measured.skips)
    place = names.index(name)
    value = written.number(part.value)
    if place == len(names) - 1:
        said = tr("all skips off: {value}", value=value)
    elif place == 0:
        said = tr("{skip} off: {value}", skip=block_name(name), value=value)
    else:
        said = tr("skips 1 to {n} off: {value}", n=place + 1, value=value)
    whole = measured.whole
    if whole is None or measured.worth is None:
        return said
    return said + "\n" + tr("{value} with all on", value=written.number(whole.value))


def _image(picture: Picture | None) -> QImage | None:
    return None if picture is None else image_of(picture)
