"""The held-out pictures side by side: what is given, what each network makes of it, what is wanted.

All rows are equally large; names and scores stand at them.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from analysis.training.process.messages import Preview
from viewer.controls.context_menu import offer_picture
from viewer.drawing.charts.marks import letter_of, mark_of
from viewer.drawing.painting.fitting import fitted
from viewer.drawing.painting.text import paint_text, shortened
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.escaping import name_text
from viewer.text.translation import language, mark, say, tr
from viewer.text.twin_names import twin_name
from viewer.workspaces.train.charts.of_log import score_text
from viewer.workspaces.train.lab.training_log import TrainingLog
from viewer.workspaces.train.results.preview_heads import HEAD, TEXT, Head, PreviewHeads
from viewer.workspaces.train.results.preview_images import PreviewImages

GAP, FOOT = 6, 18
MOST_SIDE, LEAST_SIDE = 168, 24
LARGE_SIDE = 280
"""Where one network is shown alone."""


class PreviewGrid(Guarded, QWidget):
    """A row for each picture, a column for what is given, for each twin, and for what is wanted.

    With `only` there is one twin's column, larger: a click on it shows the next one's in the same
    place, where the eye sees what differs.
    """

    chosen = Signal(object)
    """The place of the twin that is to be shown alone."""

    def __init__(self, preparing: Callable[[], str]) -> None:
        """`preparing` says what a training that begins waits for."""
        super().__init__()
        self._log, self._preparing = TrainingLog(), preparing
        self._said: object = None
        """What was shown last beside the pictures."""
        self.images = PreviewImages(self._room, self._images_changed, self)
        self.only: int | None = None
        self._headed: object = None
        self._by_width: dict[int, PreviewHeads] = {}
        """Of what is headed now: layouts ask for the height at several widths again and again."""
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        say(self, self.setAccessibleName, mark("Held-out pictures"))
        offer_picture(self)
        theme.changed.connect(self.update)
        language.changed.connect(self.update)

    @property
    def shown_twins(self) -> list[int]:
        """The places of the twins that have a column."""
        every = range(len(self._log.shown))
        return list(every) if self.only is None or self.only not in every else [self.only]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        columns, twins = range(1, self.columns - 1), self.shown_twins
        rows = range(len(self.images.rows))
        for column in columns if event.button() == Qt.MouseButton.LeftButton else ():
            if any(self.picture_rect(row, column).contains(event.position()) for row in rows):
                alone = len(twins) == 1
                at = twins[column - 1]
                self.chosen.emit((at + 1) % len(self._log.shown) if alone else at)
                return
        super().mousePressEvent(event)

    def show_log(self, log: TrainingLog, only: int | None = None) -> None:
        """Show the newest pictures of a training: of all twins, or of one of them only."""
        chosen = only != self.only or log is not self._log
        self._log, self.only = log, only
        if chosen or log.previews is not self._asked:
            self._asked = log.previews
            names = [log.shown[at].name for at in self.shown_twins]
            self.images.show(log.previews, names, chosen or self.images.shown is None)
        said = log.state, log.twins, only, self._empty()
        if said != self._said:
            self._said = said
            self._images_changed()

    _asked: object = None
    """The pictures that came last; their images may still be made."""

    def _room(self) -> float:
        """The side of a place in device pixels."""
        return self.side(self.width()) * self.devicePixelRatioF()

    def _images_changed(self) -> None:
        self.updateGeometry()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.images.refit()

    @property
    def columns(self) -> int:
        """How many pictures stand in a row."""
        return len(self.shown_twins) + 2

    def side(self, width: int) -> float:
        """Of a picture, in logical pixels."""
        room = (width - GAP * (self.columns - 1)) / self.columns
        most = LARGE_SIDE if self.only in self.shown_twins else MOST_SIDE
        return min(most, max(LEAST_SIDE, room))

    def heightForWidth(self, width: int) -> int:
        rows = max(1, len(self.images.rows))
        return round(self._heads(width).height + rows * (self.side(width) + FOOT))

    def sizeHint(self) -> QSize:
        return QSize(400, self.heightForWidth(400))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.columns * (LEAST_SIDE + GAP), HEAD + LEAST_SIDE + FOOT)

    def picture_rect(self, row: int, column: int) -> QRectF:
        """Where a picture is drawn."""
        side, top = self.side(self.width()), self._heads(self.width()).height
        return QRectF(column * (side + GAP), top + row * (side + FOOT), side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self.images.shown is None:
            painter.setPen(theme.color("muted"))
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), wrapped, self._empty())
            painter.end()
            return
        lefts = [self.picture_rect(0, at).left() for at in range(self.columns)]
        self._heads(self.width()).paint(painter, lefts)
        for row, picture in enumerate(self.images.shown.pictures):
            for column, image in enumerate(self.images.rows[row]):
                self._paint_image(painter, image, self.picture_rect(row, column))
            self._paint_scores(painter, row, picture)
        painter.end()

    def _paint_image(self, painter: QPainter, image: QImage, place: QRectF) -> None:
        """Draw the copy that has just the size of its place, or the image itself, made smaller."""
        scale = self.devicePixelRatioF()
        rect = fitted(image, place)
        side = max(1, round(self._room()))
        size = image.size().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
        copy = self.images.fitting(image, size)
        if copy is None:
            painter.drawImage(rect, image)
            return
        at = QPointF(round(rect.left() * scale) / scale, round(rect.top() * scale) / scale)
        painter.drawImage(QRectF(at, copy.size() / scale), copy)

    def _empty(self) -> str:
        if self._log.state == "preparing":
            return self._preparing()
        return tr("Held-out pictures stand here once a training has begun.")

    def _heads(self, width: int) -> PreviewHeads:
        """What stands over the columns of a grid so wide."""
        log = self._log
        asked = self.only, log.twins, log.recipe.task, language.code
        if asked != self._headed:
            self._headed = asked
            self._by_width.clear()
        if width not in self._by_width:
            self._by_width[width] = self._new_heads(width)
        return self._by_width[width]

    def _new_heads(self, width: int) -> PreviewHeads:
        rebuilt = self._log.recipe.task == "reconstruct"  # what is given is what is wanted
        heads = [Head(tr("input x") if rebuilt else tr("given"), "muted")]
        heads += [
            Head(f"{letter_of(at)} {twin_name(twin.name)}", mark_of(at).text, letter_of(at))
            for at, twin in enumerate(self._log.shown)
            if at in self.shown_twins
        ]
        heads.append(Head(tr("label x") if rebuilt else tr("wanted"), "muted"))
        return PreviewHeads(heads, self.side(width), width)

    def _paint_scores(self, painter: QPainter, row: int, picture: Preview) -> None:
        every = [picture.seen[twin.name].score for twin in self._log.shown]
        known = [score for score in every if score is not None]
        seen = [every[at] for at in self.shown_twins]
        best = max(known) if known else None
        scores = [(picture.given_score, False), *((s, s is not None and s == best) for s in seen)]
        for column, (score, strong) in enumerate(scores):
            rect = self.picture_rect(row, column)
            at = QPointF(rect.left(), rect.bottom() + 13)
            words = "" if score is None else score_text(self._log, score)
            token = "text" if strong else "muted"
            paint_text(painter, at, words, theme.color(token), TEXT, strong)
        rect = self.picture_rect(row, self.columns - 1)
        name = name_text(picture.name.rpartition(".")[0] or picture.name)
        name = shortened(name, rect.width(), TEXT)
        at = QPointF(rect.left(), rect.bottom() + 13)
        paint_text(painter, at, name, theme.color("muted"), TEXT)
