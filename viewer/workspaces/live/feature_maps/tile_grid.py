"""All channels of one layer as tiles, wrapped to the width of the panel."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from analysis.inference.colors.ramps import INK
from analysis.inference.protocol.runs import Mosaic
from viewer.controls.context_menu import Entry, copy_entry, offer_menu
from viewer.drawing.painting.array_image import image_of
from viewer.drawing.painting.text import lettering
from viewer.look.fonts import CAPTION
from viewer.look.pale import opacity
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.number_format import decimal
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.live.feature_maps.tile_layout import ABOVE, MARGIN, SMALLEST, TileLayout


class TileGrid(Guarded, QWidget):
    """The tiles of a mosaic; a click pins a channel, the pinned one has the ring."""

    pinned = Signal(int)
    """Channel that was clicked."""
    opened = Signal(int)
    """Channel that was double-clicked, or on which Enter was pressed: to be shown large."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._layout: TileLayout | None = None
        self._mosaic: Mosaic | None = None
        self._image: QImage | None = None
        self._pin: int | None = None
        self._hover: int | None = None
        self._order: tuple[int, ...] = ()
        self._place_of: dict[int, int] = {}
        self._alike: Mapping[int, int] = {}
        self._scaled: Mapping[int, float] = {}
        self._pale = False
        self.more_entries: Callable[[int], tuple[Entry, ...]] = lambda _: ()
        """What else the menu of a channel offers."""
        offer_menu(self, self._entries_at)
        theme.changed.connect(self.update)
        language.changed.connect(self.update)
        language.changed.connect(self._say_pin)
        say(self, self.setAccessibleName, "Feature maps")

    def show_mosaic(self, mosaic: Mosaic | None) -> None:
        """Show the channels of this layer."""
        before, self._mosaic = self._mosaic, mosaic
        self._image = None if mosaic is None else image_of(mosaic.pixels)
        if (before and before.channels) != (mosaic and mosaic.channels):
            self.updateGeometry()
        self._say_pin()
        self.update()

    def show_age(self, old: bool) -> None:
        """Tiles are pale while they are of an earlier picture."""
        if old != self._pale:
            self._pale = old
            self.update()

    def show_pin(self, channel: int | None) -> None:
        """Ring this channel, and say it to a screen reader."""
        self._pin = channel
        self._say_pin()
        self.update()

    @property
    def pin(self) -> int | None:
        """The ringed channel, whether the layer has it or not."""
        return self._pin

    def _say_pin(self) -> None:
        channel = self._pinned()
        said = self.words(channel) if channel is not None else ""
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)

    def _pinned(self) -> int | None:
        """The ringed channel, where the layer has it."""
        channels = self._mosaic.channels if self._mosaic is not None else 0
        return self._pin if self._pin is not None and self._pin < channels else None

    def show_order(self, order: tuple[int, ...]) -> None:
        """Show the channels in this order."""
        if order != self._order:
            self._order = order
            self._place_of = {channel: place for place, channel in enumerate(order)}
            self.update()

    def show_marks(self, alike: Mapping[int, int], scaled: Mapping[int, float]) -> None:
        """Mark channels that are like an earlier one, and those that are scaled."""
        if (alike, scaled) != (self._alike, self._scaled):
            self._alike, self._scaled = alike, scaled
            self._say_pin()
            self.update()

    def _ordered(self) -> tuple[int, ...]:
        channels = self._mosaic.channels if self._mosaic is not None else 0
        return self._order if len(self._order) == channels else tuple(range(channels))

    # ---------------------------------------------------------------- where tiles are

    def _laid_out(self, width: int | None = None) -> TileLayout:
        """How the tiles stand in `width` px, or in the width the grid has."""
        mosaic, port = self._mosaic, self.parentWidget()
        channels, map_size = (0, (1, 1)) if mosaic is None else (mosaic.channels, mosaic.tile)
        seen = 0 if port is None else port.height()
        wanted = TileLayout(channels, map_size, self.width() if width is None else width, seen)
        if wanted != self._layout:
            self._layout = wanted
        return self._layout

    def columns(self, width: int) -> int:
        """How many tiles stand side by side."""
        return self._laid_out(width).columns

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._laid_out(width).height

    def sizeHint(self) -> QSize:
        return QSize(600, self.heightForWidth(600))

    def minimumSizeHint(self) -> QSize:
        return QSize(SMALLEST + 2 * MARGIN, SMALLEST + 2 * ABOVE)

    def tile_rect(self, channel: int) -> QRect:
        """Where a channel is drawn."""
        known = self._mosaic is not None and len(self._order) == self._mosaic.channels
        return self._laid_out().rect(self._place_of.get(channel, channel) if known else channel)

    def source_rect(self, channel: int) -> QRect:
        """Where a channel lies in the mosaic's image."""
        if self._mosaic is None:
            return QRect()
        height, width = self._mosaic.tile
        row, column = divmod(channel, self._mosaic.columns)
        return QRect(column * width, row * height, width, height)

    def channel_at(self, place: QPoint) -> int | None:
        """The channel drawn at `place`."""
        at = self._laid_out().place_at(place)
        return None if at is None else self._ordered()[at]

    def _entries_at(self, place: QPoint) -> tuple[Entry, ...]:
        mosaic, channel = self._mosaic, self.channel_at(place)
        if mosaic is None or self._image is None:
            return ()
        every = copy_entry(mark("Copy all maps"), self._image)
        if channel is None:
            return (every,)
        one = self._image.copy(self.source_rect(channel))
        return (
            Entry(mark("Show this channel on the canvas"), lambda: self.pinned.emit(channel)),
            Entry(mark("Show this channel large"), lambda: self.opened.emit(channel)),
            *self.more_entries(channel),
            copy_entry(mark("Copy map of channel {n}"), one, n=channel),
            every,
        )

    # ---------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        mosaic, image = self._mosaic, self._image
        if mosaic is None or image is None:
            return
        painter = QPainter(self)
        shown, order = self._laid_out(), self._ordered()
        enlarged = shown.tile.width() > 2 * mosaic.tile[1]
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not enlarged)
        for at in shown.places_in(event.rect()):
            channel, rect = order[at], shown.rect(at)
            word = self.flat_word(channel)
            painter.setOpacity(opacity(self._pale))
            if word:
                self._paint_flat(painter, rect, word)
            else:
                painter.drawImage(rect, image, self.source_rect(channel))
            painter.setOpacity(1.0)
            self._paint_mark(painter, rect, channel)
        self._paint_rings(painter)
        painter.end()

    def flat_word(self, channel: int) -> str:
        """`dead` or `constant` where a channel has one value everywhere by itself, else ''."""
        mosaic = self._mosaic
        if mosaic is None:
            return ""
        if self._scaled.get(channel) == 0:
            return ""  # it is switched off, as its mark says
        if channel in mosaic.dead:
            return tr("dead")
        return tr("constant") if channel in mosaic.constant else ""

    @staticmethod
    def _paint_flat(painter: QPainter, rect: QRect, word: str) -> None:
        painter.fillRect(rect, INK[0][1])
        painter.setPen(INK[-1][1])
        painter.setFont(lettering(CAPTION, False))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, word)

    def _paint_mark(self, painter: QPainter, rect: QRect, channel: int) -> None:
        """A strip at the tile's foot: what it is scaled by, or which channel it is like."""
        alpha, first = self._scaled.get(channel), self._alike.get(channel)
        if alpha is not None:
            said = tr("off") if alpha == 0 else f"× {decimal(alpha, 2)}"
            ground, ink = theme.color("accent"), theme.color("onaccent")
        elif first is not None:
            said, ground, ink = f"≈ {first}", theme.color("surface"), theme.color("text")
        else:
            return
        painter.setFont(lettering(CAPTION, False))
        width = min(rect.width(), painter.fontMetrics().horizontalAdvance(said) + 6)
        strip = QRect(rect.left(), rect.bottom() - 14, width, 15)
        painter.fillRect(strip, ground)
        painter.setPen(ink)
        painter.drawText(strip, Qt.AlignmentFlag.AlignCenter, said)

    def _paint_rings(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        channels = self._mosaic.channels if self._mosaic is not None else 0
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
        for channel, token, width in (
            (self._hover, "ctl", 1.5),
            (self._pin, "accent", 2.0),
        ):
            if channel is not None and channel < channels:
                painter.setPen(QPen(theme.color(token), width))
                ring = QRectF(self.tile_rect(channel)).adjusted(-1.5, -1.5, 1.5, 1.5)
                painter.drawRoundedRect(ring, 3, 3)

    # ---------------------------------------------------------------- mouse and keys

    def words(self, channel: int) -> str:
        """Number and range of a channel: what the tile's ramp runs from and to."""
        assert self._mosaic is not None
        low, high = (float(value) for value in self._mosaic.ranges[channel])
        said = tr(
            "channel {n}, {low} to {high}", n=channel, low=decimal(low, 2), high=decimal(high, 2)
        )
        flat = self.flat_word(channel)
        if flat:
            said = f"{said}, {flat}"
        if channel in self._alike:
            said = tr("{what}, like channel {n}", what=said, n=self._alike[channel])
        return said

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        channel = self.channel_at(event.position().toPoint())
        if channel != self._hover:
            self._hover = channel
            said = self.words(channel) if channel is not None else ""
            QToolTip.showText(event.globalPosition().toPoint(), said, self)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        channel = self.channel_at(event.position().toPoint())
        if channel is not None and event.button() == Qt.MouseButton.LeftButton:
            self.pinned.emit(channel)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        channel = self.channel_at(event.position().toPoint())
        if channel is not None and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(channel)

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        """The Menu key opens the menu of the ringed channel, on its tile."""
        if query == Qt.InputMethodQuery.ImCursorRectangle and self._mosaic is not None:
            return self.tile_rect(self._pinned() or 0)
        return super().inputMethodQuery(query)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self.columns(self.width())
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
        }
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._mosaic is not None:
            self.opened.emit(self._pinned() or 0)
            return
        step = steps.get(Qt.Key(event.key()))
        if step is None or self._mosaic is None:
            super().keyPressEvent(event)
            return
        order = self._ordered()
        at = 0 if self._pin not in order else order.index(self._pin) + step
        self.pinned.emit(order[min(max(at, 0), len(order) - 1)])
