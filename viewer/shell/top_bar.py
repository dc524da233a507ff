"""The top bar: mark, menus, workspace tabs in the middle, command box, image chip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QMenuBar,
    QSizePolicy,
    QTabBar,
    QToolButton,
    QWidget,
)

from analysis.inference.protocol.runs import Frame
from viewer.controls.context_menu import Entry, copy_entry, offer_menu
from viewer.drawing.painting.array_image import image_of
from viewer.look.fonts import BODY, font
from viewer.look.icons import icon
from viewer.look.picture_icon import PictureIcon
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.input_image.film_frame import FilmFrame
from viewer.text.escaping import menu_text, name_text, shortened, visible
from viewer.text.translation import language, mark, say, tr

HEIGHT = 44
NARROW, SMALL = 1440, 1180
"""Below the first width the command box is an icon; below the second so is the image."""


class TopBar(Guarded, QWidget):
    """44 px: it changes the workspace, opens the command box and names the image."""

    commandsAsked = Signal()
    imageAsked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setFixedHeight(HEIGHT)
        self.menus = QMenuBar(self)
        self.menus.setNativeMenuBar(False)
        self.menus.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.tabs = self._make_tabs()
        self.find_button = self._make_find()
        self.chip = self._make_chip()
        self._picture = PictureIcon()
        self._picture_icon = QIcon(self._picture)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self._make_mark())
        row.addWidget(self.menus, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        row.addWidget(self.find_button)
        row.addWidget(self.chip)
        session.viewChanged.connect(lambda *_: self._show_workspace())
        session.documentChanged.connect(lambda *_: self._name_image())
        session.liveChanged.connect(lambda *_: self._name_image())
        session.pictureChanged.connect(self._show_image)
        language.changed.connect(self._speak)
        theme.changed.connect(self.update)
        self._speak()
        self._show_workspace()

    def _make_mark(self) -> QWidget:
        holder = QWidget(self)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(8)
        self._mark = QLabel(holder)
        theme.changed.connect(self._show_mark)
        self._show_mark()
        self._title = QLabel("Fieldglass", holder)
        self._title.setFont(font(BODY, bold=True))
        row.addWidget(self._mark)
        row.addWidget(self._title)
        return holder

    def _show_mark(self) -> None:
        self._mark.setPixmap(icon("mark", "accent").pixmap(QSize(20, 20)))

    def _make_tabs(self) -> QTabBar:
        tabs = QTabBar(self)
        tabs.setObjectName("workspaces")
        tabs.setDrawBase(False)
        tabs.setExpanding(False)
        tabs.setUsesScrollButtons(False)
        tabs.setElideMode(Qt.TextElideMode.ElideNone)
        tabs.setDocumentMode(True)
        keys = self._session.workspaces.keys
        for _ in keys:
            tabs.addTab("")
        tabs.currentChanged.connect(lambda index: self._session.set_view(workspace=keys[index]))
        return tabs

    def _make_find(self) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("find")
        button.setIcon(icon("search"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.clicked.connect(self.commandsAsked)
        say(self, button.setToolTip, "Find a layer or run a command (Ctrl+K)")
        return button

    def _make_chip(self) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("chip")
        button.setIcon(icon("image"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.clicked.connect(self.imageAsked)
        say(self, button.setToolTip, "The image the network runs on. Click to open another.")
        return button

    def offer_images(self, menu: QMenu) -> None:
        """Show what stands in the menu of images at a right click on the image chip as well."""

        def entries(_: QPoint) -> tuple[Entry, ...]:
            frame = self._session.frame_now
            shown = image_of(frame.input_image) if frame is not None else None
            return (copy_entry(mark("Copy picture"), shown),)

        offer_menu(self.chip, entries, menu.actions)

    def _fold(self) -> None:
        """Leave out what a small window has no room for."""
        small = self.width() < SMALL
        self._title.setVisible(not small)
        margin = 4 if small else 12
        self._row.setContentsMargins(margin, 0, margin, 0)
        self._row.setSpacing(2 if small else 8)
        beside, alone = (
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon,
            Qt.ToolButtonStyle.ToolButtonIconOnly,
        )
        self.chip.setToolButtonStyle(alone if small else beside)
        # As wide for every name, so that what stands beside it keeps its place.
        whole = QFontMetrics(font(BODY)).horizontalAdvance("m" * 14) + 40
        self.chip.setFixedWidth(40 if small else whole)

    def _speak(self) -> None:
        for index, row in enumerate(self._session.workspaces.rows):
            self.tabs.setTabText(index, tr(row.title))
        self._name_image()
        self._place_tabs()

    def _name_image(self) -> None:
        film = self._session.live.part(FilmFrame)
        image = film if film.pixels is not None else self._session.document.image
        noise = self._session.live.noise
        if image is None:  # the frame of what was open before may still be there
            self.chip.setIcon(QIcon())
        name = image.name if image else tr("No image")
        shown = menu_text(shortened(visible(name), 21))
        said = f"{shown} · σ {noise.sigma:.0f}" if image and noise.kind != "none" else shown
        self.chip.setText(f" {said}")  # Qt leaves no gap between a picture and its text
        self.chip.setAccessibleName(tr("Image: {name}", name=name_text(name)))

    def _show_image(self, frame: Frame | None) -> None:
        if frame is None:
            self.chip.setIcon(QIcon())
            return
        picture = image_of(frame.input_image)
        side = round(20 * self.devicePixelRatioF())
        self._picture.image = picture.scaled(
            side,
            side,
            Qt.AspectRatioMode.KeepAspectRatioByExpanding,
            Qt.TransformationMode.SmoothTransformation,
        ).copy(0, 0, side, side)
        self.chip.setIcon(self._picture_icon)

    def _show_workspace(self) -> None:
        session = self._session
        self.tabs.setCurrentIndex(session.workspaces.keys.index(session.view.workspace))
        self._place_tabs()  # the chosen one is bold, so the bar has another width

    def _place_tabs(self) -> None:
        """Centred in the window, but never over the menus or the command box."""
        self.find_button.setText(
            "" if self.width() < NARROW else tr("Find or do anything") + "   Ctrl K"
        )
        size = self.tabs.sizeHint()
        left = self.menus.geometry().right() + 12
        right = self.find_button.geometry().left() - 12 - size.width()
        x = max(left, min((self.width() - size.width()) // 2, right))
        self.tabs.setGeometry(x, 0, size.width(), HEIGHT)
        self.tabs.raise_()

    def event(self, event: QEvent) -> bool:
        """Words of another length move what stands beside the workspaces."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._row.activate()
            self._place_tabs()
        return handled

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the workspaces in the middle."""
        super().resizeEvent(event)
        self._fold()
        self._row.activate()
        self._place_tabs()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A flat surface with a line at its foot."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface"))
        painter.setPen(theme.color("border"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()
