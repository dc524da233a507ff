"""The right dock of Receptive fields: the input with fields on it, and their numbers."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from analysis.operators.contract import Operator
from analysis.receptive_field import UnitField, UnitSet
from analysis.receptive_field.statistics import ignores_some
from viewer.controls import OpaqueSurface, PanelTitle, Section, Segmented, labelled, lay_out_panel
from viewer.controls.arrow_keys import ARROWS
from viewer.drawing.receptive_fields.field_painting import Spatial
from viewer.drawing.receptive_fields.input_overlay import Lit, Overlay
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.edits.pins import press_arrow, remove_pin
from viewer.session.view_state import Pin, ViewState
from viewer.text.block_names import cannot_run
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.receptive_fields.layers.exports import FieldFiles
from viewer.workspaces.receptive_fields.shared import field_text as words
from viewer.workspaces.receptive_fields.unit.axis_pyramid import Pyramid, steps_of
from viewer.workspaces.receptive_fields.unit.chain_pyramid import ChainPart
from viewer.workspaces.receptive_fields.unit.compared_units import PinLine, PinList
from viewer.workspaces.receptive_fields.unit.effective_field import EffectivePart
from viewer.workspaces.receptive_fields.unit.field_numbers import Answer, unit_name
from viewer.workspaces.receptive_fields.unit.input_picture import FieldPicture
from viewer.workspaces.receptive_fields.unit.padding import PaddingPart
from viewer.workspaces.receptive_fields.unit.projective_field import ProjectiveNumbers
from viewer.workspaces.receptive_fields.unit.tiles import TilesPart

NUMBERS_AFTER, NUMBERS_AT_LEAST = 40, 200
"""Milliseconds after which numbers follow a pointer that rests, and one that moves on and on.

