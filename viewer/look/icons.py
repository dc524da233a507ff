"""Icons drawn from assets/icons in a token's colour, crisp at every device pixel ratio."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from threading import get_ident

from PySide6.QtCore import QByteArray, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QImage, QPainter, QTransform
from PySide6.QtSvg import QSvgRenderer

from viewer.look.theme import theme
from viewer.override_guard import IconEngine


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return files("assets").joinpath(f"icons/{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=1024)
def _renderer(name: str, colour: str, _thread: int) -> QSvgRenderer:
    """One for each thread that paints: a figure is drawn in a worker while the window paints."""
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))


def paint_icon(painter: QPainter, name: str, rect: QRectF, colour: QColor) -> None:
    """Draw icon `name` into `rect`; as vectors, so it stays sharp in every export."""
    _renderer(name, colour.name(), get_ident()).render(painter, rect)


@lru_cache(maxsize=512)
def _raster(name: str, colour: str, width: int, height: int) -> QImage:
    """Icon `name` in pixels of a screen whose pixel ratio is 1."""
    picture = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    _renderer(name, colour, get_ident()).render(painter, QRectF(0, 0, width, height))
    painter.end()
    return picture


class _TokenIcon(IconEngine):
    """An icon engine that looks its colour up when painting, so that it follows the theme."""

    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self._name = name
        self._token = token

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        colour = theme.color("ctl" if mode == QIcon.Mode.Disabled else self._token)
        area = QRectF(rect)
        at = painter.deviceTransform()
        if at == QTransform.fromTranslate(round(at.dx()), round(at.dy())):
            # A table paints its icons with every change: drawing the vectors took 0.2 ms each.
            size = (round(area.width()), round(area.height()))
            painter.drawImage(area.topLeft(), _raster(self._name, colour.name(), *size))
        else:
            paint_icon(painter, self._name, area, colour)

    def copied(self) -> QIconEngine:
        return _TokenIcon(self._name, self._token)


def icon(name: str, token: str = "muted") -> QIcon:
    """Icon `name` in the colour of `token`, in whichever theme it is painted."""
    return QIcon(_TokenIcon(name, token))
