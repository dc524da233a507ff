"""Builds the context menu for a point of the canvas."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from analysis.graph.given_values import takes_picture
from analysis.layout.geometry import Point
from viewer.canvas.hit_test import Hit
from viewer.canvas.wire_menu import skip_entries, wire_entries
from viewer.controls.context_menu import SEPARATOR, Entry
from viewer.session import Session
from viewer.session.arithmetic_layers import layer_in
from viewer.session.edits import align, blocks, ends, groups, pieces, shared_weights
from viewer.session.view_state import Pin
from viewer.text.block_names import block_name
from viewer.text.translation import mark


def canvas_entries(
    session: Session,
    hit: Hit,
    show_layer: Callable[[str], object],
    at: Point | None = None,
) -> tuple[Entry, ...]:
    """Entries for what lies at a point; on empty canvas what can be done with the network."""
    if hit.kind in ("skip", "gate"):
        return skip_entries(session, hit.name)
    if hit.kind == "wire":
        return wire_entries(session, hit.ends)
    if hit.kind in ("block", "row", "frame"):
        return _block_entries(session, hit, show_layer)
    pasting = bool(pieces.clipboard_nodes())
    return (
        Entry(
            mark("Paste here"),
            (lambda: pieces.paste_loose(session, at)) if pasting else None,
            keys="Ctrl+V",
        ),
        Entry(mark("Select all"), lambda: pieces.select_all(session), keys="Ctrl+A"),
        SEPARATOR,
        Entry(
            mark("Reset the layout"),
            (lambda: blocks.reset_layout(session)) if session.document.positions else None,
        ),
    )


def _block_entries(
    session: Session, hit: Hit, show_layer: Callable[[str], object]
) -> tuple[Entry, ...]:
    """The block becomes the selection, unless it is part of it."""
    if hit.name not in session.view.selected:
        session.set_view(selection=hit.name, skip=None)
    block = session.block(hit.name)
    group = block is not None and block.kind == "group"
    opened = hit.name in session.view.expanded
    whole = bool(pieces.selected_nodes(session))
    pasting = bool(pieces.clipboard_nodes())
    return (
        Entry(
            mark("Close block") if opened else mark("Open block"),
            (lambda: blocks.toggle_block(session, hit.name)) if group else None,
        ),
        Entry(
            mark("Show its arithmetic"),
            (lambda: show_layer(hit.name)) if layer_in(session, hit.name) else None,
        ),
        Entry(mark("Show what this unit sees"), _pin(session, hit)),
        SEPARATOR,
        Entry(
            mark("Cut"), (lambda: pieces.cut_selected(session)) if whole else None, keys="Ctrl+X"
        ),
        Entry(
            mark("Copy"), (lambda: pieces.copy_selected(session)) if whole else None, keys="Ctrl+C"
        ),
        Entry(
            mark("Paste behind it"),
            (lambda: pieces.paste_behind(session)) if pasting else None,
            keys="Ctrl+V",
        ),
        Entry(
            mark("Duplicate"),
            (lambda: pieces.duplicate_selected(session)) if whole else None,
            keys="Ctrl+D",
        ),
        Entry(
            mark("Delete"), (lambda: pieces.delete_selected(session)) if whole else None, keys="Del"
        ),
        *_end_entries(session, hit.name),
        *_edit_entries(session, whole),
    )


def _end_entries(session: Session, name: str) -> tuple[Entry, ...]:
    """Which output is the main one and where the image goes, where there is a choice."""
    graph = session.document.graph
    found: list[Entry] = []
    if ends.is_other_output(session, name):
        found.append(
            Entry(mark("Make this the main output"), lambda: ends.make_main(session, name))
        )
    if name in graph and takes_picture(graph[name]):
        found.append(
            Entry(mark("Bring the image to this input"), lambda: ends.give_picture(session, name))
        )
    return (SEPARATOR, *found) if found else ()


def _edit_entries(session: Session, whole: bool) -> tuple[Entry, ...]:
    """Names, groups and alignment, where blocks are edited."""
    if not session.workspace.canvas.edits:
        return ()
    block = groups.selected_block(session)
    group = block is not None and block.kind == "group"
    closable = groups.collapsible(session)
    entries = (
        SEPARATOR,
        Entry(mark("Rename"), lambda: groups.begin_rename(session), keys="F2"),
        Entry(
            mark("Group"),
            (lambda: groups.group_selected(session)) if whole else None,
            keys="Ctrl+G",
        ),
        Entry(
            mark("Ungroup"),
            (lambda: groups.ungroup_selected(session)) if group else None,
            keys="Ctrl+Shift+G",
        ),
        Entry(
            mark("Collapse {name}"),
            lambda: groups.collapse_selected(session),
            {"name": block_name(closable)},
        )
        if closable
        else Entry(
            mark("Expand the group"), (lambda: groups.expand_selected(session)) if group else None
        ),
        *_weight_entries(session),
    )
    if len(align.selected_cards(session)) < 2:
        return entries
    aligned = (
        Entry(title, partial(align.align, session, side)) for side, title in align.TITLES.items()
    )
    return (*entries, SEPARATOR, *aligned)


def _weight_entries(session: Session) -> tuple[Entry, ...]:
    """Weights that the selected operators share, or could."""
    if shared_weights.shareable(session):
        return (Entry(mark("Share weights"), lambda: shared_weights.share(session)),)
    chosen = pieces.selected_nodes(session)
    if len(chosen) != 1 or not shared_weights.shares(session, chosen[0].id):
        return ()
    own = chosen[0].id
    return (Entry(mark("Make weights its own"), lambda: shared_weights.make_own(session, own)),)


def _pin(session: Session, hit: Hit) -> Callable[[], object] | None:
    node, unit = hit.node, hit.unit
    if node is None or unit is None:
        return None
    rows = session.workspaces.rows
    following = next((row.key for row in rows if row.canvas.follows_field), None)
    if following is None:
        return None
    pin = Pin(node.output, *unit)
    return lambda: session.set_view(pin=pin, pins=(), workspace=following)
