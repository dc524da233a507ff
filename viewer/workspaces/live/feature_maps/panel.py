"""The bottom dock of Live: every channel of the selected layer, and one of them large."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from analysis.inference.colors.maps import COLOR_MAPS
from viewer.controls import PanelTitle, SnugChoice, labelled, vertical_scroll
from viewer.controls.context_menu import Entry, filled_menu
from viewer.controls.elided_label import ElidedLabel
from viewer.look.icons import icon
from viewer.look.pale import set_pale
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.edits.channel_gates import channel_gates, open_channels, toggle_channel
from viewer.session.edits.gates import CLOSED
from viewer.session.feature_map_view import FeatureMapView
from viewer.text.block_names import cannot_run
from viewer.text.map_color_names import MAP_COLOR_NAMES
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.live.feature_maps.channel_order import (
    ORDERS,
    channel_order,
    duplicate_of,
)
from viewer.workspaces.live.feature_maps.large.view import LargeChannel
from viewer.workspaces.live.feature_maps.layer_name import layer_text
from viewer.workspaces.live.feature_maps.tile_grid import TileGrid

TILES_BESIDE, TILES_NARROW = 208, 94
"""Width in px that the tiles keep beside a large channel: three, or one, and a scroll bar."""
NARROW = 860
"""Px of the panel below which it is narrow."""
LOW_HEIGHT, LARGE_HEIGHT = 170, 372
"""Of the panel in px, with tiles alone and with a large channel."""
WIDEST = 16_777_215
"""What Qt takes for no limit, in px."""
RANGES = (
    ("own", mark("own range")),
    ("shared", mark("shared")),
    ("fixed", mark("fixed")),
    ("smoothed", mark("smoothed")),
)


class FeatureMapsPanel(Guarded, QWidget):
    """The mosaic of the newest frame; a click on a tile pins its channel on the canvas."""

    heightAsked = Signal(int)
    """The height in px that suits what is shown now."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self.layer = labelled("small")
        self.flat = ElidedLabel("", "small", Qt.TextElideMode.ElideRight)
        self.flat.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._tools: dict[QToolButton, str] = {}
        self._make_choices()
        self._make_pages()
        theme.changed.connect(self._draw_icons)
        self.export: Callable[[], tuple[Entry, ...]] = lambda: ()
        """What the menu offers to save."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        choices = (self.order, self.colors, self.range_mode)
        tools = (self.large_button, self.menu_button)
        title = PanelTitle(self._name_and_layer(), self.flat, *choices, *tools)
        title.give_room(self.flat)
        column.addWidget(title)
        column.addWidget(self.pages, 1)
        session.pictureChanged.connect(self._show)
        session.factsChanged.connect(self._show)
        session.viewChanged.connect(self._view_changed)
        session.channelsReady.connect(self._show_choices)
        session.age.changed.connect(self._show_age)
        session.liveChanged.connect(self._show_empty)
        session.documentChanged.connect(self._show_choices)
        session.documentChanged.connect(self._show_empty)
        language.changed.connect(self._show)
        self._show()
        self._show_large()
        self._show_age(session.age.is_old)

    # ---------------------------------------------------------------- what it is made of

    def _make_choices(self) -> None:
        session = self._session
        self.range_mode = SnugChoice(RANGES)
        say(
            self,
            self.range_mode.setToolTip,
            "Black and white of a tile: each channel's own, one for all, "
            "held since the network or the image changed, or following slowly",
        )
        self.range_mode.valueChanged.connect(lambda mode: session.set_view(range_mode=mode))
        self.order = SnugChoice(ORDERS)
        say(self, self.order.setToolTip, "Order of the channels, the largest first")
        self.order.valueChanged.connect(lambda order: self._choose(order=order))
        self.colors = SnugChoice([(row.key, MAP_COLOR_NAMES[row.key]) for row in COLOR_MAPS])
        say(self, self.colors.setToolTip, "Colours of the feature maps, here and on the canvas")
        self.colors.valueChanged.connect(lambda colors: self._choose(colors=colors))
        self.large_button = self._tool("fit", mark("Show one channel large"))
        self.large_button.setCheckable(True)
        self.large_button.clicked.connect(lambda: self._choose(large=not self._view.large))
        self.menu_button = self._tool("more", mark("Save and more"))
        self.menu_button.clicked.connect(self._open_menu)

    def _tool(self, name: str, words: str) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setIcon(icon(name))
        say(button, button.setToolTip, words)
        say(button, button.setAccessibleName, words)
        self._tools[button] = name
        return button

    def _draw_icons(self) -> None:
        for button, name in self._tools.items():
            button.setIcon(icon(name))

    def _make_pages(self) -> None:
        self.grid = TileGrid()
        self.grid.pinned.connect(self._pin)
        self.grid.opened.connect(self.show_large)
        self.grid.more_entries = self._channel_entries
        self.large = LargeChannel(self._session)
        self.empty = labelled("muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._tiles = vertical_scroll(self.grid)
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._tiles, 1)
        row.addWidget(self.large, 4)
        self.pages = QStackedWidget()
        self.pages.addWidget(both)
        self.pages.addWidget(self.empty)

    def _name_and_layer(self) -> QWidget:
        name = labelled("strong")
        say(self, name.setText, "Feature maps")
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(6, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(name)
        row.addWidget(self.layer)
        return both

    # ---------------------------------------------------------------- mouse and keys

    @property
    def _view(self) -> FeatureMapView:
        return self._session.view.part(FeatureMapView)

    def _choose(self, **changes: Any) -> None:
        session = self._session
        part = replace(self._view, **changes)
        session.set_view(parts=session.view.parts.having(part))

    def show_large(self, channel: int) -> None:
        """Show a channel large."""
        session, frame = self._session, self._session.frame_now
        if frame is None or frame.mosaic is None:
            return
        parts = session.view.parts.having(replace(self._view, large=True))
        session.set_view(
            parts=parts, channels={**session.view.channels, frame.mosaic.node: channel}
        )

    def _pin(self, channel: int) -> None:
        """Pin a channel; the pinned one again goes back to the one of largest variance."""
        session, frame = self._session, self._session.frame_now
        if frame is None or frame.mosaic is None:
            return
        node, channels = frame.mosaic.node, dict(session.view.channels)
        if channels.get(node) == channel and not self._view.large:
            del channels[node]
        else:
            channels[node] = channel
        session.set_view(channels=channels)

    def _channel_entries(self, channel: int) -> tuple[Entry, ...]:
        node = self._session.layer_shown()
        if node is None:
            return ()
        is_off = channel_gates(self._session.document, node).get(channel) == CLOSED
        words = mark("Switch channel {n} on") if is_off else mark("Switch channel {n} off")
        turn = Entry(words, lambda: toggle_channel(self._session, node, channel), {"n": channel})
        return (turn,)

    def _open_menu(self) -> None:
        node = self._session.layer_shown()
        turned = node is not None and channel_gates(self._session.document, node)
        back = (lambda: open_channels(self._session, node)) if node and turned else None
        entries = (*self.export(), Entry(mark("All channels on"), back))
        menu = filled_menu(self, entries)
        menu.popup(self.menu_button.mapToGlobal(self.menu_button.rect().bottomLeft()))

    # ---------------------------------------------------------------- what it shows

    def _view_changed(self, before: Any, after: Any) -> None:
        if before.part(FeatureMapView).large != after.part(FeatureMapView).large:
            self._show_large()
        self._show_choices()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow, large = self.width() < NARROW, self._view.large
        tiles = TILES_NARROW if narrow else TILES_BESIDE
        self._tiles.setMinimumWidth(tiles if large else 0)
        self._tiles.setMaximumWidth(tiles if large else WIDEST)

    @property
    def height_asked(self) -> int:
        """The height in px that suits what is shown."""
        return LARGE_HEIGHT if self._view.large else LOW_HEIGHT

    def _show_large(self) -> None:
        large = self._view.large
        self.large.setVisible(large)
        self.large_button.setChecked(large)
        self._fit()
        self.large.show_newest()
        self.heightAsked.emit(self.height_asked)

    def _show(self, *_: object) -> None:
        frame = self._session.frame_now
        runs = self._session.facts.can_begin
        mosaic = frame.mosaic if frame is not None and runs else None
        self.grid.show_mosaic(mosaic)
        self.pages.setCurrentIndex(0 if mosaic is not None else 1)
        self.layer.setText("")
        if mosaic is not None:
            self.layer.setText(layer_text(self._session, mosaic.node, mosaic.channels))
        self._show_empty()
        self._show_choices()

    def _ring(self, chosen: int | None) -> None:
        """Ring the channel that was chosen, else the one that stands large; bring it into view."""
        large = self.large.shown() if self._view.large else None
        ringed = large.channel if chosen is None and large is not None else chosen
        if ringed != self.grid.pin:
            self.grid.show_pin(ringed)
            QTimer.singleShot(0, self, self._show_ringed)  # once the tiles stand where they will

    def _show_ringed(self) -> None:
        ringed = self.grid.pin
        if ringed is not None and self._view.large:
            tile = self.grid.tile_rect(ringed)
            middle = tile.center()
            self._tiles.ensureVisible(middle.x(), middle.y(), 0, tile.height())

    def _show_age(self, old: bool) -> None:
        self.grid.show_age(old)
        set_pale(old, self.flat)
        self.large.show_newest()

    def _show_empty(self, *_: object) -> None:
        live, document = self._session.live, self._session.document
        if self.pages.currentIndex() == 0:
            return
        if not self._session.facts.can_begin:
            said = cannot_run(self._session.facts)
        elif live.engine in ("absent", "loading"):
            said = tr("Loading PyTorch. Shapes and fields work already.")
        elif document.image is None:
            said = tr("Drop an image here")
        elif live.engine == "ready":
            said = tr("Running the network…")
        else:
            said = tr("No feature maps: nothing runs.")
        self.empty.setText(said)

    def _show_choices(self, *_: object) -> None:
        frame, view, part = self._session.frame_now, self._session.view, self._view
        self.range_mode.set_value(view.range_mode)
        self.order.set_value(part.order)
        self.colors.set_value(part.colors)
        mosaic = frame.mosaic if frame is not None else None
        self.flat.set_text("")
        if mosaic is None:
            self.grid.show_pin(None)
            return
        known = self._session.channels
        known = known if known is not None and known.layer == mosaic.node else None
        alike = duplicate_of(known)
        self.grid.show_order(channel_order(known, part.order, mosaic.channels))
        self._ring(view.channels.get(mosaic.node))
        turned = channel_gates(self._session.document, mosaic.node)
        self.grid.show_marks(alike, turned)
        off = [channel for channel, alpha in turned.items() if alpha == CLOSED]
        dead, constant = (len(set(each) - set(off)) for each in (mosaic.dead, mosaic.constant))
        said = [tr("{n} off", n=len(off))] if off else []
        said += [tr("{n} dead", n=dead)] if dead else []
        said += [tr("{n} constant", n=constant)] if constant else []
        said += [tr("{n} near-duplicate", n=len(alike))] if alike else []
        self.flat.set_text(tr(", ").join(said))