The picture follows at once.
"""


class FieldPanel(Guarded, QWidget):
    """Shows the field of the pinned unit, else that under the pointer; and units compared."""

    maskAsked = Signal()
    """The person wants the field as a PNG file."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(NUMBERS_AFTER)
        self._late.timeout.connect(self._show)
        self._waiting = QElapsedTimer()
        self._make()
        session.fieldChanged.connect(lambda _: self._field_changed())
        session.factsChanged.connect(lambda _: self._show())
        session.pictureChanged.connect(lambda _: self._frame_ready())
        session.age.changed.connect(self.picture.show_age)
        self.picture.show_age(session.age.is_old)
        session.documentChanged.connect(lambda *_: self._show_input())
        session.viewChanged.connect(self._view_changed)
        session.effectiveReady.connect(lambda _: self._show_effective())
        language.changed.connect(self._say_again)
        self._show()

    # ---------------------------------------------------------------- what it is made of

    def _make(self) -> None:
        session = self._session
        self._make_picture()
        self._make_choices()
        self.answer, self.reach = Answer(session), ProjectiveNumbers()
        self.effective = EffectivePart(session)
        self.effective.changed.connect(self._show_overlay)
        self.padding = PaddingPart(session)
        self.padding.changed.connect(self._show_overlay)
        self.tiles = TilesPart()
        self.tiles.changed.connect(self._show_overlay)
        self.tiles.maskAsked.connect(self.maskAsked)
        self.pyramid_title = Section(mark("Seen at every layer on the way"), mark("units along x"))
        self.pyramid = Pyramid()
        self.chain = ChainPart(session)
        self.chain.exportAsked.connect(self.ask_pyramid)
        content = OpaqueSurface()
        title = PanelTitle(mark("Input"), self.field_view, self._make_export())
        lay_out_panel(self, title, content)
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(12)
        for widget in self._parts():
            column.addWidget(widget)
        column.addStretch(1)

    def _make_picture(self) -> None:
        """The input with the fields on it, and what can be done there."""
        self.picture = FieldPicture()
        self.picture.installEventFilter(self)
        self.picture.pointed.connect(self._point)
        self.picture.pressed.connect(self._press)
        say(self, self.picture.setAccessibleName, "Input with the receptive field")
        self.hint = labelled("muted")
        self.hint.setWordWrap(True)
        say(
            self,
            self.hint.setText,
            "Point at this picture to see what a pixel can change; click to keep that pixel.",
        )

    def _make_choices(self) -> None:
        """Which units are compared, which of their fields is shown, and what counts in it."""
        session = self._session
        self.pins = PinList()
        self.pins.chosen.connect(lambda pin: session.set_view(pin=pin))
        self.pins.removed.connect(lambda pin: remove_pin(session, pin))
        self.strict = QCheckBox()
        say(self, self.strict.setText, "Include statistics and gates")
        language.changed.connect(self._offer_strict)
        session.factsChanged.connect(lambda _: self._offer_strict())
        self._offer_strict()
        self.strict.toggled.connect(lambda on: session.set_view(strict=on))
        self.field_view = Segmented(
            [
                ("theoretical", mark("theoretical")),
                ("effective", mark("effective")),
                ("both", mark("both")),
            ]
        )
        self.field_view.name_options("fields")
        self.field_view.valueChanged.connect(lambda value: session.set_view(field_view=value))

    def _make_export(self) -> QToolButton:
        self.files = FieldFiles(self._session, self)
        self.export = QToolButton()
        self.export.setIcon(icon("export", "muted"))
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        say(self, self.export.setToolTip, "Export")
        say(self, self.export.setAccessibleName, "Export")
        menu = QMenu(self.export)
        for text, run in (
            (mark("Picture with the fields…"), self.ask_picture),
            (mark("Mask of the field…"), self.maskAsked.emit),
            (mark("Table of all layers…"), self.files.ask_table),
            (mark("Chart of all layers…"), self.files.ask_chart),
        ):
            action = menu.addAction("")
            say(self, action.setText, text)
            action.triggered.connect(run)
        self.export.setMenu(menu)
        return self.export

    def _offer_strict(self) -> None:
        """The choice changes nothing in a network without statistics and gates, and says so."""
        shapes, graph = self._session.shapes, self._session.document.graph
        counts = any(
            node.operator.global_statistics
            or node.operator.gates(tuple(shapes[each] for each in node.inputs))
            for node in graph.nodes
            if _may_count(node.operator) and node.inputs and all(s in shapes for s in node.inputs)
        )
        self.strict.setEnabled(counts or self._session.view.strict)
        self.strict.setToolTip(
            tr("Normalisation over the whole map and attention let every pixel count a little.")
            if counts
            else tr("This network has no statistics over the whole map and no gates to include.")
        )

    def ask_picture(self) -> None:
        """Ask for a place and write the input picture with all that is drawn on it."""
        self.files.ask_picture(tr("Input with the receptive field"), *self.picture.figure())

    def ask_pyramid(self) -> None:
        """Ask for a place and write the pyramid of the pinned unit."""
        self.files.ask_picture(tr("Export pyramid"), *self.chain.figure())

    def _parts(self) -> tuple[QWidget, ...]:
        shown = (self.picture, self.hint, self.pins, self.answer, self.reach)
        return (
            *shown,
            self.effective,
            self.strict,
            self.tiles,
            self.padding,
            self.pyramid_title,
            self.pyramid,
            self.chain,
        )

    # ---------------------------------------------------------------- pixels of the input

    def _point(self, pixel: tuple[int, int] | None) -> None:
        """The pointer is on a pixel of the picture: a tile is marked, or its reach shown."""
        source = self._input()
        if pixel is not None and self.tiles.show_tile_at(*pixel):
            return
        hover = Pin(source[0], *pixel) if pixel is not None and source is not None else None
        self._session.set_live(hover=hover)

    def _press(self, y: int, x: int) -> None:
        source = self._input()
        if source is not None and not self.tiles.show_tile_at(y, x):
            self._session.set_view(pin=Pin(source[0], y, x), pins=())

    # ---------------------------------------------------------------- what it shows

    def _input(self) -> tuple[str, Spatial] | None:
        """Id and (height, width) of the input picture that fields are drawn on."""
        session = self._session
        known = session.unit_field.sets if session.unit_field else {}
        flat = [
            (node.id, (shape[1], shape[2]))
            for node in session.document.graph.inputs
            if (shape := session.shapes.get(node.id)) is not None and len(shape) == 3
        ]
        return next((each for each in flat if each[0] in known), flat[0] if flat else None)

    def seen(self) -> UnitSet | None:
        """The set of input pixels that is shown, or None."""
        found, shown = self._session.unit_field, self._input()
        return found.sets.get(shown[0]) if found is not None and shown is not None else None

    def _frame_ready(self) -> None:
        self._show_input()
        if self.effective.found() is not None:
            self._show_effective()

    def _show_input(self) -> None:
        shown, frame = self._input(), self._session.frame_now
        size = shown[1] if shown else (1, 1)
        pixels = frame.input_image if frame is not None else None
        fits = pixels is not None and pixels.shape == size
        without = ""
        if self._session.document.image is not None:
            without = cannot_run(self._session.facts) or tr("not run yet")
        self.picture.show_input(size, pixels if fits else None, without)

    def _view_changed(self, before: ViewState, after: ViewState) -> None:
        self._show_choices()
        if (before.field_view, before.field_log) != (after.field_view, after.field_log):
            self._show_effective()

    def _show_effective(self) -> None:
        self.effective.show_answer()
        self._show_overlay()

    def _show_choices(self) -> None:
        self.field_view.set_value(self._session.view.field_view)
        blocked = self.strict.blockSignals(True)
        self.strict.setChecked(self._session.view.strict)
        self.strict.blockSignals(blocked)

    def _say_again(self) -> None:
        self.tiles.say_again()
        self._show()

    def _field_changed(self) -> None:
        """The picture follows at once; the numbers of a moving pointer a little later."""
        hovers = self._session.view.pin is None and self._session.live.hover is not None
        if not hovers or not self.isVisible():
            self._show()
            return
        self._show_overlay()
        if not self._late.isActive():
            self._waiting.start()
        if self._waiting.elapsed() < NUMBERS_AT_LEAST:
            self._late.start()

    def _show(self) -> None:
        self._late.stop()
        session = self._session
        found, shown = session.unit_field, self._input()
        size = shown[1] if shown is not None else (1, 1)
        self._show_choices()
        self._show_input()
        projective = session.projective  # kept: a child hidden under the pointer lets go of it
        reaches = projective is not None
        source = shown[0] if shown is not None else None
        self.padding.show_padding(None if reaches else found, source)
        self._show_overlay()
        self.hint.setVisible(found is None)
        self.answer.setVisible(found is not None and not reaches)
        self.reach.setVisible(reaches)
        field = session.facts.fields.get(found.layer) if found is not None else None
        self.tiles.setVisible(found is not None and not reaches)
        whole = found is not None and self._ignores_some(found.layer)
        self.tiles.show_advice(None if reaches else field, size, whole)
        if projective is not None:
            self.reach.show_reach(session, projective)
        elif found is not None:
            self.answer.show_answer(found, source, size)
        self.effective.show_answer()
        self._show_pins()
        self._show_way(None if reaches else found)

    def _ignores_some(self, layer: str) -> bool:
        return ignores_some(self._session.document.graph, self._session.shapes, layer)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Shift and arrows on the picture move the pinned unit; the scroll area would take them."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return press_arrow(self._session, ARROWS.get(event.key()), event.modifiers())
        return super().eventFilter(watched, event)

    def _show_way(self, found: UnitField | None) -> None:
        session = self._session
        steps = steps_of(session.blocks, session.facts, found, axis=1) if found is not None else ()
        self.pyramid.show_steps(steps)
        self.pyramid_title.setVisible(len(steps) > 1)
        self.chain.show_pin(session.view.pin if found is not None else None)
        seen = self.seen()
        self.tiles.export.setEnabled(seen is not None and seen.pixels > 0)

    def _show_pins(self) -> None:
        session, shown = self._session, self._input()
        lines = []
        for pin, found in session.compared:
            seen = found.sets.get(shown[0]) if shown is not None else None
            size = words.size_text(words.spans_of(seen)) if seen is not None else ""
            box = words.box_text(seen) if seen is not None else "–"
            name = unit_name(session, found)
            lines.append(PinLine(pin, name, size or "0", box, pin == session.view.pin))
        self.pins.show_lines(tuple(lines))

    # ---------------------------------------------------------------- what lies on the input

    def overlay(self) -> Overlay:
        """All that is drawn on the input picture now."""
        session, shown = self._session, self._input()
        if shown is None:
            return Overlay()
        source, pairs = shown[0], session.compared
        if len(pairs) < 2 and session.pointed is not None and session.unit_field is not None:
            pairs = ((session.pointed, session.unit_field),)
        lit = tuple(
            self._lit(pin, found, source, number if len(pairs) > 1 else 0)
            for number, (pin, found) in enumerate(pairs, 1)
            if source in found.sets
        )
        dims = session.projective is None and self.tiles.tiles is None
        heat = self.effective.heat() if session.projective is None else None
        theoretical = session.view.field_view != "effective"
        return Overlay(lit, theoretical, dims, self.tiles.tiles, heat, self.padding.marked())

    def _lit(self, pin: Pin, found: UnitField, source: str, number: int) -> Lit:
        seen = found.sets[source]
        field = self._session.facts.fields.get(found.layer)
        own = words.own_position(field, found.unit) if field is not None else None
        at = (own[0], own[1]) if own is not None and len(own) == 2 else None
        label = words.size_text(words.spans_of(seen)) if found.layer != source else ""
        return Lit(seen, at, label, number, pin == self._session.pointed)

    def _show_overlay(self) -> None:
        self.picture.show_overlay(self.overlay())


def _may_count(operator: Operator) -> bool:
    """Whether it is of a kind that has statistics over the whole map or gates: most are not."""
    return operator.global_statistics or type(operator).gates is not Operator.gates
