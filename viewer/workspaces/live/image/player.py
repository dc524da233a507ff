"""Goes through the pictures of a folder or the pages of a file: back, play, on, thumbnails."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

from PySide6.QtCore import QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QImage, QImageReader, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from viewer.controls import labelled
from viewer.look.icons import icon
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.background_jobs import Background
from viewer.session.input_image.film_frame import FilmFrame
from viewer.session.input_image.picture_series import PictureSeries
from viewer.text.translation import language, mark, say, tr

INTERVAL = 100
"""Milliseconds between two pictures at the most; where frames take longer they are waited for."""
SIDE, GAP = 40, 4
KEPT = 400
"""Thumbnails that are kept."""


class ThumbnailStrip(Guarded, QWidget):
    """The pictures around the one that is shown; a click shows another."""

    chosen = Signal(int)

    def __init__(self, background: Background | None) -> None:
        super().__init__()
        self._series = PictureSeries()
        self._background = background
        self._images: dict[str, QImage | None] = {}
        self.setFixedHeight(SIDE + 4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_series(self, series: PictureSeries) -> None:
        """Show these pictures."""
        self._series = series
        self.setVisible(bool(series.paths))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, SIDE + 4)

    def first(self) -> int:
        """The picture at the left end."""
        fit = max(1, (self.width() + GAP) // (SIDE + GAP))
        return max(0, min(self._series.at - fit // 2, len(self._series.paths) - fit))

    def rect_of(self, index: int) -> QRectF:
        """Where a picture is drawn."""
        return QRectF((index - self.first()) * (SIDE + GAP) + 2, 2, SIDE, SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for index in range(self.first(), len(self._series.paths)):
            area = self.rect_of(index)
            if area.left() > self.width():
                break
            image = self._image(self._series.paths[index])
            if image is not None and not image.isNull():
                painter.drawImage(area, image)
            else:
                painter.fillRect(area, theme.color("sunken"))
            if index == self._series.at:
                painter.setPen(QPen(theme.color("accent"), 2))
                painter.drawRoundedRect(area, 3, 3)
        painter.end()

    def _image(self, path: str) -> QImage | None:
        """The thumbnail, read on a worker when it is first wanted."""
        if path not in self._images and self._background is not None:
            while len(self._images) >= KEPT:
                self._images.pop(next(iter(self._images)))
            self._images[path] = None

            def keep(image: QImage) -> None:
                self._images[path] = image
                self.update()

            self._background.start(lambda _: thumbnail(path), keep, lambda _: None)
        return self._images.get(path)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for index in range(self.first(), len(self._series.paths)):
            if self.rect_of(index).contains(event.position()):
                self.chosen.emit(index)
                return


def thumbnail(path: str, _: Event | None = None) -> QImage:
    """The middle square of a picture, small; a null image where it cannot be read."""
    reader = QImageReader(path)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        scale = 2 * SIDE / max(1, min(size.width(), size.height()))
        reader.setScaledSize(QSize(round(size.width() * scale), round(size.height() * scale)))
    image = reader.read()
    side = min(image.width(), image.height())
    left, top = (image.width() - side) // 2, (image.height() - side) // 2
    return image.copy(left, top, side, side)


class Player(Guarded, QWidget):
    """Shown where there is more than one picture to go through."""

    stepped = Signal(int)
    """Pictures of the folder to go on by; pages of a file are turned here."""
    filmToggled = Signal()
    filmStopped = Signal()

    def __init__(self, session: Session, background: Background | None = None) -> None:
        super().__init__()
        self._session = session
        self._pages, self._page = 1, 1
        self.back = self._button("step-back", mark("Previous image"), lambda: self._step(-1))
        self.play = self._button("play", mark("Play"), self._toggle)
        self.on = self._button("step", mark("Next image"), lambda: self._step(1))
        self.stop = self._button("stop", mark("Close the film"), self.filmStopped.emit)
        self.place = labelled("small")
        self.strip = ThumbnailStrip(background)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(INTERVAL)
        self._timer.timeout.connect(lambda: self._step(1))
        self._plays = False
        row = QHBoxLayout()
        row.setSpacing(2)
        for button in (self.back, self.play, self.on, self.stop):
            row.addWidget(button)
        row.addWidget(self.place, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.strip)
        session.liveChanged.connect(self._show)
        session.documentChanged.connect(self._show)
        session.frameReady.connect(self._next)
        language.changed.connect(self._show)
        theme.changed.connect(self._show)
        self._show()

    def _button(self, name: str, words: str, then: object) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setIcon(icon(name))
        say(button, button.setToolTip, words)
        say(button, button.setAccessibleName, words)
        button.clicked.connect(then)
        return button

    # ---------------------------------------------------------------- mouse and keys

    @property
    def _series(self) -> PictureSeries:
        """The folder, while the document's image is one of its pictures."""
        series, image = self._session.live.part(PictureSeries), self._session.document.image
        shown = image is not None and image.name in series.names
        return series if shown else PictureSeries()

    def _step(self, by: int) -> None:
        if self._series.paths:
            self.stepped.emit(by)
        elif self._pages > 1:
            document = self._session.document
            page = (self._page - 1 + by) % self._pages + 1
            reading = replace(document.image_reading, page=page)
            changed = replace(document, image_reading=reading)
            self._session.edit(lambda: tr("Change the page"), changed, "pages played")

    @property
    def _film(self) -> FilmFrame:
        return self._session.live.part(FilmFrame)

    def _toggle(self) -> None:
        if self._film.pixels is not None:
            self.filmToggled.emit()
            return
        self._plays = not self._plays
        self._show()
        if self._plays:
            self._step(1)
        else:
            self._timer.stop()

    def _next(self, *_: object) -> None:
        """The picture that was asked for has come: while it plays the next one is due."""
        if self._plays and self.isVisible():
            self._timer.start()

    # ---------------------------------------------------------------- what it shows

    def show_pages(self, page: int, pages: int) -> None:
        """The page that is shown, and how many the file has."""
        self._page, self._pages = page, pages
        self._show()

    def _show(self, *_: object) -> None:
        film = self._film
        for button in (self.back, self.on):
            button.setVisible(film.pixels is None)
        self.stop.setVisible(film.pixels is not None)
        if film.pixels is not None:
            self.setVisible(True)
            self.strip.hide()
            self.place.setText(tr("{name}, frame {n}", name=film.name, n=film.at))
            self.play.setIcon(icon("play" if film.paused else "pause"))
            self.stop.setIcon(icon("stop"))
            return
        series = self._series
        at, count = (
            (series.at + 1, len(series.paths)) if series.paths else (self._page, self._pages)
        )
        self.setVisible(count > 1)
        if count < 2:
            self._plays = False
        self.place.setText(tr("{n} of {count}", n=at, count=count))
        self.play.setIcon(icon("pause" if self._plays else "play"))
        for button, name in ((self.back, "step-back"), (self.on, "step")):
            button.setIcon(icon(name))
        self.strip.show_series(series)
