"""The left dock of Live: which image, how much noise, and what comes out."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, cast

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from analysis.inference.protocol.runs import Frame, Noise, Picture
from viewer.controls import (
    NumberSlider,
    PanelTitle,
    Section,
    Segmented,
    labelled,
    lay_out_panel,
    line,
)
from viewer.controls.context_menu import Entry, copy_entry, offer_menu
from viewer.drawing.painting.array_image import image_of
from viewer.files.image_sources import table
from viewer.files.image_sources.contract import ImageSourceRow
from viewer.files.image_sources.file import FILE
from viewer.look.fonts import SMALL, font
from viewer.look.icons import icon, paint_icon
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text.block_names import cannot_run
from viewer.text.number_format import decimal
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.live.image.reading import ImageReadingControls
from viewer.workspaces.live.image.samples import SampleGrid

THUMBNAIL = 100
LOUDEST = 75.0
USUAL = 25.0
Kind = Literal["none", "gaussian", "poisson"]


class DropTarget(Guarded, QAbstractButton):
    """Says that an image can be dropped; a click opens one. The window takes the drops."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(48)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        say(self, self.setAccessibleName, "Drop an image here")
        say(self, self.setToolTip, "Drop, paste or open an image")
        theme.changed.connect(self.update)
        language.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.underMouse() or self.hasFocus()
        pen = QPen(theme.color("accent" if lit else "ctl"), 1)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.setBrush(theme.color("sunken") if lit else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        text = tr("Drop an image here")
        painter.setFont(font(SMALL))
        width = painter.fontMetrics().horizontalAdvance(text) + 26
        left = max(4.0, (self.width() - width) / 2)
        paint_icon(
            painter, "image", QRectF(left, self.height() / 2 - 9, 18, 18), theme.color("muted")
        )
        painter.setPen(theme.color("muted"))
        place = QRectF(left + 26, 0, self.width() - left - 26, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()


class Thumbnail(Guarded, QWidget):
    """The output, small; the input while the mouse is held on it, to compare."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(THUMBNAIL, THUMBNAIL)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._images: tuple[QImage | None, QImage | None] = (None, None)
        self._held = False
        offer_menu(self, lambda _: self._entries())
        say(self, self.setToolTip, "Hold the mouse button down to see the input")
        theme.changed.connect(self.update)
        language.changed.connect(self.update)

    def show_pictures(self, output: Picture | None, given: Picture | None) -> None:
        """Output and input of one frame."""
        self._images = (
            None if output is None else image_of(output),
            None if given is None else image_of(given),
        )
        self.update()

    def _entries(self) -> tuple[Entry, ...]:
        output, given = self._images
        return (
            copy_entry(mark("Copy output picture"), output),
            copy_entry(mark("Copy input picture"), given),
        )

    def sizeHint(self) -> QSize:
        return QSize(THUMBNAIL, THUMBNAIL)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.button() == Qt.MouseButton.LeftButton
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        image = self._images[1 if self._held else 0]
        area = QRectF(self.rect())
        if image is not None:
            scale = min(area.width() / image.width(), area.height() / image.height())
            width, height = image.width() * scale, image.height() * scale
            painter.drawImage(QRectF(0, 0, width, height), image)
        else:
            painter.setPen(QPen(theme.color("border"), 1))
            painter.setBrush(theme.color("sunken"))
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            painter.setPen(theme.color("muted"))
            painter.setFont(font(SMALL))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, tr("no output"))
        painter.end()


class ImagePanel(Guarded, QWidget):
    """Sample pictures, the drop target, the noise and the output with its PSNR."""

    imageChosen = Signal(str)
    """Path of a picture to run on; the window opens it."""
    sourceAsked = Signal(object)
    """The row of the image source that the person wants a picture from."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._make()
        session.documentChanged.connect(lambda *_: self._show_chosen())
        session.factsChanged.connect(lambda _: self._show_output(session.frame))
        session.liveChanged.connect(lambda *_: self._show_noise())
        session.frameReady.connect(self._show_frame)
        language.changed.connect(self._say)
        self._say()
        self._show_chosen()

    # ---------------------------------------------------------------- what it is made of

    def _make(self) -> None:
        rows = table.IMAGE_SOURCES
        self.sources = {row.key: self._source_button(row) for row in rows if row.take}
        self.grid = SampleGrid([sample for row in rows for sample in row.samples()])
        self.grid.chosen.connect(self.imageChosen)
        self.drop = DropTarget()
        self.drop.clicked.connect(lambda: self.sourceAsked.emit(FILE))
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.grid)
        column.addWidget(self.drop)
        self.reading = ImageReadingControls(self._session)
        column.addWidget(self.reading)
        column.addWidget(line())
        self._make_noise(column)
        column.addWidget(line())
        self._make_output(column)
        column.addStretch(1)
        lay_out_panel(self, PanelTitle(mark("Image"), *self.sources.values()), content)

    def _source_button(self, row: ImageSourceRow) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(row.icon or "image"))
        say(self, button.setToolTip, row.title)
        say(self, button.setAccessibleName, row.title)
        button.clicked.connect(lambda: self.sourceAsked.emit(row))
        return button

    def _make_noise(self, column: QVBoxLayout) -> None:
        self.noise_title = Section(mark("Noise"))
        self.noise = NumberSlider(0, LOUDEST, 1, USUAL, decimals=0)
        say(self, self.noise.slider.setAccessibleName, "Noise, standard deviation in grey levels")
        say(self, self.noise.box.setAccessibleName, "Noise, standard deviation in grey levels")
        self.noise.setToolTip("σ")
        self.noise.valueChanged.connect(self._move_noise)
        self.kind = Segmented(
            [
                ("gaussian", mark("Gaussian")),
                ("poisson", mark("Poisson")),
                ("none", mark("none")),
            ]
        )
        self.kind.valueChanged.connect(self._choose_kind)
        for widget in (self.noise_title, self.noise, self.kind):
            column.addWidget(widget)

    def _make_output(self, column: QVBoxLayout) -> None:
        self.output_title = Section(mark("Output"))
        self.output = Thumbnail()
        self.psnr = labelled("big")
        self.given = labelled("small")
        self.given.setWordWrap(True)
        self.was = labelled("small")
        self.was.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.psnr)
        words.addWidget(self.was)
        words.addWidget(self.given)
        words.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.output)
        row.addLayout(words, 1)
        column.addWidget(self.output_title)
        column.addLayout(row)

    # ---------------------------------------------------------------- hands

    def _move_noise(self, sigma: float) -> None:
        noise = self._session.live.noise
        kind: Kind = "gaussian" if noise.kind == "none" else noise.kind
        self._session.set_live(noise=replace(noise, kind=kind, sigma=sigma))

    def _choose_kind(self, kind: object) -> None:
        noise = self._session.live.noise
        chosen = cast(Kind, kind)
        sigma = self.noise.value() if chosen != "none" else noise.sigma
        self._session.set_live(noise=Noise(chosen, sigma, noise.seed))

    # ---------------------------------------------------------------- what it shows

    def _say(self) -> None:
        self._show_noise()
        self._show_output(self._session.frame)

    def _show_chosen(self) -> None:
        image = self._session.document.image
        self.grid.mark_chosen(image.hash if image is not None else None)

    def _show_noise(self) -> None:
        noise = self._session.live.noise
        self.kind.set_value(noise.kind)
        if noise.kind != "none" or noise.sigma:
            self.noise.set_value(noise.sigma)
        silent = noise.kind == "none"
        self.noise_title.right.setText(tr("none") if silent else f"σ {decimal(noise.sigma, 0)}")

    def _show_frame(self, frame: Frame) -> None:
        self.reading.show_facts(frame.image)
        if not self._gated() and frame.psnr_out is not None:
            self._session.ungated = (self._picture(), frame.psnr_out)
        self._show_output(frame)

    def _gated(self) -> bool:
        return any(gate != 1.0 for gate in self._session.document.gates.values())

    def _picture(self) -> object:
        """What the output depends on apart from gates and what a closed one carries."""
        document = self._session.document
        of: tuple[object, ...] = (document.graph.structure_hash, document.weights, document.image)
        of += (document.image_reading,)
        return (*of, self._session.live.noise)

    def _show_ungated(self, frame: Frame | None) -> None:
        """Beside a gated output, how good it was with every gate at 1, if that was seen."""
        said = ""
        known = self._session.ungated
        if frame is not None and known and known[0] == self._picture() and self._gated():
            said = tr("was {n} dB with all gates at 1", n=decimal(known[1]))
        self.was.setText(said)
        self.was.setVisible(bool(said))

    def _show_output(self, frame: Frame | None) -> None:
        self._show_ungated(frame)
        broken = cannot_run(self._session.facts)
        if frame is None or broken:
            self.output.show_pictures(None, None)
            self.psnr.setText("")
            self.given.setText(broken)
            return
        self.output.show_pictures(frame.output_image, frame.input_image)
        out, given = frame.psnr_out, frame.psnr_in
        self.psnr.setText(tr("{n} dB", n=decimal(out)) if out is not None else "")
        if out is None:
            self.given.setText("")
        elif given is None:
            self.given.setText(tr("against the image; no noise in"))
        else:
            self.given.setText(tr("from {n} dB in", n=decimal(given)))
