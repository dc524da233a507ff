"""The left dock of Live: which image, how much noise, and what comes out."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from analysis.inference.protocol.runs import Frame, Noise
from analysis.storage.document import Document
from viewer.controls import (
    Choice,
    NumberSlider,
    PanelTitle,
    Section,
    Segmented,
    lay_out_panel,
    line,
)
from viewer.engine.run_requests import RunRequests
from viewer.files.image_sources import table
from viewer.files.image_sources.contract import ImageSourceRow
from viewer.files.image_sources.file import FILE
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.background_jobs import Background
from viewer.session.input_image.film_frame import FilmFrame
from viewer.text.block_names import cannot_run
from viewer.text.number_format import decimal
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.live.image.changes import InputChangeControls
from viewer.workspaces.live.image.class_overlay import OverlayShown, with_classes
from viewer.workspaces.live.image.drop_button import DropTarget
from viewer.workspaces.live.image.full_size import FullSizeControls
from viewer.workspaces.live.image.given_inputs import GivenInputControls
from viewer.workspaces.live.image.output_picture import OutputPicture
from viewer.workspaces.live.image.output_worth import OutputWorth
from viewer.workspaces.live.image.player import Player
from viewer.workspaces.live.image.reading import ImageReadingControls
from viewer.workspaces.live.image.samples import SampleGrid
from viewer.workspaces.live.image.speed import SpeedLine
from viewer.workspaces.live.image.target import TargetControls, with_outlines

LOUDEST = 75.0
USUAL = 25.0
Kind = Literal["none", "gaussian", "poisson", "salt"]

LOW = 720
"""Below so many px the samples are small, so that the output's quality is seen with them."""


