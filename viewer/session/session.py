"""The session: the current document, view and live state. Panels read it and keep no state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from PySide6.QtCore import Signal

from analysis.faults import Fault
from analysis.inference.measures.contract import Measure
from analysis.inference.measures.table import offered_measure
from analysis.inference.protocol.input_change import InputChange
from analysis.inference.protocol.measures import Measured
from analysis.inference.protocol.runs import Frame
from analysis.receptive_field import ProjectiveField, UnitField, UnitSet
from analysis.storage.document import Document
from viewer.session.arrangement import Arrangement, arranged, chosen_picture
from viewer.session.background_jobs import Background
from viewer.session.background_layout import BackgroundLayout
from viewer.session.input_image.film_frame import FilmFrame
from viewer.session.live_state import Live
from viewer.session.notifications import Notifications
from viewer.session.picture_age import PictureAge
from viewer.session.pointed_field import PointedField, field_of, is_inside, pointed_field
from viewer.session.repair_search import RepairSearch
from viewer.session.results import Results
from viewer.session.shown_document import ShownDocument
from viewer.session.trained_weights import TrainedWeights
from viewer.session.undo import History, StepName
from viewer.session.view_rules import consistent, layer_shown, same_skip, without_what_is_gone
from viewer.session.view_state import Pin, ViewState
from viewer.session.workspace import Workspace, Workspaces


@dataclass(frozen=True)
class _Current:
    """The values that are derived from the document."""

    now: Arrangement
    view: ViewState
    live: Live
    fields: PointedField


class Session(Results, ShownDocument):
    """The current values and the signals that say which of them changed.

    documentChanged(before, after), viewChanged(before, after), liveChanged(before, after),
    factsChanged(facts), placesChanged() once a large network is laid out beside the window,
    fieldChanged(UnitField | None), pictureChanged(Frame | None) with another `frame_now`, and those
    of Results. layerAsked(id) asks the workspace that shows the arithmetic of layers to show that
    of a block or an operator, settingsAsked() the panel of settings to take the keyboard.
    """

    documentChanged = Signal(object, object)
    factsChanged = Signal(object)
    placesChanged = Signal()
    viewChanged = Signal(object, object)
    liveChanged = Signal(object, object)
    fieldChanged = Signal(object)
    pictureChanged = Signal(object)
    layerAsked = Signal(str)
    settingsAsked = Signal()

    def __init__(
        self,
        document: Document,
        view: ViewState | None = None,
        workspaces: SessionWorkspaces | None = None,
    ) -> None:
        """Begin with a document; without a table of workspaces the canvas stands alone."""
        super().__init__()
        self.notifications = Notifications(self)
        self.repairs = RepairSearch(self)
        self.age = PictureAge(self, lambda: self.frame_is_behind)
        self.layouts = BackgroundLayout(self)
        self.layouts.placed.connect(self._take_places)
        self.background: Background | None = None
        """The window's workers; what is read without any keeps whoever asks waiting."""
        self.workspaces: SessionWorkspaces = workspaces or Workspaces()
        self.history: History[_Current] = History(self._prepare, self._assign, self)
        self.history.undone.connect(self._choose_again)
        self.view = shown = self._known(view or ViewState())
        self.live = Live()
        self._now = arranged(document, shown.strict, shown.expanded, None, shown.collapsed)
        self.opened = document.graph
        """The network as it was opened: the document holds another one once it was edited."""
        self.openings = [document.graph]  # before it was opened anew, and after
        self._expected: Arrangement | None = None
        self._awaits_frames = True
        self._former: Frame | None = None
        """The newest frame when this document was opened: one of another document."""
        self._fields = pointed_field(self._now, self.pointed, self.view.pins)
        for changed in (self.documentChanged, self.liveChanged):
            changed.connect(lambda *_: self.age.look())

    # ---------------------------------------------------------------- the document

    def without_frames(self) -> Arrangement:
        """What is shown as it is with the groups closed that are opened to a U."""
        expanded = self.view.expanded - self.frames.keys()
        return arranged(self.document, self.view.strict, expanded, self._now, self.view.collapsed)

    def edit(self, label: StepName, document: Document, merge_key: str | None = None) -> None:
        """Make `document` current as one undoable step called `label`.

        Steps in a row with the same `merge_key` (the moves of one drag) undo as one.
        """
        if document != self.document:
            chosen = self.view.selected
            self.history.replace(self.document, document, label, merge_key, chosen)

    def open(self, document: Document, view: ViewState) -> None:
        """Open another document: undo does not reach back past it."""
        current = self._prepare(document, view)
        self._expected = None
        self.opened, self.openings = document.graph, [document.graph]
        self.history.clear()
        self._assign(current, opened=True)
        self.history.setClean()

    def expect(self, arrangement: Arrangement) -> None:
        """Use what a worker has worked out of a document, once that document is opened."""
        self._expected = arrangement

    def _choose_again(self, chosen: tuple[str, ...]) -> None:
        """Select what was selected before a step that was undone, where nothing is now."""
        shown = {block.id for block in self.blocks} | self.frames.keys()
        there = [each for each in chosen if each in shown or each in self.document.graph]
        if there and self.view.selection is None and self.view.skip is None:
            self.set_view(selection=there[0], also_selected=tuple(there[1:]))

    def _prepare(self, document: Document, view: ViewState | None = None) -> _Current:
        """Compute all that is derived from `document` before it becomes current."""
        shown = self._known(view) if view is not None else self.view
        expected = self._expected
        known = expected if expected and expected.document.graph is document.graph else self._now
        edited = view is None and self.layouts.takes(document.graph, known)
        now = arranged(document, shown.strict, shown.expanded, known, shown.collapsed, edited)
        if view is None:
            shown = replace(shown, skip=same_skip(shown.skip, self.facts, now.facts))
        shown = consistent(self.view, without_what_is_gone(shown, now))
        hover = self.live.hover
        live = self.live
        if hover is not None and not is_inside(hover, now.facts.shapes):
            live = replace(live, hover=None)
        pointed, fields = shown.pin or live.hover, self._fields
        as_before = (pointed, shown.pins) == (self.pointed, self.view.pins)
        if now.facts is not self.facts or not as_before:
            fields = pointed_field(now, pointed, shown.pins)
        return _Current(now, shown, live, fields)

    def _assign(self, current: _Current, opened: bool = False) -> None:
        before, view_before, fields_before = self._now, self.view, self._fields
        picture_before = self.frame_now
        if opened:
            self._former = self.frame
        self._now, self.view = current.now, current.view
        self.opened = next((g for g in self.openings if g is self.document.graph), self.opened)
        self.live, self._fields = current.live, current.fields
        self.notifications.go_on()
        self.documentChanged.emit(before.document, current.now.document)
        if current.now.facts is not before.facts:
            self.factsChanged.emit(self.facts)
        if self.view != view_before:
            self.viewChanged.emit(view_before, self.view)
        if current.fields is not fields_before:
            self.fieldChanged.emit(self.unit_field)
        self.layouts.follow(self._now)
        if self.frame_now is not picture_before:
            self.pictureChanged.emit(self.frame_now)

    @property
    def frame_now(self) -> Frame | None:
        """The newest frame; where nothing runs, only if it is of the document and image open now.

        While a network runs the frame of what was open before stays until its own comes.
        """
        frame, image = self.frame, self.document.image
        if frame is None or (self.facts.can_begin and frame is not self._former):
            return frame
        if frame is self._former:
            return frame if self._runs else None
        return frame if image is not None and frame.image_hash == image.hash else None

    def show_frame(self, frame: Frame, of: object = None) -> None:
        """A new picture, asked for with the key `of`, by default the current one."""
        super().show_frame(frame, self.frame_key if of is None else of)
        self.pictureChanged.emit(self.frame_now)
        self.age.frame_came()

    def frame_holds(self, of: object) -> None:
        """Say what the newest frame is of: another key than it was asked for, or None."""
        self.frame_of = of
        self.age.look()

    def await_frames(self, awaited: bool) -> None:
        """Say whether newer frames are asked for; not where the image's file is gone."""
        if awaited != self._awaits_frames:
            before, self._awaits_frames = self.frame_now, awaited
            self.age.look()
            if self.frame_now is not before:
                self.pictureChanged.emit(self.frame_now)

    @property
    def frame_key(self) -> object:
        """What a frame depends on, its worth against the target included."""
        return self.picture_key, self.document.target, self.document.target_as

    @property
    def frame_is_behind(self) -> bool:
        """Whether the newest frame is of an earlier state, and a newer one is waited for."""
        return self.frame is not None and self._runs and self.frame_of != self.frame_key

    @property
    def _runs(self) -> bool:
        """Whether a frame of the document that is open is there or will come."""
        has_image = self.document.image is not None or self.live.part(FilmFrame).pixels is not None
        return has_image and self._awaits_frames and self.facts.can_begin

    @property
    def picture_key(self) -> tuple[object, ...]:
        """What the output depends on: the same key is the same picture with the same measures."""
        document = self.document
        return (
            document.graph.structure_hash,
            document.weights,
            document.image,
            document.image_reading,
            document.off,
            tuple(sorted(document.gates.items())),
            self.live.noise,
            self.live.part(InputChange),
            self.live.part(FilmFrame).hash,
            self.live.part(TrainedWeights),
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
        """Set `view` as the current view."""
        before = self.view
        view = consistent(before, self._known(view))
        if view == before:
            return
        now = self._now
        if view.arranging != before.arranging:
            beside = self.layouts.takes(self.document.graph, now)
            now = arranged(self.document, view.strict, view.expanded, now, view.collapsed, beside)
        fields, hover = self._fields, self.live.hover
        pointed = (view.pin, view.pins, view.strict) != (before.pin, before.pins, before.strict)
        of, of_before = (view.pin or hover, view.pins), (before.pin or hover, before.pins)
        if of != of_before or view.strict != before.strict:
            fields = pointed_field(now, *of)
        # Panels that list the blocks hear of others as they hear of other facts.
        other = now.facts is not self.facts or now.blocks != self.blocks
        self.view, self._now, self._fields = view, now, fields
        if view.selected != before.selected:
            self.notifications.go_on()
        self.viewChanged.emit(before, view)
        if other:
            self.factsChanged.emit(self.facts)
        if pointed:
            self.fieldChanged.emit(self.unit_field)
        self.layouts.follow(self._now)

    def _take_places(self, now: Arrangement) -> None:
        """Show the picture that was worked out of what is shown."""
        other = now.blocks != self.blocks
        before, self._now = self.view, now
        self.view = consistent(before, without_what_is_gone(before, now))
        self.placesChanged.emit()
        if self.view != before:
            self.viewChanged.emit(before, self.view)
        if other:
            self.factsChanged.emit(self.facts)

    @property
    def is_rough(self) -> bool:
        """Whether the places of blocks are makeshift ones, and others are on their way."""
        return self._now.rough

    def settle(self) -> None:
        """Lay out at once what is still laid out beside: for what keeps the picture."""
        if self._now.rough:
            self._take_places(self._now.with_picture(chosen_picture(self._now)))
            self.layouts.follow(self._now)

    def layer_shown(self) -> str | None:
        """The node whose feature maps are shown: of the selection, else the last decoder block."""
        return layer_shown(self.view, self._now)

    @property
    def measure(self) -> Measure:
        """The row of the measure of the skips that is chosen."""
        return offered_measure(self.view.measure)

    @property
    def measured_now(self) -> Measured | None:
        """The newest values of that measure of this network; None where it cannot run."""
        found = self.measured
        if found is None:  # before a large graph is hashed
            return None
        wanted = self.measure.key, self.document.graph.structure_hash
        if (found.measure, found.structure) != wanted or self.facts.stopped_by:
            return None
        return found

    @property
    def measure_key(self) -> object:
        """What the values of the skips depend on."""
        return self.picture_key, self.document.target, self.document.target_as, self.measure.key

    @property
    def measure_fault(self) -> Fault | None:
        """Why there are no values of the chosen measure of the current picture."""
        return None if self.measure_is_stale else self.refused

    @property
    def measure_is_stale(self) -> bool:
        """Whether `measured` is of an earlier picture or of another measure."""
        return self.measured_of is None or self.measured_of != self.measure_key

    def show_measured(self, measured: Measured | None, refused: Fault | None = None) -> None:
        """New values of the skips of the current picture, or None and why there are none."""
        self.measured, self.refused, self.measured_of = measured, refused, self.measure_key
        self.measuredReady.emit(measured)

    # ---------------------------------------------------------------- what is live

    def set_live(self, **changes: Any) -> None:
        """Change fields of what is live by name."""
        before, live = self.live, replace(self.live, **changes)
        if live == before:
            return
        fields = self._fields
        if live.hover != before.hover:
            fields = pointed_field(self._now, self.view.pin or live.hover, self.view.pins)
        self.live, self._fields = live, fields
        self.liveChanged.emit(before, live)
        if live.hover != before.hover:
            self.fieldChanged.emit(self.unit_field)

    # ---------------------------------------------------------------- the field

    @property
    def pointed(self) -> Pin | None:
        """The unit whose field is shown: the pinned one, else the one under the pointer."""
        return self.view.pin or self.live.hover

    @property
    def fields(self) -> PointedField:
        """The fields of all that is pointed at or pinned: the same value while they stay so."""
        return self._fields

    @property
    def unit_field(self) -> UnitField | None:
        """The receptive field of the unit that is pointed at."""
        return self._fields.unit

    @property
    def projective(self) -> ProjectiveField | None:
        """The units that the pixel pointed at can change, while that is a pixel of an input."""
        return self._fields.projective

    @property
    def compared(self) -> tuple[tuple[Pin, UnitField], ...]:
        """The pinned units and the receptive field of each, where more than one is pinned."""
        found = self._fields.compared
        return tuple((pin, found[pin]) for pin in self.view.pins if pin in found)

    @property
    def lit(self) -> Mapping[str, UnitSet]:
        """The units shown of every layer: the unit's receptive field, or an input pixel's reach."""
        return self._fields.lit

    def field_of(self, pin: Pin) -> UnitField | None:
        """The field of a unit, or of a box of units; None where there are no such units."""
        return field_of(self._now, pin)


SessionWorkspaces: TypeAlias = Workspaces[Session, Any]
"""The table of workspaces; what their panels are given is made above this room."""
