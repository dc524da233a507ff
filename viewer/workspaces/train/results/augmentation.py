"""Augmentation as pictures: a training picture, and some of what is drawn of it for batches."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.training.process.messages import Augmentation, Augmented
from viewer.controls import labelled
from viewer.drawing.painting.fitting import fitted
from viewer.drawing.painting.text import paint_text, shortened
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.escaping import name_text
from viewer.text.number_format import grouped
from viewer.text.translation import mark, tr
from viewer.workspaces.train.charts.chart_view import ChartView
from viewer.workspaces.train.charts.pixels import packed
from viewer.workspaces.train.lab.lab import Lab

HEAD, GAP, BETWEEN = 18, 4, 10
HEIGHT = 3 * (2 * 46 + HEAD + GAP + BETWEEN)
TEXT = 11


class AugmentationView(Guarded, QWidget):
    """Rows of a picture with squares of it: above what is wanted, below what a network is given."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self._of: Augmentation | None = None
        self._images: list[tuple[QImage, list[QImage], list[QImage]]] = []
        self.words = labelled("caption", "")
        self.words.setWordWrap(True)
        self.picture = ChartView(mark("Augmentation"), self._paint, HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.words, self.picture):
            column.addWidget(widget)

    @property
    def is_known(self) -> bool:
        """Whether there is something to show."""
        return self._lab.log.augmentation is not None

    def show_log(self) -> None:
        """Show what the log has of it."""
        found = self._lab.log.augmentation
        if found is not self._of:
            self._of = found
            self._images = [] if found is None else [_images(each) for each in found.pictures]
        self.words.setText(self._words())
        self.picture.update()

    def _words(self) -> str:
        if self._of is None:
            return ""
        side = grouped(self._lab.log.recipe.patch)
        if self._of.upright:
            return tr("The middle {side} × {side} pixels, neither turned nor cut.", side=side)
        return tr(
            "Squares of {side} × {side} pixels from anywhere in a picture, turned, mirrored, "
            "lighter or darker by chance. Above: what is wanted; below: what the networks are "
            "given.", side=side,
        )  # fmt: skip

    def _paint(self, painter: QPainter, rect: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._of is None:
            return
        high = (rect.height() + BETWEEN) / max(1, len(self._images)) - BETWEEN
        draws = max(len(wanted) for _, wanted, _ in self._images)
        side = min((high - HEAD - GAP) / 2, (rect.width() - GAP * (draws + 1)) / (draws + 2))
        for row, each in enumerate(self._of.pictures):
            at = QPointF(rect.left(), rect.top() + row * (2 * side + GAP + HEAD + BETWEEN))
            self._paint_row(painter, at, side, each.name, self._images[row])

    def _paint_row(
        self,
        painter: QPainter,
        at: QPointF,
        side: float,
        name: str,
        images: tuple[QImage, list[QImage], list[QImage]],
    ) -> None:
        whole, wanted, given = images
        place = QRectF(at.x(), at.y() + HEAD, 2 * side + GAP, 2 * side + GAP)
        painter.drawImage(fitted(whole, place, Qt.AlignmentFlag.AlignLeft), whole)
        words = shortened(name_text(name), place.width() * 3, TEXT)
        paint_text(painter, QPointF(at.x(), at.y() + 13), words, theme.color("muted"), TEXT)
        for line, pictures in enumerate((wanted, given)):
            top = at.y() + HEAD + line * (side + GAP)
            for column, image in enumerate(pictures):
                left = place.right() + 2 * GAP + column * (side + GAP)
                painter.drawImage(QRectF(left, top, side, side), image)


def _images(found: Augmented) -> tuple[QImage, list[QImage], list[QImage]]:
    return (
        packed(found.picture), [packed(each) for each in found.wanted],
        [packed(each) for each in found.given],
    )  # fmt: skip
