"""One channel large, with what stands beside it under the same pointer, and its numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from analysis.inference.colors.maps import color_map, map_ramp
from analysis.inference.protocol.layer_channels import FilterResponse, LayerChannels
from analysis.inference.protocol.runs import ChannelMap, Frame
from analysis.receptive_field import UnitSet
from viewer.controls import labelled
from viewer.controls.file_dialog import OPEN as OPEN_FILE
from viewer.controls.file_dialog import pick_file
from viewer.drawing.painting.array_image import image_of, image_of_values
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.edits.channel_gates import channel_gates, set_channel_gate, toggle_channel
from viewer.session.edits.gates import OPEN
from viewer.session.feature_map_view import FeatureMapView
from viewer.session.view_state import Pin
from viewer.text.number_format import decimal, percent, spatial
from viewer.text.translation import language, tr
from viewer.workspaces.live.feature_maps.large.beside import BesideButton
from viewer.workspaces.live.feature_maps.large.filter_names import filter_name
from viewer.workspaces.live.feature_maps.large.kernel_tiles import kernel_tiles
from viewer.workspaces.live.feature_maps.large.map_picture import MapPicture, unit_at
from viewer.workspaces.live.feature_maps.large.numbers import ChannelNumbers
from viewer.workspaces.live.feature_maps.layer_name import layer_name

NUMBERS = 240
"""Width in px that the numbers have room in; were it theirs, pictures would jump with them."""
Place = tuple[float, float] | None


class LargeChannel(Guarded, QWidget):
    """The channel that a frame brings as it is; what is beside it may come a little later."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._place: Place = None
        self._drags = 0
        self.channel, self.other = MapPicture("channel"), MapPicture("beside")
        self.numbers = ChannelNumbers()
        self.beside = BesideButton(session, self._ask_image)
        self.name, self.here, self.value = labelled("strong"), labelled("small"), labelled("small")
        for said in (self.here, self.value):  # must not make its picture the wider one
            said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 12, 8)
        row.setSpacing(16)
        row.addLayout(self._titled(self.name, self.channel, self.here), 5)
        row.addLayout(self._titled(self.beside, self.other, self.value), 5)
        row.addWidget(self.numbers, 4)
        self.numbers.setMinimumWidth(NUMBERS)
        for picture in (self.channel, self.other):
            picture.pointed.connect(self.point_at)
        self.numbers.scaled.connect(self._scale)
        self.numbers.released.connect(self._released)
        self.numbers.toggled.connect(self._toggle)
        for signal in (session.pictureChanged, session.channelsReady, session.factsChanged):
            signal.connect(self.show_newest)
        for changed in (session.viewChanged, session.documentChanged, session.liveChanged):
            changed.connect(self.show_newest)
        theme.changed.connect(self.show_newest)
        language.changed.connect(self.show_newest)

    @staticmethod
    def _titled(title: QWidget, picture: QWidget, said: QWidget) -> QVBoxLayout:
        """A picture under its title and a line about it."""
        title.setFixedHeight(26)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(title, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(said)
        column.addWidget(picture, 1)
        return column

    # ---------------------------------------------------------------- what is shown

    @property
    def _view(self) -> FeatureMapView:
        return self._session.view.part(FeatureMapView)

    def shown(self) -> ChannelMap | None:
        """The channel of the newest frame, if it is of the layer that is chosen."""
        frame, layer = self._session.frame_now, self._session.layer_shown()
        return next((raw for raw in frame.raw if raw.node == layer), None) if frame else None

    def known(self) -> LayerChannels | None:
        """What is known of all channels of that layer, perhaps of an earlier picture."""
        found = self._session.channels
        return found if found is not None and found.layer == self._session.layer_shown() else None

    def _is_stale(self) -> bool:
        """Whether what is known of the layer's channels is of an earlier picture."""
        of = (self._session.picture_key, self._session.layer_shown())
        return self._session.channels_of != of

    def show_newest(self, *_: object) -> None:
        """Show the newest frame, and what stands beside the channel."""
        if not self._view.large:
            return
        shown = self.shown()
        old = self._session.age.is_old
        self.numbers.show_channel(shown, self.known(), old, self._is_stale())
        if shown is None:
            self.channel.show_image(None, tr("Running the network…"))
            self.name.setText("")
        else:
            self.channel.show_image(self._drawn(shown), stale=old)
            size = spatial(shown.values.shape)
            self.name.setText(f"{layer_name(self._session, shown.node)} · {size}")
            gates = channel_gates(self._session.document, shown.node)
            self.numbers.show_gate(gates.get(shown.channel, OPEN))
        self._show_beside(shown)
        self.point_at(self._place)

    def _range(self, shown: ChannelMap) -> tuple[float, float]:
        """The values drawn first and last: as on its tile, where that is there."""
        frame = self._session.frame_now
        mosaic = frame.mosaic if frame is not None else None
        if mosaic is not None and mosaic.node == shown.node and shown.channel < len(mosaic.ranges):
            return float(mosaic.ranges[shown.channel][0]), float(mosaic.ranges[shown.channel][1])
        values = np.nan_to_num(shown.values, nan=0.0, posinf=0.0, neginf=0.0)
        low, high = float(values.min()), float(values.max())
        if color_map(self._view.colors).symmetric:
            high = max(abs(low), abs(high))
            low = -high
        return low, high

    def _drawn(self, shown: ChannelMap, ends: tuple[float, float] | None = None) -> QImage:
        low, high = ends or self._range(shown)
        return image_of_values(shown.values, low, high, map_ramp(self._view.colors, theme.mode))

    def compared(self) -> ChannelMap | None:
        """The channel beside, where that is one: other gates, another layer or another image."""
        beside, known, frame = self._view.beside, self.known(), self._session.frame_now
        if beside == "layer" and frame is not None:
            return frame.raw[-1] if len(frame.raw) > 1 else self.shown()
        if known is not None and beside == "filter" and known.filtered is not None:
            return ChannelMap("", 0, 1, known.filtered.values)
        if known is None or beside not in ("open", "image"):
            return None
        return known.open_gates if beside == "open" else known.other

    def _show_beside(self, shown: ChannelMap | None) -> None:
        beside, known = self._view.beside, self.known()
        image: QImage | None = None
        of_frame = beside in ("field", "layer")
        words = tr("Computing…")
        stale = self._session.age.is_old if of_frame else self._is_stale()
        compared = self.compared()
        frame: Frame | None = self._session.frame_now
        self.value.setText("")
        self.value.setToolTip("")
        if beside == "field":
            image = image_of(frame.input_image) if frame is not None else None
            words = tr("Drop an image here")
        elif compared is not None and shown is not None:
            # The same colours are the same values wherever the maps are of one layer.
            same = compared.node == shown.node
            image = self._drawn(compared, self._range(shown) if same else None)
            if beside == "filter" and known is not None and known.filtered is not None:
                self._say_filter(known.filtered)
        elif beside == "components" and known is not None and known.components is not None:
            image = image_of(known.components)
            parts = " · ".join(percent(part) for part in known.explained)
            self.value.setText(tr("{parts} of the variance", parts=parts))
        elif beside == "kernels" and known is not None:
            image, words, said = kernel_tiles(known.kernels, theme.mode)
            self.value.setText(said)
        self.other.show_image(image, words, stale)

    def _say_filter(self, found: FilterResponse) -> None:
        """Which filter it is, and how alike the two maps are."""
        alike = decimal(found.correlation, 2)
        said = tr("r = {r} · {name}", name=filter_name(found.key), r=alike)
        self.value.setText(said)
        self.value.setToolTip(said)

    # ---------------------------------------------------------------- the pointer

    def point_at(self, place: Place) -> None:
        """Point at the same place of both pictures and say their values there."""
        self._place = place
        beside, shown = self._view.beside, self.shown()
        self.channel.point_at(place)
        if beside == "field":
            self.other.point_at(None, self._field(place, shown))
        else:
            self.other.point_at(None if beside == "kernels" else place)
        self.here.setText("")
        if place is None or shown is None:
            self.numbers.show_pointed(tr("Point at the map to read its values."), None)
            return
        y, x = unit_at(place, *shown.values.shape)
        value = float(shown.values[y, x])
        said = tr("y {y}, x {x}: {value}", y=y, x=x, value=decimal(value, 4))
        self.here.setText(decimal(value, 4))
        compared = self.compared()
        if compared is not None:
            v, u = unit_at(place, *compared.values.shape)
            other = float(compared.values[v, u])
            said = tr("y {y}, x {x}: {value} | {other}", y=y, x=x, value=decimal(value, 4),
                      other=decimal(other, 4))  # fmt: skip
            if beside != "filter":
                self.value.setText(decimal(other, 4))
        self.numbers.show_pointed(said, value)

    def _field(self, place: Place, shown: ChannelMap | None) -> UnitSet | None:
        """The receptive field of the unit pointed at, on the first input."""
        session = self._session
        if place is None or shown is None or len(session.shapes.get(shown.node, ())) != 3:
            self.value.setText("")
            return None
        y, x = unit_at(place, *shown.values.shape)
        field = session.field_of(Pin(shown.node, y, x))
        seen = field.sets.get(session.document.graph.inputs[0].id) if field is not None else None
        if seen is not None and seen.box is not None and len(seen.size) == 2:
            y0, x0, y1, x1 = seen.box
            self.value.setText(tr("sees {h} × {w} pixels", h=y1 - y0, w=x1 - x0))
        return seen

    # ---------------------------------------------------------------- the gate

    def _scale(self, alpha: float) -> None:
        shown = self.shown()
        if shown is not None:
            self._hold(shown)
            key = f"channel {shown.node} {shown.channel} {self._drags}"
            set_channel_gate(self._session, shown.node, shown.channel, alpha, key)

    def _hold(self, shown: ChannelMap) -> None:
        """Pin the channel: one that is switched off would not be the strongest any more."""
        channels = {**self._session.view.channels, shown.node: shown.channel}
        self._session.set_view(channels=channels)

    def _released(self) -> None:
        self._drags += 1

    def _toggle(self) -> None:
        shown = self.shown()
        if shown is not None:
            self._hold(shown)
            toggle_channel(self._session, shown.node, shown.channel)

    def _ask_image(self) -> None:
        def use(path: str) -> None:
            self.beside.choose_image(path, Path(path).name)

        then: Callable[[str], object] = use
        patterns = (tr("All files (*)"),)
        pick_file(self, tr("Compare with an image"), patterns, OPEN_FILE, then)
