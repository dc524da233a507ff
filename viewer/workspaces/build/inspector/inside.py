"""The operators inside a block as rows; a click selects one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from analysis.facts import Facts
from analysis.graph import Node
from analysis.inference.protocol.runs import Frame, Picture
from viewer.look.fonts import BODY, CAPTION, SMALL, font
from viewer.look.icons import paint_icon
from viewer.look.pale import opacity
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.block_names import node_name
from viewer.text.operator_names import detail, operator_name
from viewer.text.translation import language
from viewer.text.weight_sharing import layer_count
from viewer.workspaces.build.inspector.thumbnail import paint_map

HEIGHT = 36
ICON = 20
MAP = 28


class OperatorRow(Guarded, QAbstractButton):
    """Family bar, map (or icon), name over its detail, parameters at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.node_id = ""
        self._node: Node | None = None
        self._facts: Facts | None = None
        self._map: Picture | None = None
        self._pale = False
        self.setFixedHeight(HEIGHT)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)
        language.changed.connect(self._name)

    def show_node(self, node: Node, facts: Facts) -> None:
        """Show another operator."""
        self.node_id, self._node, self._facts = node.id, node, facts
        self._name()

    def show_frame(self, frame: Frame | None, pale: bool = False) -> None:
        """Show the operator's newest map in the place of its icon, where there is one.

        It is `pale` where the frame is of an earlier state.
        """
        self._pale = pale
        found = frame.thumbnails.get(self.node_id) if frame is not None else None
        self._map = found.pixels if found is not None else None
        self.update()

    def _name(self) -> None:
        if self._node is not None:
            self.setAccessibleName(f"{self._title(self._node)} {self._detail(self._node)}")
        self.update()

    def _title(self, node: Node) -> str:
        """Convolutions by their place in the block, the others by what they are."""
        if node.operator.family in ("conv", "tconv"):
            return node_name(node.id)
        return operator_name(node.operator)

    def _detail(self, node: Node) -> str:
        if self._facts is None:
            return ""
        layer = self._facts.layers[node.id]
        return detail(node.operator, layer.inputs, layer.shape)

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._node is None or self._facts is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        self._paint_ground(painter, area)
        wrong = self._facts.layers[self.node_id].fault is not None
        family = self._node.operator.family
        colour = theme.color("error") if wrong else theme.family(family)
        painter.fillRect(QRectF(0, 4, 3, HEIGHT - 8), colour)
        if self._map is not None and not wrong:
            painter.setOpacity(opacity(self._pale))
            paint_map(painter, QRectF(11, (HEIGHT - MAP) / 2, MAP, MAP), self._map)
            painter.setOpacity(1.0)
        else:
            place = QRectF(15, (HEIGHT - ICON) / 2, ICON, ICON)
            paint_icon(painter, "error" if wrong else self._node.operator.icon, place, colour)
        self._paint_words(painter, area.adjusted(48, 0, -2, 0))
        painter.end()

    def _paint_ground(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if self.underMouse():
            painter.setBrush(theme.color("sunken"))
            painter.drawRoundedRect(area, 5, 5)
        if self.hasFocus():
            pen = painter.pen()
            pen.setStyle(Qt.PenStyle.SolidLine)
            pen.setColor(theme.color("accent"))
            pen.setWidthF(2)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 5, 5)

    def _paint_words(self, painter: QPainter, area: QRectF) -> None:
        if self._node is None or self._facts is None:
            return
        middle = Qt.AlignmentFlag.AlignVCenter
        layer = self._facts.layers[self.node_id]
        count = layer_count(layer)
        painter.setFont(font(SMALL))
        painter.setPen(theme.color("muted"))
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, count)
        room = area.adjusted(0, 0, -painter.fontMetrics().horizontalAdvance(count) - 8, 0)
        said = self._detail(self._node)
        upper = room.adjusted(0, 2, 0, -HEIGHT / 2) if said else room
        painter.setFont(font(CAPTION))
        painter.drawText(room.adjusted(0, HEIGHT / 2, 0, -3), middle, said)
        painter.setFont(font(BODY))
        painter.setPen(theme.color("text"))
        mode = Qt.TextElideMode.ElideMiddle
        title = painter.fontMetrics().elidedText(self._title(self._node), mode, int(room.width()))
        painter.drawText(upper, middle, title)
