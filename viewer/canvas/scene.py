"""The QGraphicsScene of the canvas: an item a block and one for all wires, kept up to date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QRectF, QTimer
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QGraphicsScene

from analysis.storage.document import Document
from viewer.canvas.content_room import ContentRoom, Room
from viewer.canvas.items.block_item import BlockItem
from viewer.canvas.items.clear_names import show_clear_names
from viewer.canvas.items.far_blocks import FarBlocks
from viewer.canvas.items.frames_item import FramesItem
from viewer.canvas.items.inner_gates import NO_GATES, InnerGates, inner_gates
from viewer.canvas.items.item_states import (
    Pointer,
    edge_states,
    frame_state,
    node_state,
    with_field,
    with_way,
)
from viewer.canvas.items.layout_motion import LayoutMotion
from viewer.canvas.items.overlay_item import OverlayItem
from viewer.canvas.items.proof_item import ProofItem
from viewer.canvas.items.wires_item import WiresItem
from viewer.canvas.items.zooming_blocks import ZoomingBlocks
from viewer.canvas.proof_place import place_proof
from viewer.canvas.scene_hits import SceneHits
from viewer.canvas.step_images import StepImages
from viewer.drawing.network.block_picture import REDUCED, NodePicture
from viewer.drawing.network.figure import Figure
from viewer.drawing.network.incremental_figure import IncrementalFigure
from viewer.drawing.network.map_images import Thumbnails
from viewer.drawing.network.skip_label import number_pill_rect
from viewer.drawing.painting.text import text_scale
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Live, Session
from viewer.session.edits.wires import ChosenWire, chosen_wire
from viewer.session.review.proof import ShownProof
from viewer.session.shown_differences import ShownDifferences
from viewer.session.step_maps import StepMaps
from viewer.session.view_state import ViewState
from viewer.text.measure_format import MeasureFormat
from viewer.text.translation import language

MANY, NAMES_AFTER = 150, 80
"""With more blocks much is put off until the zoom rests for so many ms: room for their names, and
while the wheel turns their measures too."""
CACHE_KILOBYTES = 192 << 10
"""Room for the painted blocks of a large network; Qt's own 10 MB hold a dozen at twice the size."""


