"""Edits of a network as gestures of the canvas make them, chosen at random."""

from __future__ import annotations

import random
from collections.abc import Callable

from analysis.graph.templates import block_templates, operator_templates
from analysis.graph.wiring import makes_cycle
from viewer.session import Session
from viewer.session.edits import align, groups, pieces, shared_weights, wires
from viewer.session.edits.insert import Behind, Loose, OnWire, insert
from viewer.session.edits.repairs import repair_buttons

TEMPLATES = (*block_templates(), *operator_templates())
NAMES = ("wide", "enc1", "a/b", "", "深层", "x" * 70, "stage 2", "output")
SIDES = tuple(align.TITLES)


def gesture(session: Session, chance: random.Random) -> str:
    """Do one, possible or not; its name."""
    name, does = chance.choice(GESTURES)
    does(session, chance)
    return name


def _insert(session: Session, chance: random.Random) -> None:
    graph = session.document.graph
    place = chance.choice(("wire", "behind", "loose"))
    node = chance.choice(graph.nodes)
    template = chance.choice(TEMPLATES)
    if place == "wire" and graph.edges:
        insert(session, template, OnWire((chance.choice(graph.edges),)))
    elif place == "behind" and node.operator.key != "output":
        insert(session, template, Behind(node.id))
    else:
        at = (chance.uniform(-900, 900), chance.uniform(-900, 900))
        insert(session, template, Loose(at if chance.random() < 0.8 else None))


def _connect(session: Session, chance: random.Random) -> None:
    graph = session.document.graph
    source, target = chance.choice(graph.nodes), chance.choice(graph.nodes)
    ends = source.operator.key == "output" or target.operator.key == "input"
    if ends or makes_cycle(graph, source.id, target.id):
        return
    port = chance.randrange(len(target.inputs)) if target.inputs else None
    wires.connect(session, source.id, target.id, port if chance.random() < 0.7 else None)


def _join(session: Session, chance: random.Random) -> None:
    graph = session.document.graph
    if graph.edges:
        edge, source = chance.choice(graph.edges), chance.choice(graph.nodes)
        if source.operator.key != "output" and not makes_cycle(graph, source.id, edge.target):
            wires.join_on(session, source.id, edge, chance.choice(("concat", "add")))


def _disconnect(session: Session, chance: random.Random) -> None:
    if session.document.graph.edges:
        wires.remove_wires(session, (chance.choice(session.document.graph.edges),))


def _skip(session: Session, chance: random.Random) -> None:
    if not session.facts.skips:
        return
    skip = chance.choice(session.facts.skips)
    edge = wires.skip_edge(session.document.graph, skip)
    chance.choice(
        (
            lambda: wires.set_join(session, skip, chance.choice(("concat", "add"))),
            lambda: wires.set_activation_place(session, skip, chance.choice(("before", "after"))),
            lambda: wires.put_gate(session, (edge,), "attention-gate"),
            lambda: wires.put_gate(session, (edge,), "learned-gate"),
            lambda: wires.remove_wires(session, (edge,)),
        )
    )()


def select(session: Session, chance: random.Random) -> None:
    """Select one to four blocks or operators."""
    blocks = [block.id for block in session.blocks]
    names = chance.sample(blocks, min(len(blocks), chance.randrange(1, 5)))
    if chance.random() < 0.2:
        names = [chance.choice(session.document.graph.nodes).id]
    session.set_view(selection=names[0], also_selected=tuple(names[1:]), skip=None)


def _selected(run: Callable[[Session, random.Random], object]) -> Callable[..., None]:
    def does(session: Session, chance: random.Random) -> None:
        select(session, chance)
        run(session, chance)

    return does


def _rename(session: Session, chance: random.Random) -> None:
    if session.view.selection is not None:
        groups.rename(session, session.view.selection, chance.choice(NAMES))


def _paste(session: Session, chance: random.Random) -> None:
    pieces.copy_selected(session)
    select(session, chance)
    chance.choice(
        (
            lambda: pieces.paste(session),
            lambda: pieces.paste_loose(session, (chance.uniform(-500, 500), 0.0)),
            lambda: pieces.duplicate_selected(session),
            lambda: pieces.cut_selected(session),
        )
    )()


def _weights(session: Session, chance: random.Random) -> None:
    """Share weights, or make those of an operator its own."""
    if chance.random() < 0.6:
        alike: dict[object, list[str]] = {}
        for node_id, read in session.facts.tensors.items():
            alike.setdefault(tuple((each.name, each.shape) for each in read), []).append(node_id)
        several = [ids for ids in alike.values() if len(ids) > 1]
        if several:
            names = chance.choice(several)[:3]
            session.set_view(selection=names[0], also_selected=tuple(names[1:]))
        shared_weights.share(session)
    elif session.facts.sharers:
        shared_weights.make_own(session, chance.choice(sorted(session.facts.sharers)))


def _mend(session: Session, chance: random.Random) -> None:
    for node in session.facts.problems[:1]:
        buttons = repair_buttons(session, node)
        if buttons:
            chance.choice(buttons)[1]()


GESTURES: tuple[tuple[str, Callable[[Session, random.Random], None]], ...] = (
    ("insert", _insert),
    ("connect", _connect),
    ("join", _join),
    ("disconnect", _disconnect),
    ("skip", _skip),
    ("mend", _mend),
    ("mend", _mend),
    ("delete", _selected(lambda session, _: pieces.delete_selected(session))),
    ("delete", _selected(lambda session, _: pieces.delete_selected(session))),
    ("group", _selected(lambda session, _: groups.group_selected(session))),
    ("ungroup", _selected(lambda session, _: groups.ungroup_selected(session))),
    ("collapse", _selected(lambda session, _: groups.collapse_selected(session))),
    ("expand", _selected(lambda session, _: groups.expand_selected(session))),
    ("rename", _selected(_rename)),
    ("align", _selected(lambda session, chance: align.align(session, chance.choice(SIDES)))),
    ("paste", _selected(_paste)),
    ("weights", _weights),
    ("weights", _weights),
)
