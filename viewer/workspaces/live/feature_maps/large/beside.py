"""What stands beside a large channel: the table of choices, and the button that offers them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QMenu, QToolButton

from viewer.files.image_sources import table
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.feature_map_view import Beside, FeatureMapView, OtherImage
from viewer.text.block_names import block_name
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.live.feature_maps.large.filter_names import NAMES, filter_name

CHOICES: tuple[tuple[Beside, str], ...] = (
    ("field", mark("Input and field")),
    ("open", mark("All gates open")),
    ("components", mark("First three components")),
    ("kernels", mark("Kernels")),
)


class BesideButton(Guarded, QToolButton):
    """Names what stands beside the channel; its menu offers the rest."""

    def __init__(self, session: Session, ask_file: Callable[[], object]) -> None:
        super().__init__()
        self._session = session
        self._ask_file = ask_file
        self.setProperty("role", "menu")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        say(self, self.setToolTip, "Choose what stands beside the channel")
        menu = QMenu(self)
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)
        session.viewChanged.connect(self._say)
        session.liveChanged.connect(self._say)
        language.changed.connect(self._say)
        self._say()

    def _say(self, *_: object) -> None:
        view = self._session.view.part(FeatureMapView)
        words = dict(CHOICES)
        if view.beside == "layer":
            self.setText(block_name(view.other_layer))
        elif view.beside == "filter":
            self.setText(tr("By hand"))
        elif view.beside == "image":
            name = self._session.live.part(OtherImage).name
            self.setText(tr(name) if name else tr("Another image"))
        else:
            self.setText(tr(words.get(view.beside, words["field"])))
        self.setMinimumWidth(self.sizeHint().width())

    def _fill(self) -> None:
        menu = self.menu()
        menu.clear()
        chosen = self._session.view.part(FeatureMapView).beside
        for key, name in CHOICES:
            action = menu.addAction(tr(name))
            action.setCheckable(True)
            action.setChecked(key == chosen)
            action.triggered.connect(lambda _=False, key=key: self.choose(key))
        menu.addSeparator()
        layers = menu.addMenu(tr("Another layer"))
        for block in self._session.blocks:
            if block.output in self._session.shapes:
                action = layers.addAction(block_name(block.id))
                action.triggered.connect(lambda _=False, at=block.output: self.choose("layer", at))
        filters = menu.addMenu(tr("Filter made by hand"))
        for each in NAMES:
            action = filters.addAction(filter_name(each))
            action.triggered.connect(lambda _=False, each=each: self.choose_filter(each))
        images = menu.addMenu(tr("Another image"))
        for row in table.IMAGE_SOURCES:
            for sample in row.samples():
                action = images.addAction(tr(sample.name))
                other = (str(sample.path), sample.name)
                action.triggered.connect(lambda _=False, other=other: self.choose_image(*other))
        images.addSeparator()
        images.addAction(tr("Open image…")).triggered.connect(lambda _=False: self._ask_file())

    def choose(self, beside: Beside, layer: str = "") -> None:
        """Have this beside the channel; `layer` is a node where it is another layer."""
        session = self._session
        part = replace(session.view.part(FeatureMapView), beside=beside)
        part = replace(part, other_layer=layer or part.other_layer)
        session.set_view(parts=session.view.parts.having(part))

    def choose_filter(self, key: str) -> None:
        """Have what this filter gives of the same input beside the channel."""
        session = self._session
        part = replace(session.view.part(FeatureMapView), filter=key)
        session.set_view(parts=session.view.parts.having(part))
        self.choose("filter")

    def choose_image(self, path: str, name: str) -> None:
        """Compare with the channel on this picture."""
        session = self._session
        from analysis.storage.blobs import hash_file

        try:
            other = OtherImage(path, hash_file(Path(path)), name)
        except OSError:
            return
        session.set_live(parts=session.live.parts.having(other))
        self.choose("image")