class CanvasScene(Guarded, QGraphicsScene):
    """Draws what the session holds. It changes nothing itself."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), CACHE_KILOBYTES))
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.session = session
        self.zoom = 1.0
        self.pointer = Pointer()
        self._gates: Mapping[str, InnerGates] = {}
        self._figures = IncrementalFigure()
        self._figure: Figure = self._figures.figure
        self._facts = session.facts
        self._room = ContentRoom()
        self.items_by_id: dict[str, BlockItem] = {}
        self.frames = FramesItem()
        self.addItem(self.frames)
        self.edges = WiresItem(self)
        self.addItem(self.edges)
        self.far = FarBlocks(self.items_by_id)
        self.addItem(self.far)
        self.zooming = ZoomingBlocks(self.items_by_id)
        self.addItem(self.zooming)
        self.motion = LayoutMotion(self, self.items_by_id, self.edges, self.frames)
        self.overlay = OverlayItem()
        self.addItem(self.overlay)
        self.proof = ProofItem()
        self.addItem(self.proof)
        self._hits = SceneHits(session, self.items_by_id, self.edges, self.frames)
        self._thumbnails = Thumbnails()
        self._step_images = StepImages()
        self._named_at = 0.0
        self._at_rest = QTimer(self)
        self._at_rest.setSingleShot(True)
        self._at_rest.timeout.connect(self._catch_up)
        self._behind = QTimer(self, singleShot=True)
        self._behind.timeout.connect(self.rebuild)
        session.documentChanged.connect(self._changed)
        session.viewChanged.connect(self._view_changed)
        session.liveChanged.connect(self._live_changed)
        session.factsChanged.connect(self._facts_changed)
        session.placesChanged.connect(self.rebuild)
        session.fieldChanged.connect(self._field_changed)
        session.pictureChanged.connect(self.show_frame)
        session.age.changed.connect(self.restate)
        session.measuredReady.connect(self.restate_edges)
        theme.changed.connect(self._repaint)
        language.changed.connect(self._say_again)
        self.rebuild()
        self.show_frame()

    # ------------------------------------------------------------- in step with the session

    @property
    def figure(self) -> Figure:
        """What is drawn of the session's document."""
        self._keep_up()
        return self._figure

    @property
    def hits(self) -> SceneHits:
        """Answers what lies at a point."""
        self._keep_up()
        return self._hits

    def _keep_up(self) -> None:
        """Whoever asks what is drawn is told of the document of now."""
        if self._behind.isActive():
            self.rebuild()

    def rebuild(self, *_: object) -> None:
        """Rebuild blocks, places and wires; items of blocks that stay are kept."""
        session = self.session
        self._behind.stop()
        self._facts = session.facts
        before, self._figure = (
            self._figure,
            self._figures.build(session.blocks, session.facts, session.placement),
        )
        self.motion.drop()
        if self._figure is not before:
            self.motion.hold(before)
            self._show_blocks()
            self.frames.show_frames(self._figure.frames)
            self.edges.show_figure(self._figure)
        self._hits.show_figure(self._figure)
        self._hand_out_maps()
        self.restate()

    def _show_blocks(self) -> None:
        for gone in self.items_by_id.keys() - self.figure.nodes.keys():
            self.removeItem(self.items_by_id.pop(gone))
        for name, picture in self.figure.nodes.items():
            item = self.items_by_id.get(name)
            if item is None:
                item = self.items_by_id[name] = BlockItem(picture)
                item.show_zoom(self.zoom)
                item.setVisible(self.zoom >= REDUCED)
                self.addItem(item)
            item.show_picture(picture)
        self.far.show_figure()
        if self.zooming.is_on:
            self.zooming.show_zoom(self.zoom, self.far.boundingRect())
        self._room.forget()
        self._show_names()

    def _show_names(self) -> None:
        """Names that would lie on others at this zoom are left out, and sizes."""
        self._named_at = self.zoom
        number = self._number_room(self.zoom)
        show_clear_names(self.items_by_id, self.figure.nodes, self.zoom, number)

    def _show_names_soon(self, from_far: bool) -> None:
        """At once, or when the zoom of many blocks rests; those seen from far had no names."""
        if not self.zooming.is_on and not (self._has_many and REDUCED <= self.zoom < 1.0):
            self._at_rest.stop()
            self._show_names()
            return
        self._at_rest.start(NAMES_AFTER)
        for item in self.items_by_id.values() if from_far else ():
            item.show_named(False)

    @property
    def _has_many(self) -> bool:
        return len(self.items_by_id) > MANY

    def _catch_up(self) -> None:
        """The zoom rests: measure the blocks, find room for their names, show them, in turns."""
        if self.zooming.measure_some():
            self._at_rest.start(0)
        elif self.zooming.is_on and self._named_at != self.zoom:
            self._show_names()
            self._at_rest.start(0)
        elif self.zooming.is_on:
            self._show_items()
        else:
            self._show_names()

    def _show_items(self) -> None:
        self.zooming.stop()
        for item in self.items_by_id.values():
            item.setVisible(True)

    def _facts_changed(self, *_: object) -> None:
        # Else the change of the document has done it, or will.
        if self.session.facts is not self._facts and not self._behind.isActive():
            self.rebuild()

    def _repaint(self) -> None:
        """Paint every item again: those that are cached do not hear of the scene's update."""
        self.edges.update()
        self.far.update()
        self.zooming.update()
        self.frames.update()
        self.proof.update()
        for item in self.items_by_id.values():
            item.update()

    def _say_again(self) -> None:
        self.rebuild()
        self._repaint()

    def restate(self, *_: object, inside: Mapping[str, InnerGates] | None = None) -> None:
        """Update the states of all items; items whose state is the same are not repainted."""
        if self._behind.isActive():
            return  # they are about to be rebuilt
        session = self.session
        self._fields = session.fields
        ports, pale = self.figure.ports, session.age.is_old
        self._gates = inner_gates(session) if inside is None else inside
        for name, item in self.items_by_id.items():
            around, gates = ports.get(name, ()), self._gates.get(name, NO_GATES)
            state = node_state(session, item.picture, self.pointer, around, pale, gates)
            if item.show_state(state):
                self.far.show_again(item)
        self.zooming.update()
        self.frames.show_states(
            {each.id: frame_state(session, each.id, self.pointer) for each in self.figure.frames}
        )
        self.restate_edges()
        self.show_proof()

    def show_proof(self) -> bool:
        """Draw the proof of the finding that was clicked, in view; whether it covers nothing."""
        views, zoom = self.views(), self.zoom
        return place_proof(self.proof, self.session, self.figure, views, self._room_at, zoom)

    def _field_changed(self, *_: object) -> None:
        """Another field: of a block only what is seen of it is another."""
        if self.session.fields is self._fields or self._behind.isActive():
            return  # restated with it already, as when a click pins a unit and selects its block
        self._fields = self.session.fields
        for item in self.items_by_id.values():
            if item.picture.shape == "map":
                item.show_field(with_field(self.session, item.picture, item.state))
        self.zooming.update()
        edges = self.edges
        states = {i: with_way(self.session, edges.edges[i], was) for i, was in edges.states.items()}
        edges.show_states(states, edges.bottleneck)

    def restate_edges(self, *_: object) -> None:
        """Update the states of the wires."""
        if self._behind.isActive():
            return
        session = self.session
        stale = session.measure_is_stale
        pointer = replace(self.pointer, wire=chosen_wire(session))
        states = edge_states(session, self.edges.edges, pointer, stale)
        before, number = self.edges.bottleneck, self.bottleneck()
        self.edges.show_states(states, number)
        if (before is None) != (number is None):
            self._show_names()

    def bottleneck(self) -> tuple[NodePicture, str] | None:
        """The bottleneck and its number, where the workspace shows a measure that it has."""
        if not self.session.workspace.canvas.draws_measure:
            return None
        measured = self.session.measured_now
        part = measured.bottleneck if measured is not None else None
        if measured is None or part is None:
            return None
        deepest = [node for node in self.figure.nodes.values() if node.role == "bottleneck"]
        return (deepest[-1], MeasureFormat(measured).number(part.value)) if deepest else None

    def _changed(self, before: Document, after: Document) -> None:
        """Follow the document; a large network, which is moved to its places later, in a turn."""
        if self._behind.isActive():
            return
        if after.graph is before.graph and after.positions == before.positions:
            # Only gates and what is fed in: blocks without a gate of their own stay as they are.
            inside = inner_gates(self.session)
            self.restate_edges() if inside == self._gates else self.restate(inside=inside)
        elif self.session.is_rough:
            self._behind.start(0)
        else:
            self.rebuild()

    def _view_changed(self, before: ViewState, after: ViewState) -> None:
        if (before.expanded, before.collapsed) != (after.expanded, after.collapsed):
            self.rebuild()
        else:
            self.restate()

    def _live_changed(self, before: Live, after: Live) -> None:
        wire = before.part(ChosenWire) != after.part(ChosenWire)
        if before.part(ShownDifferences) != after.part(ShownDifferences):
            self.restate()
        elif wire or before.noise != after.noise or before.engine != after.engine:
            self.restate_edges()
        elif before.part(ShownProof) != after.part(ShownProof):
            self.show_proof()
        elif before.part(StepMaps) != after.part(StepMaps):
            self._hand_out_maps()

    def show_frame(self, *_: object) -> None:
        """Take the maps of the session's frame; only those with other pixels are repainted."""
        session = self.session
        self._thumbnails.update(session.document.graph, session.frame_now)
        self._hand_out_maps()
        self.restate_edges()

    def _hand_out_maps(self) -> None:
        inside = self.session.live.part(StepMaps)
        self.zooming.update()
        # To hash a large graph takes a while: not where nothing was seen inside a step.
        if inside.structure and inside.structure == self.session.document.graph.structure_hash:
            self._step_images.show(inside)
            for block in self.session.blocks:
                if (held := self.items_by_id.get(block.id)) is not None:
                    held.show_map(self._step_images.of(block.nodes))
            return
        for item in self.items_by_id.values():
            item.show_map(self._thumbnails[item.picture.output])

    # --------------------------------------------------------------------- view and pointer

    def show_zoom(self, zoom: float, passing: bool = False) -> None:
        """The zoom decides how much is drawn and how large captions are on the canvas.

        A `passing` one is likely to be followed by another soon.
        """
        passing = passing and self._has_many
        if zoom == self.zoom and (passing or not self.zooming.is_on):
            return
        was_far, is_far = self.zoom < REDUCED, zoom < REDUCED
        self.zoom = self.overlay.zoom = self._hits.zoom = zoom
        self.edges.show_zoom(zoom)
        self.frames.zoom = zoom
        self.far.show_zoom(zoom)
        if is_far:  # they are not shown, and need not be measured
            self.zooming.stop()
            for item in self.items_by_id.values() if not was_far else ():
                item.setVisible(False)
        elif passing:
            self.motion.stop()
            self.zooming.show_zoom(zoom, self.far.boundingRect())
        else:
            for item in self.items_by_id.values():
                item.show_zoom(zoom)
            if was_far or self.zooming.is_on:
                self._show_items()
        self._show_names_soon(was_far)
        self.show_proof()

    def measure_again(self) -> None:
        """Text is of another size: every caption takes another room."""
        zoom, self.zoom = self.zoom, 0.0
        self.show_zoom(zoom)
        self._repaint()

    def show_pointer(self, pointer: Pointer) -> None:
        """Show which items the pointer and the keyboard are on."""
        if pointer != self.pointer:
            self.pointer = pointer
            self.restate()

    def content(self, zoom: float) -> QRectF:
        """Everything that is drawn at a zoom, captions included."""
        room, number = self._room_at(zoom).whole, self._number_room(zoom)
        return QRectF(room) if number is None else room.united(number)

    def _number_room(self, zoom: float) -> QRectF | None:
        """Where the bottleneck's number stands at a zoom, None where it has none."""
        number = self.bottleneck()
        return number_pill_rect(*number, text_scale(zoom)) if number is not None else None

    def _room_at(self, zoom: float) -> Room:
        figure = self.figure  # before the states: it brings the blocks up to the document
        states = {name: item.state for name, item in self.items_by_id.items()}
        return self._room.at(figure, self.edges.room, states, zoom)

    def frame_rect(self, name: str) -> QRectF | None:
        """Where the frame of that name is, None where there is none."""
        return next((each.rect for each in self.figure.frames if each.id == name), None)

    def covers_block(self, area: QRectF, zoom: float) -> bool:
        """Whether a block, its caption or the bottleneck's number lies in an area of the canvas."""
        number = self._number_room(zoom)
        if number is not None and area.intersects(number):
            return True
        return any(area.intersects(each) for each in self._room_at(zoom).blocks)
