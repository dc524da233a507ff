"""The way between two codes as a row of decoded pictures, and below it two pictures of one code."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from analysis.training.process.findings import CodePair, TwinCodes
from viewer.controls.context_menu import offer_picture
from viewer.drawing.painting.text import paint_text, shortened
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.train.charts.pixels import packed

GAP, HEAD, TEXT = 4, 18, 11
MOST_SIDE = 64.0
COUNT = 7


class CodeStrip(Guarded, QWidget):
    """Two rows of pictures with a caption each."""

    def __init__(self) -> None:
        super().__init__()
        self._way: list[QImage] = []
        self._same: list[QImage] = []
        self._of: CodePair | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        say(self, self.setAccessibleName, mark("The way between two codes"))
        offer_picture(self)
        theme.changed.connect(self.update)
        language.changed.connect(self.update)

    @property
    def side(self) -> float:
        """Of each picture, so that a row fits."""
        return self._side_at(self.width())

    @staticmethod
    def _side_at(width: int) -> float:
        return min(MOST_SIDE, (width - (COUNT - 1) * GAP) / COUNT)

    def heightForWidth(self, width: int) -> int:
        return round(2 * (HEAD + self._side_at(width) + 8))

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(240))

    def show_pair(self, codes: TwinCodes | None, pair: CodePair | None) -> None:
        """Show these, or nothing."""
        if pair is not self._of:
            self._of = pair
            self._way = [] if pair is None else [packed(each) for each in pair.way]
            self._same = []
            if pair is not None and codes is not None:
                shown = (codes.pictures[pair.first], pair.twin_picture)
                self._same = [packed(each) for each in shown]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._of is not None:
            self._row(painter, 0.0, tr("Decoded on the way from one code to the other"), self._way)
            self._row(painter, HEAD + self.side + 8, tr("Two pictures with one code"), self._same)
        painter.end()

    def _row(self, painter: QPainter, top: float, words: str, images: list[QImage]) -> None:
        fitting = shortened(words, self.width(), TEXT, True)
        paint_text(painter, QPointF(0, top + 12), fitting, theme.color("muted"), TEXT, True)
        for at, image in enumerate(images):
            left = at * (self.side + GAP)
            painter.drawImage(QRectF(left, top + HEAD, self.side, self.side), image)
