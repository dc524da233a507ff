"""Group, ungroup, collapse and expand what is selected, and call it otherwise."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.graph import Graph
from analysis.graph.grouping import (
    all_between,
    grouped,
    in_between,
    is_taken,
    renamed_group,
    renamed_node,
    ungrouped,
)
from analysis.graph.scopes import Block, scopes
from viewer.session.edits.blocks import close_frame, frame_around
from viewer.session.edits.graph_edit import edit_graph
from viewer.session.edits.pieces import selected_ids
from viewer.session.edits.wires import name_of
from viewer.session.session import Session
from viewer.text.block_names import block_name
from viewer.text.translation import tr

LONGEST = 64
"""Characters of a name that somebody may give."""


def selected_block(session: Session) -> Block | None:
    """The block that is selected."""
    return session.block(session.view.selection)


def group_selected(session: Session) -> bool:
    """Put all that is selected into one group, or say why it cannot be; False without selection."""
    graph = session.document.graph
    ids = [each for each in selected_ids(session) if graph[each].operator.family != "end"]
    if not ids:
        return False
    between = in_between(graph, ids)
    if between is not None:
        said = tr(
            "These cannot be one group: data leaves them to {name} and comes back.",
            name=name_of(session, between),
        )
        with_it = (tr("Group it as well"), lambda: _group(session, all_between(graph, ids)))
        session.notifications.refuse(said, (with_it,))
        return True
    block = selected_block(session)
    if block is not None and block.scope in scopes(graph) and set(ids) <= set(block.nodes):
        session.notifications.refuse(
            tr(
                "{name} is a group already. Select another block as well.",
                name=block_name(block.id),
            )
        )
        return True
    _group(session, ids)
    return True


def _group(session: Session, ids: Sequence[str]) -> None:
    """Put these operators into one group, drawn as one block."""
    graph = session.document.graph
    if not all(each in graph for each in ids):
        return  # the question was answered after an edit
    made, scope = grouped(graph, ids)
    edit_graph(session, lambda: tr("Group blocks"), made)
    view = session.view
    session.set_view(collapsed=view.collapsed | {scope}, expanded=view.expanded - {scope})
    session.set_view(selection=session.block_of[ids[0]].id, also_selected=(), skip=None)


def ungroup_selected(session: Session) -> bool:
    """Dissolve the selected group; False where none is selected."""
    block = selected_block(session)
    scope = block.scope if block is not None and block.kind == "group" else ""
    if block is None or scope not in scopes(session.document.graph):
        return False
    nodes = block.nodes
    made, name = ungrouped(session.document.graph, scope), block.id
    edit_graph(session, lambda: tr("Ungroup {name}", name=block_name(name)), made)
    # It stays among the collapsed ones: undo brings it back as it was drawn.
    session.set_view(expanded=session.view.expanded - {scope})
    first, *rest = dict.fromkeys(session.block_of[each].id for each in nodes)
    session.set_view(selection=first, also_selected=tuple(rest))
    return True


def collapsible(session: Session) -> str | None:
    """The innermost group round the selected block that is drawn as its parts."""
    block = selected_block(session)
    framed = frame_around(session, session.view.selection or "")
    if framed is not None:
        return framed
    scope = block.scope if block is not None else ""
    if block is not None and block.kind == "group":
        scope = scope.rpartition("/")[0]
    return scope or None


def collapse_selected(session: Session) -> bool:
    """Draw the group round the selected block as one block."""
    scope = collapsible(session)
    if scope is None:
        return False
    if scope in session.frames:
        close_frame(session, scope)
        return True
    member = next(n.id for n in session.document.graph.nodes if _belongs(n.scope, scope))
    session.set_view(collapsed=session.view.collapsed | {scope})
    session.set_view(selection=session.block_of[member].id, skip=None)
    return True


def expand_selected(session: Session) -> bool:
    """Draw the parts of a collapsed group, or open the rows of another."""
    block = selected_block(session)
    if block is None or block.kind != "group":
        return False
    if block.scope in session.view.collapsed:
        session.set_view(collapsed=session.view.collapsed - {block.scope})
        session.set_view(selection=session.block_of[block.nodes[0]].id)
    else:
        session.set_view(expanded=session.view.expanded | {block.id})
    return True


def _belongs(scope: str, group: str) -> bool:
    return scope == group or scope.startswith(f"{group}/")


# ------------------------------------------------------------------------------------- names


@dataclass(frozen=True)
class Renaming:
    """The block or operator whose name is being typed; it is live, never saved."""

    name: str = ""


def begin_rename(session: Session) -> bool:
    """Let the name of the selected block or operator be typed; False where there is none.

    A stage that only the picture puts together is no group and has no name of its own.
    """
    name, block = session.view.selection, selected_block(session)
    is_group = block is not None and block.id == name and block.kind == "group"
    if name is None:
        return False
    if block is not None and is_group and block.scope not in scopes(session.document.graph):
        return False
    session.set_live(parts=session.live.parts.having(Renaming(name)))
    return True


def end_rename(session: Session) -> None:
    """No name is being typed any more."""
    session.set_live(parts=session.live.parts.having(Renaming()))


def own_name(session: Session, name: str) -> str:
    """What of a block's or operator's name can be changed: `conv2` of `enc1.conv2`."""
    block = session.block(name)
    if block is not None and block.kind == "group":
        return block.scope.rpartition("/")[2]
    return name.rpartition(".")[2]


def rename(session: Session, name: str, wanted: str) -> bool:
    """Call a block or an operator otherwise, or say why not; whether it is called so now."""
    wanted = wanted.strip()
    if wanted == own_name(session, name):
        return True
    graph = session.document.graph
    block = session.block(name)
    is_group = block is not None and block.kind == "group"
    said = _refused(session, name, wanted, is_group)
    if said:
        session.notifications.refuse(said)
        return False
    if block is not None and is_group:
        made, new = renamed_group(graph, block.scope, wanted)
        old = block.scope
    else:
        made, new = renamed_node(graph, name, wanted)
        old = name
    _put(session, made, old, new)
    return True


def _refused(session: Session, name: str, wanted: str, is_group: bool) -> str:
    """Why a name cannot be given; empty where it can."""
    graph = session.document.graph
    if not wanted or len(wanted) > LONGEST or not _is_plain(wanted):
        return tr("A name has 1 to {most} characters, none of them . / or #.", most=LONGEST)
    around = name.rpartition("/" if is_group else ".")[0]
    whole = f"{around}{'/' if is_group else '.'}{wanted}" if around else wanted
    if is_taken(graph, whole):
        return tr("There is already a block called {name}.", name=block_name(whole))
    if not is_group and name not in graph:
        return tr("{name} cannot be renamed.", name=block_name(name))
    return ""


def _is_plain(name: str) -> bool:
    return all(letter not in "./#" and unicodedata.category(letter)[0] != "C" for letter in name)


def _put(session: Session, graph: Graph, old: str, new: str) -> None:
    view, positions = session.view, session.document.positions

    def label() -> str:
        return tr("Rename {a} to {b}", a=block_name(old), b=block_name(new))

    edit_graph(session, label, graph, _renamed(positions, old, new), renamed={old: new})
    session.set_view(
        selection=new if view.selection == old else view.selection,
        expanded=frozenset(_name(each, old, new) for each in view.expanded),
        collapsed=frozenset(_name(each, old, new) for each in view.collapsed),
        channels={_name(each, old, new): at for each, at in view.channels.items()},
    )


def _renamed(
    positions: Mapping[str, tuple[float, float]], old: str, new: str
) -> dict[str, tuple[float, float]]:
    return {_name(each, old, new): place for each, place in positions.items()}


def _name(each: str, old: str, new: str) -> str:
    if each == old:
        return new
    return new + each.removeprefix(old) if each.startswith((f"{old}/", f"{old}#")) else each
