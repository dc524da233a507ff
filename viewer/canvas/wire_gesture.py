"""The gesture that draws a wire from a port, or moves the end of one."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QToolTip

from analysis.graph import Edge
from analysis.graph.wiring import takes_more
from viewer.canvas.gesture import DRAG_FROM, Gesture
from viewer.canvas.items.overlay_item import NO_OVERLAY, Overlay
from viewer.canvas.ports import GRAB, Port, port_near
from viewer.canvas.viewport import Viewport
from viewer.canvas.wire_hits import edges_of, wire_near
from viewer.controls.context_menu import Entry, filled_menu
from viewer.session import Session
from viewer.session.edits import wires
from viewer.text.translation import mark, tr

RING = 6.0
"""Screen px from a port to the ring that lights it."""


class DrawWire(Gesture):
    """Draws a wire from a port; only the ends that can take it are lit.

    From an input that is fed already, the end of its wire is moved; let go over the ground, that
    wire is taken out. A press without a move selects the block.
    """

    cursor: ClassVar[Qt.CursorShape | None] = Qt.CursorShape.CrossCursor

    def __init__(self, view: Viewport, session: Session, start: QPointF, port: Port) -> None:
        super().__init__(view, session, start)
        self._port = port
        self._moved = port.edge
        """The wire whose end is moved."""
        self._forward = port.way == "out" or port.edge is not None
        """Whether the source is given and a target is looked for."""
        self._node = port.edge.source if port.edge is not None else port.node
        self._drawing = False
        self._graph = session.document.graph
        scene = view.scene_of_network
        wanted = "in" if self._forward else "out"
        self._ends = tuple(
            each for each in scene.hits.ports() if each.way == wanted and self._fits(each.node)
        )
        self._anchor = port.at if port.edge is None else self._start_of(port.edge)

    def _start_of(self, edge: Edge) -> QPointF:
        owner = self.session.block_of[edge.source].id
        ports = self.view.scene_of_network.hits.ports()
        outs = [p for p in ports if p.way == "out" and (p.node == edge.source or p.block == owner)]
        return outs[0].at if outs else self._port.at

    def _fits(self, node: str) -> bool:
        """Whether a wire between the given operator and this one would run one way."""
        source, target = (self._node, node) if self._forward else (node, self._node)
        return not wires.would_cycle(self.session, source, target)

    # ------------------------------------------------------------------------- the pointer

    def move(self, at: QPointF) -> None:
        if not self._drawing and (at - self.start).manhattanLength() < DRAG_FROM:
            return
        if self.session.document.graph is not self._graph:
            self.cancel()  # undone or replaced meanwhile: its ports are of another network
            return
        self._drawing = True
        point = self.view.to_canvas(at)
        end, refused = self._end_at(point)
        target = None
        if end is None and not refused and self._forward:
            edge = self._wire_at(point)
            target = self._path(point) if edge else None
        self._say(at, refused)
        self.view.scene_of_network.overlay.show_overlay(
            Overlay(
                draft=(self._anchor, end.at if end is not None else point),
                refused=bool(refused),
                ends=self._lit(),
                target=target,
            )
        )

    def end(self, at: QPointF) -> None:
        self.view.scene_of_network.overlay.show_overlay(NO_OVERLAY)
        QToolTip.hideText()
        if self.session.document.graph is not self._graph:
            return
        if not self._drawing:
            self.session.set_view(selection=self._port.block, skip=None)
            return
        point = self.view.to_canvas(at)
        end, refused = self._end_at(point)
        if refused:
            self.session.notifications.refuse(refused)
        elif end is not None:
            self._arrive(end, at)
        elif self._forward and (edges := self._wire_at(point)):
            self._offer(edges[0], at, replace=False)
        elif self._moved is not None and self._port.block != self._block_at(point):
            wires.remove_wires(self.session, (self._moved,))

    def cancel(self) -> None:
        """Leave everything as it was."""
        self.view.scene_of_network.overlay.show_overlay(NO_OVERLAY)
        QToolTip.hideText()

    # ---------------------------------------------------------------------------- the ends

    def _block_at(self, point: QPointF) -> str:
        node = self.view.scene_of_network.hits.at(point).node
        return node.id if node is not None else ""

    def _end_at(self, point: QPointF) -> tuple[Port | None, str]:
        """The port that a release there means, and a sentence where that cannot be."""
        reach = GRAB / self.view.zoom
        near = port_near(self._ends, point, reach)
        if near is not None:
            return near, ""
        other = port_near(self.view.scene_of_network.hits.ports(), point, reach)
        block = other.block if other is not None else self._block_at(point)
        if not block:
            return None, ""
        own = [each for each in self._ends if each.block == block]
        if own:
            return port_near(own, point, float("inf")), ""
        return None, self._refusal(block)

    def _refusal(self, block: str) -> str:
        wanted = "in" if self._forward else "out"
        there = [p for p in self.view.scene_of_network.hits.ports() if p.block == block]
        here = wires.name_of(self.session, self._node)
        name = wires.name_of(self.session, there[0].node) if there else block
        if not any(port.way == wanted for port in there):
            said = mark("{name} has no input.") if self._forward else mark("{name} has no output.")
            return tr(said, name=name)
        if block == self.session.block_of[self._node].id:
            return (
                ""
                if self._moved is None and self._port.block == block
                else tr("A block cannot read itself.")
            )
        first, last = (name, here) if self._forward else (here, name)
        return tr("{a} leads to {b}: a wire back would make a circle.", a=first, b=last)

    def _lit(self) -> tuple[QRectF, ...]:
        """Rings round the ends: at the ports of maps, round whole small operators."""
        nodes, reach = self.view.scene_of_network.figure.nodes, RING / self.view.zoom
        rings: dict[tuple[str, float, float], QRectF] = {}
        for end in self._ends:
            card = nodes[end.block].card
            small = nodes[end.block].shape != "map"
            room = card.adjusted(-2, -2, 2, 2) if small else QRectF(end.at, end.at)
            grow = 0.0 if small else reach
            key = (end.block, 0.0, 0.0) if small else (end.block, end.at.x(), end.at.y())
            rings[key] = room.adjusted(-grow, -grow, grow, grow)
        return tuple(rings.values())

    def _wire_at(self, point: QPointF) -> tuple[Edge, ...]:
        """The wires under the pointer on which a join could bring the source in."""
        scene = self.view.scene_of_network
        hit = wire_near(scene.figure, point, GRAB / self.view.zoom)
        edges = edges_of(self.session, hit) if hit is not None else ()
        fit = tuple(e for e in edges if e.source != self._node and self._fits(e.target))
        return () if self._moved in edges else fit

    def _path(self, point: QPointF) -> QPainterPath | None:
        scene = self.view.scene_of_network
        hit = wire_near(scene.figure, point, GRAB / self.view.zoom)
        return scene.figure.edges[hit.index].path if hit is not None else None

    def _say(self, at: QPointF, sentence: str) -> None:
        if sentence:
            place = self.view.viewport().mapToGlobal(at.toPoint())
            QToolTip.showText(place, sentence, self.view)
        else:
            QToolTip.hideText()

    # ---------------------------------------------------------------------------- the edit

    def _arrive(self, end: Port, at: QPointF) -> None:
        """Connect at once where an input is free; where one is taken, ask what is meant."""
        session = self.session
        if not self._forward:
            wires.connect(session, end.node, self._node, None)
            return
        edge, moved = end.edge, self._moved
        if edge is not None and edge.source == self._node and (moved is None or moved == edge):
            return  # it is connected so already
        if edge is None or takes_more(session.document.graph, end.node):
            wires.connect(session, self._node, end.node, None, moved)
        elif moved is not None:
            wires.connect(session, self._node, edge.target, edge.port, moved)
        else:
            self._offer(edge, at, replace=True)

    def _offer(self, edge: Edge, at: QPointF, replace: bool) -> None:
        """A menu at the pointer: replace what the input reads, or join with it."""
        session, source = self.session, self._node
        other = {"name": wires.name_of(session, edge.source)}
        instead = Entry(
            mark("Replace the wire from {name}"),
            lambda: wires.connect(session, source, edge.target, edge.port),
            other,
        )
        concat = Entry(
            mark("Concatenate with {name}"),
            lambda: wires.join_on(session, source, edge, "concat"),
            other,
        )
        add = Entry(
            mark("Add to {name}"), lambda: wires.join_on(session, source, edge, "add"), other
        )
        entries = (instead, concat, add) if replace else (concat, add)
        menu = filled_menu(self.view.viewport(), entries)
        menu.popup(self.view.viewport().mapToGlobal(at.toPoint()))
