"""Edits, undoes and redoes a document at random: `random_edits.py SEED EDITS`.

Checks after every step, against a plain list of documents, that undo and redo give back the very
document that was there, with facts and places of its own graph. Ends with 1 at the first that is
not.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections import Counter
from dataclasses import replace

from PySide6.QtWidgets import QApplication
from random_gestures import gesture

from analysis.blueprints import BLUEPRINTS
from analysis.faults import Fault
from analysis.graph import Graph
from analysis.operators.settings import from_settings, to_settings
from analysis.storage.document import Document
from viewer.session import Session

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
MOST_OPERATORS = 150
"""A network that has grown so large is edited in its settings only, until another is opened."""
MOST_STEPS = 500
"""After so many steps the document is opened anew, as after saving."""


def network(chance: random.Random) -> Document:
    """A small network of any blueprint."""
    name = chance.choice(sorted(BLUEPRINTS))
    settings = BLUEPRINTS[name].complete({"depth": chance.choice((2, 3)), "base": 4})
    return Document(graph=BLUEPRINTS[name].build(settings), blueprint=(name, settings))


def edited(document: Document, chance: random.Random) -> Document:
    """The document with one thing changed: possible or not, as somebody may."""
    graph, what = document.graph, chance.random()
    node = chance.choice(graph.nodes)
    if what < 0.2:
        place = (chance.uniform(-2000, 2000), chance.uniform(-2000, 2000))
        return replace(document, positions={**document.positions, node.id: place})
    if what < 0.4:
        gates = {**document.gates, f"skip{chance.randrange(1, 4)}": chance.choice((0.0, 0.5, 2.0))}
        return replace(document, gates=gates)
    if what < 0.9:
        changed = _with_setting(node.operator, chance)
        nodes = [replace(n, operator=changed) if n is node else n for n in graph.nodes]
        return replace(document, graph=Graph.of(nodes), blueprint=None)
    if what < 0.95:
        return replace(network(chance), title=document.title)
    return replace(document, title=str(chance.random()))


def _with_setting(operator, chance: random.Random):
    whole = to_settings(operator)
    numbers = [name for name, value in whole.items() if type(value) is int]
    if not numbers:
        return operator
    whole[chance.choice(numbers)] = chance.choice((1, 2, 3, 4, 7, 8))
    read = from_settings(operator.key, whole)
    return operator if isinstance(read, Fault) else read


def state(session: Session) -> tuple[object, ...]:
    """The document and what must belong to it."""
    return session.document, session.facts.graph == session.document.graph, session.history.index()


def main() -> int:
    """So many edits, steps back and steps on."""
    seed, edits = int(sys.argv[1]), int(sys.argv[2])
    chance, done, began = random.Random(seed), Counter[str](), time.monotonic()
    application = QApplication([])
    raised: list[str] = []
    sys.excepthook = lambda kind, error, trace: (
        raised.append(repr(error)), sys.__excepthook__(kind, error, trace)
    )  # fmt: skip
    session = Session(network(chance))
    states, at = [session.document], 0
    while done["edits"] < edits and not raised:
        what = chance.random()
        if what < 0.25 and at > 0:
            session.history.undo()
            at, done["undone"] = at - 1, done["undone"] + 1
        elif what < 0.4 and at < len(states) - 1:
            session.history.redo()
            at, done["redone"] = at + 1, done["redone"] + 1
        elif what < 0.8 and len(session.document.graph) < MOST_OPERATORS:
            before, steps = session.document, session.history.index()
            done[gesture(session, chance)] += 1
            done["edits"] += 1
            if session.history.index() > steps + 1:
                print(f"seed {seed}: more than one step after {dict(done)}")
                return 1
            if session.document != before:
                states[at + 1 :] = [session.document]
                at += 1
        else:
            after = edited(session.document, chance)
            done["edits"] += 1
            if after != session.document:
                session.edit("edit", after)
                states[at + 1 :] = [after]
                at += 1
        if state(session) != (states[at], True, at) or session.document != states[at]:
            print(f"seed {seed}: another document after {dict(done)}")
            return 1
        if len(states) > MOST_STEPS:
            session.open(network(chance), session.view)
            states, at = [session.document], 0
    application.processEvents()
    application.clipboard().clear()  # offscreen it outlives Python, with what was copied to it
    print(f"seed {seed}: {dict(done)} in {time.monotonic() - began:.0f} s; raised {len(raised)}")
    return 1 if raised else 0


if __name__ == "__main__":
    raise SystemExit(main())
