"""Takes operators and blocks that are dragged from the palette onto the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

from analysis.graph.templates import Template
from viewer.canvas.items.overlay_item import NO_OVERLAY, Ghost, Overlay
from viewer.canvas.viewport import Viewport
from viewer.canvas.wire_hits import WireHit, edges_of, wire_near
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.edits.insert import MIME, Behind, Loose, OnWire, Place, insert, template_of
from viewer.text.block_names import block_name
from viewer.text.template_names import template_title
from viewer.text.translation import tr

REACH = 14.0
"""Screen px from a wire at which a drop means the wire."""


class TemplateDrops(Guarded, QObject):
    """Shows where a dragged template would come, and puts it there when it is dropped.

    On a wire it is inserted, on a block it comes behind it, on the ground it stands loose. Other
    drags are left to the window.
    """

    def __init__(self, view: Viewport, session: Session) -> None:
        super().__init__(view)
        self._view, self._session = view, session
        view.setAcceptDrops(False)
        view.viewport().setAcceptDrops(True)
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle drags over the canvas."""
        if event.type() == QEvent.Type.DragLeave:
            self._show(NO_OVERLAY)
        elif isinstance(event, QDragEnterEvent | QDragMoveEvent | QDropEvent):
            self._handle(event)
        else:
            return False
        return True

    def _handle(self, event: QDropEvent) -> None:
        template = self._template(event.mimeData())
        if template is None:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        at = self._view.to_canvas(event.position())
        if event.type() == QEvent.Type.Drop:
            self._show(NO_OVERLAY)
            insert(self._session, template, self.place(at)[0])
        else:
            self._show(self._promise(template, at))

    def _template(self, data: QMimeData) -> Template | None:
        if not data.hasFormat(MIME) or not self._session.workspace.canvas.edits:
            return None
        return template_of(bytes(data.data(MIME).data()).decode(errors="replace"))

    def place(self, at: QPointF) -> tuple[Place, WireHit | None]:
        """What a drop at a point of the canvas means, and the wire it would be put on."""
        scene = self._view.scene_of_network
        hit = scene.hits.at(at)
        if hit.kind == "row":
            return Behind(hit.name), None
        if hit.kind == "block" and hit.node is not None:
            if self._session.document.graph[hit.node.output].operator.key != "output":
                return Behind(hit.node.output), None
            incoming = (e for e in scene.figure.edges if e.target == hit.name)
            edge = next(incoming, None)
            if edge is not None:
                source = edge.via[-1] if edge.via else edge.source
                wire = WireHit(scene.figure.edges.index(edge), source, edge.target)
                return OnWire(edges_of(self._session, wire)), wire
        near = wire_near(scene.figure, at, REACH / self._view.zoom)
        edges = edges_of(self._session, near) if near is not None else ()
        return (OnWire(edges), near) if edges else (Loose((at.x(), at.y())), None)

    def _promise(self, template: Template, at: QPointF) -> Overlay:
        place, wire = self.place(at)
        scene = self._view.scene_of_network
        path, stands = None, at
        match place:
            case OnWire() if wire is not None:
                edge = scene.figure.edges[wire.index]
                path = edge.path
                if edge.skip is not None:
                    detail = tr("insert on {wire}", wire=block_name(edge.skip))
                else:
                    said = tr("{a} to {b}", a=block_name(wire.source), b=block_name(wire.target))
                    detail = tr("insert on {wire}", wire=said)
            case Behind(node):
                detail = tr("behind {name}", name=block_name(self._session.block_of[node].id))
            case _:
                detail = tr("not connected yet")
        ghost = Ghost(stands, template_title(template), detail, template.icon, template.family)
        return Overlay(target=path, ghost=ghost)

    def _show(self, overlay: Overlay) -> None:
        self._view.scene_of_network.overlay.show_overlay(overlay)
