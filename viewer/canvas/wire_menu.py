"""The entries of the context menu for a wire: what it carries, how it joins, gates on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from analysis.facts import Skip
from analysis.graph import Edge
from viewer.controls.context_menu import SEPARATOR, Entry
from viewer.session import Session
from viewer.session.edits import gates, pieces, wires
from viewer.text.block_names import block_name
from viewer.text.translation import mark

NAMES = {
    "attention-gate": mark("Put an attention gate on it"),
    "learned-gate": mark("Put a learned gate on it"),
}


def wire_entries(session: Session, ends: tuple[str, str]) -> tuple[Entry, ...]:
    """What can be done with a wire that is no skip, which becomes the selected one."""
    wires.choose_wire(session, ends)
    edges = session.wires.get(ends, ())
    return (
        *_gate_entries(session, edges),
        SEPARATOR,
        _paste(session, edges),
        _remove(session, edges),
    )


def skip_entries(session: Session, name: str) -> tuple[Entry, ...]:
    """What can be done with a skip, which becomes the selected one."""
    session.set_view(skip=name, selection=None)
    skip = session.facts.skip(name)
    alpha = _alpha_entries(session, name)
    if skip is None or not session.workspace.canvas.edits:
        return alpha
    edges = (wires.skip_edge(session.document.graph, skip),)
    return (
        *_join_entries(session, skip),
        SEPARATOR,
        *_gate_entries(session, edges),
        SEPARATOR,
        *alpha,
        SEPARATOR,
        _paste(session, edges),
        _remove(session, edges),
    )


def _alpha_entries(session: Session, name: str) -> tuple[Entry, ...]:
    if name not in gates.gated_skips(session):
        return (Entry(mark("This connection has no gate"), None),)
    now = gates.gate(session.document, name)
    turn = mark("Turn {name} on") if now == 0 else mark("Turn {name} off")
    named = {"name": block_name(name)}
    return (
        Entry(turn, lambda: gates.toggle_off(session, name), named),
        Entry(
            mark("Gate of {name} to 1"),
            (lambda: gates.set_gate(session, name, gates.OPEN)) if now != gates.OPEN else None,
            named,
        ),
    )


def _join_entries(session: Session, skip: Skip) -> tuple[Entry, ...]:
    """The choices that are not the present one can be made."""

    def unless(now: bool, run: Callable[[], object]) -> Callable[[], object] | None:
        return None if now else run

    place = wires.place_of_join(session, skip)
    return (
        Entry(
            mark("Concatenate"),
            unless(skip.how == "concat", lambda: wires.set_join(session, skip, "concat")),
        ),
        Entry(mark("Add"), unless(skip.how == "add", lambda: wires.set_join(session, skip, "add"))),
        Entry(
            mark("Join before the activation"),
            unless(place == "before", lambda: wires.set_activation_place(session, skip, "before")),
        ),
        Entry(
            mark("Join after the activation"),
            unless(place == "after", lambda: wires.set_activation_place(session, skip, "after")),
        ),
    )


def _gate_entries(session: Session, edges: tuple[Edge, ...]) -> tuple[Entry, ...]:
    found = []
    for key, text in NAMES.items():
        put = partial(wires.put_gate, session, edges, key)
        found.append(Entry(text, put if edges else None))
    return tuple(found)


def _paste(session: Session, edges: tuple[Edge, ...]) -> Entry:
    pasting = bool(edges) and bool(pieces.clipboard_nodes())
    return Entry(
        mark("Paste onto it"), (lambda: pieces.paste_on(session, edges)) if pasting else None
    )


def _remove(session: Session, edges: tuple[Edge, ...]) -> Entry:
    remove = (lambda: wires.remove_wires(session, edges)) if edges else None
    return Entry(mark("Remove the wire"), remove, keys="Del")
