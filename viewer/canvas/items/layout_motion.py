"""Moves blocks, wires and frames smoothly to their new places when the layout changes.

Only what is painted moves: items are painted beside their places, so that the pixels they keep are
copied and not painted again. Hits and all else go by the final places from the start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractAnimation,
    QEasingCurve,
    QElapsedTimer,
    QObject,
    QPointF,
    QRectF,
    Qt,
    QVariantAnimation,
)
from PySide6.QtGui import QGuiApplication

from viewer.canvas.items.block_item import BlockItem
from viewer.canvas.items.frames_item import FramesItem
from viewer.canvas.items.wires_item import WiresItem
from viewer.drawing.network.figure import Figure
from viewer.look import animation

DURATION = 180
"""Milliseconds from the old places to the new ones."""
MOST = 300
"""With more blocks they jump."""
QUICK = 250
"""Milliseconds in which a further edit makes them jump: somebody turns a setting."""
ALIKE = 0.5
"""The part of the blocks that must have been there before; else it is another network."""

Mapped = Callable[[QPointF], QPointF]
NOWHERE = QPointF(0.0, 0.0)


@dataclass(frozen=True)
class _Seen:
    """Where blocks and frames were painted when the layout changed: middles, and rectangles."""

    blocks: Mapping[str, QPointF]
    frames: Mapping[str, QRectF]


class LayoutMotion:
    """Moves blocks to a new layout; a new change starts from where things are painted now."""

    def __init__(
        self, scene: QObject, items: Mapping[str, BlockItem], edges: WiresItem, frames: FramesItem
    ) -> None:
        """`items` is the scene's own mapping, which changes with the figure."""
        self._items, self._edges, self._frames = items, edges, frames
        self._seen: _Seen | None = None
        self._offsets: dict[str, QPointF] = {}
        self._fresh: frozenset[str] = frozenset()
        self._rects: dict[str, QRectF] = {}
        self._since = QElapsedTimer()
        self.tween = QVariantAnimation(scene)
        self.tween.setStartValue(0.0)
        self.tween.setEndValue(1.0)
        self.tween.setDuration(DURATION)
        self.tween.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.tween.valueChanged.connect(self._show)

    @property
    def running(self) -> bool:
        """Whether something is on its way."""
        return self.tween.state() != QAbstractAnimation.State.Stopped

    def hold(self, before: Figure) -> None:
        """Remember what is painted where, before the items take another figure."""
        if len(before.nodes) > MOST or not _allowed():
            self.stop()
            return
        frames = {each.id: self._frames.rect_of(each) for each in before.frames}
        blocks = {
            name: node.card.center() + self._items[name].pos()
            for name, node in before.nodes.items()
            if name in self._items
        }
        self.stop()
        self._seen = _Seen(blocks, frames)

    def go(self, figure: Figure, mapped: Mapped, edited: bool) -> None:
        """Move what stands elsewhere now from where it was, if that can be seen and is calm.

        `mapped` takes a point of the canvas to where it is seen since the view has changed with
        the layout. `edited` says that the network is another, and not only what is opened.
        """
        seen, self._seen = self._seen, None
        quick = edited and self._is_quick()
        if seen is None or quick or len(figure.nodes) > MOST or not _allowed():
            return
        self._offsets, self._fresh = {}, frozenset(figure.nodes.keys() - seen.blocks.keys())
        homes = {name: f.id for f in figure.frames for name in f.inside if f.id in seen.blocks}
        for name, node in figure.nodes.items():
            start = seen.blocks.get(name) or seen.blocks.get(homes.get(name, ""))
            if start is not None:
                self._offsets[name] = mapped(start) - node.card.center()
        if len(self._offsets) < ALIKE * len(figure.nodes):
            return
        self._rects = {}
        for frame in figure.frames:
            was = seen.frames.get(frame.id)
            if was is not None:
                self._rects[frame.id] = QRectF(mapped(was.topLeft()), mapped(was.bottomRight()))
            elif frame.id in seen.blocks:
                at = mapped(seen.blocks[frame.id])
                self._rects[frame.id] = QRectF(at, at)
        moved = any(by.manhattanLength() > 1 for by in self._offsets.values())
        if moved or self._fresh:
            self.tween.start()
            self._show(self.tween.currentValue())

    def drop(self) -> None:
        """Let what was held jump to its place."""
        self._seen = None

    def stop(self) -> None:
        """Everything at its place."""
        if self.running:
            self.tween.stop()
            self._show(1.0)

    def _is_quick(self) -> bool:
        """Whether a setting is being turned: a button is down, or the last edit was just now."""
        quick = self._since.isValid() and self._since.elapsed() < QUICK
        self._since.start()
        return quick or QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton

    def _show(self, value: object) -> None:
        part = float(value) if isinstance(value, float) else 1.0
        left = 1.0 - part
        offsets = {name: self._whole(by * left) for name, by in self._offsets.items() if left}
        for name, item in self._items.items():
            item.setPos(offsets.get(name, NOWHERE))
            item.setOpacity(part if name in self._fresh else 1.0)
        self._edges.show_shifted(offsets, self._fresh, part)
        rects = self._rects if left else {}
        self._frames.show_on_the_way(rects, part)

    def _whole(self, by: QPointF) -> QPointF:
        """The nearest way of whole screen px: kept pixels can then be copied as they are."""
        zoom = self._edges.zoom
        return QPointF(round(by.x() * zoom) / zoom, round(by.y() * zoom) / zoom)


def _allowed() -> bool:
    return animation.seen() and animation.animated()