class ImagePanel(Guarded, QWidget):
    """Sample pictures, the drop target, the noise and the output with its PSNR."""

    imageChosen = Signal(str)
    """Path of a picture to run on; the window opens it."""
    sourceAsked = Signal(object)
    """The row of the image source that the person wants a picture from."""

    def __init__(
        self,
        session: Session,
        background: Background | None = None,
        requests: RunRequests | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._background = background
        self._requests = requests
        self._make()
        session.documentChanged.connect(self._document_changed)
        session.factsChanged.connect(self._say)
        session.liveChanged.connect(self._show_noise)
        session.liveChanged.connect(self._show_chosen)
        session.pictureChanged.connect(self._show_frame)
        session.age.changed.connect(self._show_age)
        language.changed.connect(self._say)
        self._say()
        self._show_chosen()
        self._show_age(session.age.is_old)

    # ---------------------------------------------------------------- what it is made of

    def _make(self) -> None:
        rows = table.IMAGE_SOURCES
        self.sources = {row.key: self._source_button(row) for row in rows if row.take}
        self.grid = SampleGrid([sample for row in rows for sample in row.samples()])
        self.grid.chosen.connect(self.imageChosen)
        self.drop = DropTarget()
        self.drop.clicked.connect(lambda: self.sourceAsked.emit(FILE))
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.grid)
        column.addWidget(self.drop)
        self.player = Player(self._session, self._background)
        column.addWidget(self.player)
        self.reading = ImageReadingControls(self._session)
        column.addWidget(self.reading)
        self.given_inputs = GivenInputControls(self._session)
        column.addWidget(self.given_inputs)
        column.addWidget(line())
        self.target = TargetControls(self._session)
        self._make_noise(column)
        column.addWidget(line())
        self._make_output(column)
        self.speed = SpeedLine(self._session)
        column.addWidget(self.speed)
        self.full_size = FullSizeControls(self._session, self._requests)
        column.addWidget(self.full_size)
        column.addWidget(line())
        column.addWidget(self.target)
        column.addWidget(line())
        self.changes = InputChangeControls(self._session)
        column.addWidget(self.changes)
        column.addStretch(1)
        lay_out_panel(self, PanelTitle(mark("Image"), self._source_buttons()), content)

    def _source_buttons(self) -> QWidget:
        """The buttons close together: the name of the panel needs room beside them."""
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for button in self.sources.values():
            row.addWidget(button)
        return buttons

    def _source_button(self, row: ImageSourceRow) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(row.icon or "image"))
        say(self, button.setToolTip, row.title)
        say(self, button.setAccessibleName, row.title)
        button.clicked.connect(lambda: self.sourceAsked.emit(row))
        return button

    def _make_noise(self, column: QVBoxLayout) -> None:
        self.noise_title = Section(mark("Noise"))
        self.noise = NumberSlider(0, LOUDEST, 1, USUAL, decimals=0)
        say(self, self.noise.slider.setAccessibleName, "Noise, standard deviation in grey levels")
        say(self, self.noise.box.setAccessibleName, "Noise, standard deviation in grey levels")
        self.noise.setObjectName("live.noise")
        self.noise.setToolTip("σ")
        self.noise.valueChanged.connect(self._move_noise)
        self.kind = Choice(
            [
                ("gaussian", mark("Gaussian")),
                ("poisson", mark("Poisson")),
                ("salt", mark("Salt and pepper")),
                ("none", mark("none")),
            ]
        )
        say(self, self.kind.setAccessibleName, "Kind of noise")
        self.kind.valueChanged.connect(self._choose_kind)
        for widget in (self.noise_title, self.noise, self.kind):
            column.addWidget(widget)

    def _make_output(self, column: QVBoxLayout) -> None:
        self.output_title = Section(mark("Output"))
        self.output = OutputPicture()
        self.worth = OutputWorth(self._session)
        self.overlay = Segmented([(True, mark("Overlay")), (False, mark("Classes"))])
        self.overlay.valueChanged.connect(self._choose_overlay)
        self.overlay.hide()
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.output, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.worth, 1)
        column.addWidget(self.output_title)
        column.addLayout(row)
        column.addWidget(self.overlay)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.grid.set_small(self.height() < LOW)

    # ---------------------------------------------------------------- mouse and keys

    def _move_noise(self, sigma: float) -> None:
        noise = self._session.live.noise
        kind: Kind = "gaussian" if noise.kind == "none" else noise.kind
        self._session.set_live(noise=replace(noise, kind=kind, sigma=sigma))

    def _choose_kind(self, kind: object) -> None:
        noise = self._session.live.noise
        chosen = cast(Kind, kind)
        sigma = self.noise.value() if chosen != "none" else noise.sigma
        self._session.set_live(noise=Noise(chosen, sigma, noise.seed))

    def _choose_overlay(self, on: object) -> None:
        session = self._session
        session.set_live(parts=session.live.parts.having(OverlayShown(bool(on))))
        self._show_output(session.frame_now)

    # ---------------------------------------------------------------- what it shows

    def _say(self, *_: object) -> None:
        self._show_noise()
        self._show_output(self._session.frame_now)

    def _document_changed(self, before: Document, after: Document) -> None:
        self._show_chosen()
        if (before.target, before.target_as) != (after.target, after.target_as):
            self._show_output(self._session.frame_now)

    def _show_chosen(self, *_: object) -> None:
        image = self._session.document.image
        if self._session.live.part(FilmFrame).pixels is not None:
            image = None  # the film stands in its place
        self.grid.mark_chosen(image.hash if image is not None else None)

    def _show_noise(self, *_: object) -> None:
        noise = self._session.live.noise
        self.kind.set_value(noise.kind)
        if noise.kind != "none" or noise.sigma:
            self.noise.set_value(noise.sigma)
        silent = noise.kind == "none"
        self.noise_title.right.setText(tr("none") if silent else f"σ {decimal(noise.sigma, 0)}")

    def _show_frame(self, frame: Frame | None) -> None:
        self.changes.show_frame(frame)
        facts = frame.image if frame is not None else None
        self.player.show_pages(*((facts.page, facts.pages) if facts is not None else (1, 1)))
        self.reading.show_facts(frame.image if frame is not None else None)
        self.worth.remember(frame)
        self._show_output(frame)

    def _show_age(self, old: bool) -> None:
        self.output.show_age(old)
        self.worth.show_age(old)
        self.target.show_age(old)

    def _show_output(self, frame: Frame | None) -> None:
        broken = cannot_run(self._session.facts)
        self.worth.show_frame(frame, broken)
        self.output_title.right.setText(self.worth.of)
        self.target.show_frame(frame)
        if frame is None or broken:
            self.output.show_pictures(None, None)
            return
        overlay = with_classes(frame)
        self.overlay.setVisible(overlay is not None)
        is_over = self._session.live.part(OverlayShown).on
        self.overlay.set_value(is_over)
        shown = overlay if overlay is not None and is_over else frame.output_image
        self.output.show_pictures(with_outlines(shown, frame), frame.input_image)
