"""Computes the state in which every block and wire is painted, from the session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from PySide6.QtCore import QPointF

from analysis.receptive_field import UnitSet
from viewer.canvas.items.inner_gates import NO_GATES, InnerGates
from viewer.drawing.network.block_picture import NodePicture, NodeState
from viewer.drawing.network.frame import FrameState
from viewer.drawing.network.wire import EdgePicture, EdgeState
from viewer.drawing.receptive_fields.compared_fields import Compared
from viewer.session import Session
from viewer.session.edits.gates import CLOSED, OPEN, gated_skips
from viewer.session.shown_differences import (
    ShownDifferences,
    block_difference,
    node_difference,
    wire_difference,
)
from viewer.text.block_names import pixel_text, reached_text, region_text, seen_text
from viewer.text.measure_format import MeasureFormat

NO_FIELD = (None, None, ())
"""What a state says of a field, its unit and those compared, where there is none."""


@dataclass(frozen=True)
class Pointer:
    """The items under the pointer and with the keyboard focus, which only the canvas knows."""

    block: str = ""
    gate: str = ""
    skip: str = ""
    """The skip or residual connection whose wire or gate the pointer is on."""
    focus: str = ""
    wire: tuple[str, str] | None = None
    """The blocks at the ends of the selected wire that is no skip."""


def node_state(
    session: Session,
    node: NodePicture,
    pointer: Pointer,
    ports: tuple[QPointF, ...],
    computing: bool,
    gates: InnerGates = NO_GATES,
) -> NodeState:
    """The state of one block."""
    view, mode = session.view, session.workspace.canvas
    hovered = pointer.block == node.id
    row = view.selection if any(row.node == view.selection for row in node.rows) else ""
    inside = session.block_of.get(view.selection) if view.selection else None
    state = NodeState(
        selected=(
            gates.chosen
            or node.id in view.selected
            or (inside is not None and inside.id == node.id)
        ),
        hovered=hovered,
        focused=pointer.focus == node.id,
        ports=ports if hovered or mode.shows_ports else (),
        awaits_image=session.document.image is None,
        computing=computing,
        dims=mode.follows_field,
        selected_row=row or "",
        gates=gates.said,
        difference=block_difference(session, node.output),
        row_differences=tuple(node_difference(session, each.node) for each in node.rows),
    )
    # Pills and joins show nothing of a field: they need not be painted again for one.
    return with_field(session, node, state) if node.shape == "map" else state


def frame_state(session: Session, name: str, pointer: Pointer) -> FrameState:
    """The state of the frame of an opened group."""
    return FrameState(
        selected=name in session.view.selected,
        hovered=pointer.block == name,
        focused=pointer.focus == name,
    )


def with_field(session: Session, node: NodePicture, state: NodeState) -> NodeState:
    """The state of a block with the part of its map that the session's field contains."""
    if session.fields.shows_nothing and (state.seen, state.unit, state.compared) == NO_FIELD:
        return state
    field = session.unit_field
    seen = session.lit.get(node.output)
    unit = field.unit if field is not None and field.layer == node.output else None
    place = (unit[0], unit[1]) if unit is not None and len(unit) == 2 else None
    compared = tuple(
        Compared(number, found.sets[node.output], pin == session.pointed)
        for number, (pin, found) in enumerate(session.compared, 1)
        if node.output in found.sets
    )
    if (seen, place, compared) == NO_FIELD == (state.seen, state.unit, state.compared):
        return state
    line = _line(session, seen, unit) if seen is not None and state.dims else ""
    return replace(state, seen=seen, unit=place, compared=compared, line=line)


def _line(session: Session, seen: UnitSet, unit: tuple[int, ...] | None) -> str:
    if unit is not None and len(unit) == 4:
        return region_text(unit)
    if session.projective is not None:
        return reached_text(seen) if unit is None else pixel_text(unit)
    return seen_text(seen, unit)


def edge_states(
    session: Session, edges: Sequence[EdgePicture], pointer: Pointer, stale: bool
) -> dict[int, EdgeState]:
    """The state of each wire; `stale` says that the measure is of an earlier picture."""
    mode = session.workspace.canvas
    measured = session.measured_now if mode.draws_measure else None
    written = MeasureFormat(measured) if measured is not None else None
    states: dict[int, EdgeState] = {}
    compared = session.live.part(ShownDifferences).value is not None
    plain = EdgeState(live=mode.shows_gates, ports=mode.shows_ports)
    gated = set(gated_skips(session)) if mode.shows_gates else set()
    for i, edge in enumerate(edges):
        lit = mode.follows_field and _on_the_way(session, edge)
        selected, broken = _is_selected(session, edge, pointer), _broken(session, edge)
        state = plain
        if lit or selected or broken:
            state = replace(plain, in_field=lit, selected=selected, broken=broken)
        if compared:
            last = edge.via[-1] if edge.via else edge.source
            state = replace(state, difference=wire_difference(session, (last, edge.target)))
        skip = edge.skip if edge.kind != "plain" and (edge.kind == "skip" or gated) else None
        if skip is not None:
            part = measured.skips.get(skip) if measured is not None else None
            gate = session.document.gates.get(skip, OPEN)
            state = replace(
                state,
                fraction=written.fraction(part.value) if written is not None and part else None,
                number=(
                    written.of_skip(part.value, gate == CLOSED)
                    if written is not None and part
                    else ""
                ),
                stale=stale and part is not None,
                gate=gate,
                gate_hovered=pointer.gate == skip,
                has_gate=skip in gated,
                pointed=pointer.skip == skip,
            )
        states[i] = state
    return states


def _is_selected(session: Session, edge: EdgePicture, pointer: Pointer) -> bool:
    if edge.skip is not None and session.view.skip == edge.skip:
        return True
    ends = pointer.wire
    if ends is None:
        return False
    stops = (edge.source, *edge.via, edge.target)
    return ends in pairwise(stops)


def with_way(session: Session, edge: EdgePicture, state: EdgeState) -> EdgeState:
    """The state of a wire with whether the session's field passes along it."""
    lit = session.workspace.canvas.follows_field and _on_the_way(session, edge)
    return state if state.in_field is lit else replace(state, in_field=lit)


def _on_the_way(session: Session, edge: EdgePicture) -> bool:
    lit, outputs = session.lit, session.output_of
    if not lit:
        return False
    # A wire of the figure may be of a document that is gone: the figure follows a signal later.
    ends = (lit.get(outputs.get(edge.source, "")), lit.get(outputs.get(edge.target, "")))
    return all(end is not None and end.pixels > 0 for end in ends)


def _broken(session: Session, edge: EdgePicture) -> bool:
    """Whether it runs into a join that cannot join: there the skip, else the wire that differs."""
    if not edge.into_join:
        return False
    ends = (edge.via[-1] if edge.via else edge.source, edge.target)
    for wire in session.wires.get(ends, ()):
        layer = session.facts.layers[wire.target]
        if layer.fault is None or not layer.fault.code.startswith("join-"):
            continue
        skips = [s.port for s in session.facts.skips if s.join == wire.target]
        if wire.port in skips or (not skips and wire.port == layer.fault.numbers[-1]):
            return True
    return False
