"""The bottom dock of Live: every channel of the selected layer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from viewer.controls import PanelTitle, Segmented, labelled, vertical_scroll
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text.block_names import block_name, cannot_run
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.live.feature_maps.tile_grid import TileGrid


class FeatureMapsPanel(Guarded, QWidget):
    """The mosaic of the newest frame; a click on a tile pins its channel on the canvas."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self.layer = labelled("small")
        self.flat = labelled("small")
        self.range_mode = Segmented(
            [("own", mark("own range")), ("shared", mark("shared")), ("fixed", mark("fixed"))]
        )
        say(
            self,
            self.range_mode.setToolTip,
            "Black and white of a tile: each channel's own, one for all, "
            "or held since the network or the image changed",
        )
        self.range_mode.valueChanged.connect(lambda mode: session.set_view(range_mode=mode))
        self.grid = TileGrid()
        self.grid.pinned.connect(self._pin)
        self.empty = labelled("muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pages = QStackedWidget()
        self.pages.addWidget(vertical_scroll(self.grid))
        self.pages.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(PanelTitle(self._name_and_layer(), self.flat, self.range_mode))
        column.addWidget(self.pages, 1)
        session.frameReady.connect(lambda _: self._show())
        session.factsChanged.connect(lambda _: self._show())
        session.viewChanged.connect(lambda *_: self._show_choices())
        session.liveChanged.connect(lambda *_: self._show_empty())
        session.documentChanged.connect(lambda *_: self._show_empty())
        language.changed.connect(self._show)
        self._show()

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

    def _pin(self, channel: int) -> None:
        """Pin a channel; the pinned one again goes back to the one of largest variance."""
        session, frame = self._session, self._session.frame
        if frame is None or frame.mosaic is None:
            return
        node, channels = frame.mosaic.node, dict(session.view.channels)
        if channels.get(node) == channel:
            del channels[node]
        else:
            channels[node] = channel
        session.set_view(channels=channels)

    def _show(self) -> None:
        frame = self._session.frame
        runs = not self._session.facts.stopped_by
        mosaic = frame.mosaic if frame is not None and runs else None
        self.grid.show_mosaic(mosaic)
        self.pages.setCurrentIndex(0 if mosaic is not None else 1)
        self.layer.setText("")
        self.flat.setText("")
        if mosaic is not None:
            self.layer.setText(
                tr("{layer}, {n} channels", layer=self._name(mosaic.node), n=mosaic.channels)
            )
            dead, constant = len(mosaic.dead), len(mosaic.constant)
            said = [tr("{n} dead", n=dead)] if dead else []
            said += [tr("{n} constant", n=constant)] if constant else []
            self.flat.setText(tr(", ").join(said))
        self._show_empty()
        self._show_choices()

    def _name(self, node: str) -> str:
        block = self._session.block_of.get(node)
        return block_name(block.id if block is not None and block.output == node else node)

    def _show_empty(self) -> None:
        live, document = self._session.live, self._session.document
        if self.pages.currentIndex() == 0:
            return
        if self._session.facts.stopped_by:
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

    def _show_choices(self) -> None:
        frame, view = self._session.frame, self._session.view
        self.range_mode.set_value(view.range_mode)
        mosaic = frame.mosaic if frame is not None else None
        self.grid.show_pin(view.channels.get(mosaic.node) if mosaic is not None else None)
