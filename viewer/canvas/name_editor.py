"""The field over a block's caption in which its name is typed."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from viewer.canvas.viewport import Viewport
from viewer.drawing.network.block_caption import caption_rect
from viewer.drawing.network.block_picture import NodePicture, NodeState
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.edits.groups import LONGEST, Renaming, end_rename, own_name, rename
from viewer.session.live_state import Live
from viewer.text.translation import say

WIDTH, HEIGHT, INSET = 150, 28, 9


class NameEditor(Guarded, QLineEdit):
    """Enter takes the name over, Esc leaves the old one; a name that cannot be stays to mend."""

    def __init__(self, view: Viewport, session: Session) -> None:
        super().__init__(view.viewport())
        self._view, self._session = view, session
        self.setMaxLength(LONGEST)
        say(self, self.setAccessibleName, "Name of the block")
        self.hide()
        session.liveChanged.connect(self._live_changed)
        session.documentChanged.connect(self._close)
        view.zoomChanged.connect(self._place)

    def _live_changed(self, before: Live, after: Live) -> None:
        name = after.part(Renaming).name
        if name != before.part(Renaming).name:
            if name:
                self._open(name)
            elif self.isVisible():
                self.hide()
                self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, name: str) -> None:
        self.setText(own_name(self._session, name))
        self.selectAll()
        self._place()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place(self, *_: object) -> None:
        """At the caption, else at the block; an operator at its row, a group in its frame."""
        name, view = self._session.live.part(Renaming).name, self._view
        owner = self._session.block_of.get(name)
        figure = view.scene_of_network.figure
        node = figure.nodes.get(name) or (figure.nodes.get(owner.id) if owner else None)
        band = next((each.band for each in figure.frames if each.id == name), None)
        if not name or (node is None and band is None):
            return
        room = band or (_room(node, name, view.zoom) if node is not None else QRectF())
        corner = view.to_viewport(room.topLeft())
        if node is not None and node.caption == "left":
            corner.setX(view.to_viewport(room.topRight()).x() + 2 * INSET - WIDTH)
        most = self._view.viewport().rect().adjusted(0, 0, -WIDTH, -HEIGHT)
        left = min(max(round(corner.x()) - INSET, 0), max(most.right(), 0))
        top = min(max(round(corner.y()) - 7, 0), max(most.bottom(), 0))
        self.setGeometry(left, top, WIDTH, HEIGHT)

    def _close(self, *_: object) -> None:
        if self.isVisible():
            end_rename(self._session)

    def _take(self) -> None:
        name = self._session.live.part(Renaming).name
        if not name or rename(self._session, name, self.text()):
            self._close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        elif event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)
            event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.isVisible() and event.reason() not in (
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        ):
            self._take()
            self._close()


def _room(node: NodePicture, name: str, zoom: float) -> QRectF:
    """Where the name of a block, or of an operator in it, is written on the canvas."""
    rows = dict(zip((row.node for row in node.rows), node.row_rects, strict=True))
    room = rows.get(name) or caption_rect(node, NodeState(), zoom)
    return QRectF(node.card.bottomLeft(), node.card.bottomRight()) if room.isEmpty() else room
