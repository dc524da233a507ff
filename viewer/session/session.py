"""What is current: the document, the view, what is live. Panels read here and hold no truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from analysis.facts import Facts, analyse
from analysis.graph import Node
from analysis.graph.scopes import Block, coarsest_groups, contract
from analysis.inference.protocol.effective_field import Effective
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.layer_numbers import LayerNumbers
from analysis.inference.protocol.runs import Frame, Noise
from analysis.inference.protocol.shares import Shares
from analysis.layout import Placement, place
from analysis.operators.contract import Shape
from analysis.receptive_field import (
    ProjectiveField,
    UnitField,
    UnitSet,
    projective_field,
    region_field,
    unit_field,
)
from analysis.storage.document import Document
from viewer.override_guard import Guarded
from viewer.session.notifications import Notifications
from viewer.session.parts import NO_PARTS, Parts, T
from viewer.session.undo import Replace, push
from viewer.session.view_state import Pin, ViewState
from viewer.session.workspace import Workspace, Workspaces

MOST_UNITS_ALONG = 4
"""Along each axis of a region, for its mean effective field."""


@dataclass(frozen=True)
class Live:
    """What is never saved: the pointer, the noise, what the engine is doing."""

    hover: Pin | None = None
    """The unit under the pointer while no unit is pinned."""
    noise: Noise = field(default_factory=Noise)
    engine: Literal["absent", "loading", "ready", "failed"] = "absent"
    busy: bool = False
    """Whether the newest picture has been waited for longer than a second."""
    failure: EngineFailure | None = None
    """Why the newest request has no answer, while `engine` is failed."""
    parts: Parts = NO_PARTS
    """What moves in single workspaces, by its type."""

    def part(self, kind: type[T]) -> T:
        """What moves in a workspace, its default where nothing has moved yet."""
        return self.parts.get(kind)


class Session(Guarded, QObject):
    """The current values and the signals that say which of them changed.

    documentChanged(before, after), viewChanged(before, after), liveChanged(before, after),
    factsChanged(facts), fieldChanged(UnitField | None), frameReady(frame), sharesReady(shares),
    effectiveReady(effective), numbersReady(LayerNumbers | EngineFailure). layerAsked(id) asks the
    workspace that shows the arithmetic of layers to show that of a block or an operator.
    """

    documentChanged = Signal(object, object)
    factsChanged = Signal(object)
    viewChanged = Signal(object, object)
    liveChanged = Signal(object, object)
    fieldChanged = Signal(object)
    frameReady = Signal(object)
    sharesReady = Signal(object)
    effectiveReady = Signal(object)
    numbersReady = Signal(object)
    layerAsked = Signal(str)

    def __init__(
        self,
        document: Document,
        view: ViewState | None = None,
        workspaces: SessionWorkspaces | None = None,
    ) -> None:
        """Begin with a document; without a table of workspaces the canvas stands alone."""
        super().__init__()
        self.history = QUndoStack(self)
        self.notifications = Notifications(self)
        self.workspaces: SessionWorkspaces = workspaces or Workspaces()
        self.view = self._known(view or ViewState())
        self.live = Live()
        self.frame: Frame | None = None
        self.shares: Shares | None = None
        self.effective: Effective | None = None
        self.effective_of: object = None
        """The `picture_key` that `effective` belongs to."""
        self.numbers: LayerNumbers | EngineFailure | None = None
        """The last answer about a layer's own numbers."""
        self.numbers_of: object = None
        """The `picture_key` that `numbers` belongs to."""
        self.unit_field: UnitField | None = None
        self.projective: ProjectiveField | None = None
        """The units that the pixel pointed at can change, while that is a pixel of an input."""
        self._plan: object = None
        self.block_of: Mapping[str, Block] = {}
        self._compared: dict[Pin, UnitField] = {}
        self._settle(document)
        self._update_field()

    # ---------------------------------------------------------------- the document

    def edit(self, label: str, document: Document, merge_key: str | None = None) -> None:
        """Make `document` current as one undoable step, named by the translated `label`.

        Steps in a row with the same `merge_key` (the moves of one drag) undo as one.
        """
        if document != self.document:
            push(self.history, Replace(self._show, self.document, document, label, merge_key))

    def open(self, document: Document, view: ViewState) -> None:
        """Start afresh with another document: undo does not reach back past it."""
        self.history.clear()
        self.view_from(view)
        self._show(document)
        self.history.setClean()

    def _show(self, document: Document) -> None:
        before, facts_before = self.document, self.facts
        self._settle(document)
        other = self.facts is not facts_before
        if other:
            hover = self.live.hover
            if hover is not None and not self._inside(hover):
                self.live = replace(self.live, hover=None)
            self._find_field()  # before any signal: whoever hears one reads fields of this graph
        self._forget_what_is_gone()
        self.documentChanged.emit(before, document)
        if other:
            self.factsChanged.emit(self.facts)
            self.fieldChanged.emit(self.unit_field)

    def _settle(self, document: Document) -> None:
        before: Document | None = getattr(self, "document", None)
        same = before is not None and document.graph is before.graph
        in_place = before is not None and same and document.positions == before.positions
        facts = self.facts if same else analyse(document.graph, strict=self.view.strict)
        self.document = document
        self.facts: Facts = facts
        if not in_place:
            self._arrange()

    def _arrange(self) -> None:
        """Contract the graph to blocks and place them, unless what decides them is as it was."""
        graph, facts = self.document.graph, self.facts
        wiring = tuple((n.id, n.inputs, n.scope, self._seen_of(n)) for n in graph.nodes)
        plan = (wiring, facts.levels, facts.nominal, self.document.positions, self.view.expanded)
        if plan == self._plan:
            return
        self._plan = plan
        self.blocks: tuple[Block, ...] = contract(graph, coarsest_groups(graph, facts.levels))
        self.placement: Placement = place(
            self.blocks, facts, self.document.positions, self.view.expanded
        )
        self.block_of = {node: block for block in self.blocks for node in block.nodes}
        self.output_of: Mapping[str, str] = {block.id: block.output for block in self.blocks}

    def _seen_of(self, node: Node) -> object:
        """What blocks and places depend on: its kind in a group, all of an operator of its own."""
        block = self.block_of.get(node.id)
        inside = block is not None and block.kind == "group"
        return node.operator.key if inside else node.operator

    @property
    def shapes(self) -> Mapping[str, Shape]:
        """Shape of every node that has one."""
        return self.facts.shapes

    @property
    def picture_key(self) -> tuple[object, ...]:
        """What the output depends on: the same key is the same picture and the same shares."""
        document = self.document
        return (
            document.graph.structure_hash,
            document.weights,
            document.image,
            document.image_reading,
            document.off,
            tuple(sorted(document.gates.items())),
            self.live.noise,
        )

    # ---------------------------------------------------------------- the view

    @property
    def workspace(self) -> Workspace[Session, Any]:
        """The row of the workspace that is shown: how the canvas behaves there, and more."""
        return self.workspaces.row(self.view.workspace)

    def _known(self, view: ViewState) -> ViewState:
        key = self.workspaces.known(view.workspace)
        return view if key == view.workspace else replace(view, workspace=key)

    def set_view(self, **changes: Any) -> None:
        """Change fields of the view by name."""
        self.view_from(replace(self.view, **changes))

    def view_from(self, view: ViewState) -> None:
        """Make `view` current."""
        before = self.view
        view = _one_selection(before, _compared(before, self._known(view)))
        if view == before:
            return
        self.view = view
        if view.strict != before.strict:
            self.facts = analyse(self.document.graph, strict=view.strict)
        if view.expanded != before.expanded or view.strict != before.strict:
            self._arrange()
        fields = (view.pin, view.pins, view.strict)
        pointed = fields != (before.pin, before.pins, before.strict)
        if pointed:
            self._find_field()
        self.viewChanged.emit(before, view)
        if view.strict != before.strict:
            self.factsChanged.emit(self.facts)
        if pointed:
            self.fieldChanged.emit(self.unit_field)

    def _forget_what_is_gone(self) -> None:
        graph = self.document.graph
        view = self.view
        kept: dict[str, Any] = {}
        if view.pin and not self._inside(view.pin):
            kept["pin"] = None
        inside = tuple(pin for pin in view.pins if self._inside(pin))
        if inside != view.pins:
            kept["pins"] = inside
        known = {block.id for block in self.blocks}
        if view.selection and view.selection not in graph and view.selection not in known:
            kept["selection"] = None
        also = tuple(name for name in view.also_selected if name in known)
        if also != view.also_selected:
            kept["also_selected"] = also
        if view.skip and view.skip not in {skip.name for skip in self.facts.skips}:
            kept["skip"] = None
        if kept:
            self.set_view(**kept)

    def _inside(self, pin: Pin) -> bool:
        shape = self.shapes.get(pin.layer)
        if shape is None or len(shape) != 3 or min(pin.y, pin.x, pin.rows - 1, pin.columns - 1) < 0:
            return False
        return pin.y + pin.rows <= shape[1] and pin.x + pin.columns <= shape[2]

    def layer_shown(self) -> str | None:
        """The node whose feature maps are shown: of the selection, else the last decoder block."""
        selection = self.view.selection
        if selection in self.shapes:
            return selection
        chosen = next((block for block in self.blocks if block.id == selection), None)
        if chosen is None:
            groups = [block for block in self.blocks if block.kind == "group"]
            chosen = (groups or list(self.blocks))[-1] if self.blocks else None
        return chosen.output if chosen and chosen.output in self.shapes else None

    # ---------------------------------------------------------------- what is live

    def set_live(self, **changes: Any) -> None:
        """Change fields of what is live by name."""
        before, self.live = self.live, replace(self.live, **changes)
        if self.live == before:
            return
        self.liveChanged.emit(before, self.live)
        if self.live.hover != before.hover:
            self._update_field()

    def show_frame(self, frame: Frame) -> None:
        """A new result of the engine; the process has already dropped what is out of date."""
        self.frame = frame
        self.frameReady.emit(frame)

    def show_shares(self, shares: Shares | None) -> None:
        """New shares of the skips, or None where they cannot be had."""
        self.shares = shares
        self.sharesReady.emit(shares)

    def show_effective(self, effective: Effective, of: object) -> None:
        """A new effective field, of the picture with the key `of`."""
        self.effective, self.effective_of = effective, of
        self.effectiveReady.emit(effective)

    def show_numbers(self, numbers: LayerNumbers | EngineFailure) -> None:
        """A layer's own numbers around a unit, or why there are none."""
        self.numbers, self.numbers_of = numbers, self.picture_key
        self.numbersReady.emit(numbers)

    @staticmethod
    def effective_units(pin: Pin) -> tuple[tuple[int, int], ...]:
        """The units whose mean effective field is asked for: of a region a few, evenly spread."""
        rows = _spread(pin.y, pin.rows)
        return tuple((y, x) for y in rows for x in _spread(pin.x, pin.columns))

    # ---------------------------------------------------------------- the field

    @property
    def pointed(self) -> Pin | None:
        """The unit whose field is shown: the pinned one, else the one under the pointer."""
        return self.view.pin or self.live.hover

    @property
    def compared(self) -> tuple[tuple[Pin, UnitField], ...]:
        """The pinned units and what each of them sees, where more than one is pinned."""
        return tuple((pin, self._compared[pin]) for pin in self.view.pins if pin in self._compared)

    @property
    def lit(self) -> Mapping[str, UnitSet]:
        """What is lit of every layer: what the unit sees, or what a pixel of the input changes."""
        if self.projective is not None:
            return self.projective.sets
        return self.unit_field.sets if self.unit_field is not None else {}

    def remove_pin(self, pin: Pin) -> None:
        """Take one of the compared units away; of two the other is left alone."""
        left = tuple(each for each in self.view.pins if each != pin)
        if self.view.pin == pin or self.view.pin not in left:
            self.set_view(pin=left[-1] if left else None, pins=left)
        else:
            self.set_view(pins=left)

    def field_of(self, pin: Pin) -> UnitField | None:
        """What a unit, or the units of a box, see together; None where there are no such units."""
        if not self._inside(pin):
            return None
        graph, strict = self.document.graph, self.view.strict
        if pin.is_region:
            return region_field(graph, self.shapes, pin.layer, pin.box, strict)
        return unit_field(graph, self.shapes, pin.layer, (pin.y, pin.x), strict)

    def _update_field(self) -> None:
        self._find_field()
        self.fieldChanged.emit(self.unit_field)

    def _find_field(self) -> None:
        pin = self.pointed
        self._compared = {
            each: found for each in self.view.pins if (found := self.field_of(each)) is not None
        }
        known = self._compared.get(pin) if pin is not None else None
        self.unit_field = known or (self.field_of(pin) if pin is not None else None)
        self.projective = None
        if pin is not None and self.unit_field is not None and self._is_input(pin):
            self.projective = projective_field(
                self.document.graph, self.shapes, (pin.y, pin.x), self.view.strict, pin.layer
            )

    def _is_input(self, pin: Pin) -> bool:
        return not pin.is_region and pin.layer in {node.id for node in self.document.graph.inputs}


def _spread(first: int, count: int) -> tuple[int, ...]:
    """At most MOST_UNITS_ALONG of so many indices, the first and the last among them."""
    if count <= MOST_UNITS_ALONG:
        return tuple(range(first, first + count))
    steps = MOST_UNITS_ALONG - 1
    return tuple(first + (count - 1) * i // steps for i in range(MOST_UNITS_ALONG))


def _one_selection(before: ViewState, after: ViewState) -> ViewState:
    """`after` without further selected blocks where only the selection itself is another."""
    if after.also_selected == before.also_selected and after.selection != before.selection:
        return replace(after, also_selected=())
    return after


def _compared(before: ViewState, after: ViewState) -> ViewState:
    """The pins of `after` with its pin among them: one that moved takes its place with it."""
    pins, pin = after.pins, after.pin
    if pin not in pins and pins == before.pins and before.pin in pins and pin is not None:
        pins = tuple(pin if each == before.pin else each for each in pins)
    pins = tuple(dict.fromkeys(pins))
    if pin not in pins or len(pins) < 2:
        pins = ()
    return after if pins == after.pins else replace(after, pins=pins)


SessionWorkspaces: TypeAlias = Workspaces[Session, Any]
"""The table of workspaces; what their panels are given is made above this room."""
