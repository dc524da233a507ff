"""The saved steps of a presentation: adds, renames, moves and removes them, and shows one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from analysis.arithmetic.example import Example
from analysis.storage.presentation_step import LONGEST_NAME, MOST_STEPS, PresentationStep
from viewer.session.session import Session
from viewer.session.view_rules import without_what_is_gone
from viewer.session.view_state import ViewState
from viewer.text.translation import mark, tr

Region: TypeAlias = tuple[float, float, float, float]
"""(left, top, width, height) of what is seen of the canvas, in its pixels."""

MERGE_SHOWN = "presentation step shown"
"""What steps set of the document one after the other undoes as one."""


def steps(session: Session) -> tuple[PresentationStep, ...]:
    """The steps of the document, in their order."""
    return session.document.steps


def add(session: Session, region: Region | None, at: int | None = None) -> int:
    """Save what is shown now as a step behind step `at`, or as the last; its place.

    There are at most `MOST_STEPS`; with so many nothing is added.
    """
    known = steps(session)
    place = len(known) if at is None else at + 1
    if len(known) < MOST_STEPS:
        made = _shown_now(session, tr("Step {n}", n=len(known) + 1), region)
        _set(session, mark("Save a step"), (*known[:place], made, *known[place:]))
    return min(place, max(0, len(steps(session)) - 1))


def update(session: Session, at: int, region: Region | None) -> None:
    """Save what is shown now in the place of a step, which keeps its name."""
    known = steps(session)
    made = _shown_now(session, known[at].name, region)
    _set(session, mark("Save a step again"), (*known[:at], made, *known[at + 1 :]))


def rename(session: Session, at: int, name: str) -> None:
    """Give a step another name; an empty one is none."""
    known, name = steps(session), name.strip()[:LONGEST_NAME]
    if name:
        named = replace(known[at], name=name)
        _set(session, mark("Rename a step"), (*known[:at], named, *known[at + 1 :]))


def move(session: Session, at: int, to: int) -> int:
    """Move a step to another place among the others; where it is then."""
    known = [*steps(session)]
    to = min(max(to, 0), len(known) - 1)
    known.insert(to, known.pop(at))
    _set(session, mark("Move a step"), tuple(known))
    return to


def remove(session: Session, at: int) -> None:
    """Delete a step."""
    known = steps(session)
    _set(session, mark("Delete a step"), (*known[:at], *known[at + 1 :]))


def show(session: Session, step: PresentationStep) -> None:
    """Set view, gates and convolution of a step; the region of the canvas is for it to show.

    What its view names and the network no longer has is left out.
    """
    for _ in show_in_parts(session, step):
        pass


def show_in_parts(session: Session, step: PresentationStep) -> Iterator[None]:
    """The same; what is iterated over is each part of it, when it is set."""
    wanted = ViewState.from_plain(step.view, session.workspaces.view_parts)
    wanted = replace(wanted, zoom=session.view.zoom)
    # The workspace first: panels that are hidden then need not follow the document.
    session.set_view(workspace=wanted.workspace)
    yield
    document = session.document
    if dict(step.gates) != dict(document.gates):
        document = replace(document, gates=dict(step.gates))
    if step.arithmetic not in (None, document.arithmetic or Example.first()):
        document = replace(document, arithmetic=step.arithmetic)
    if document is not session.document:
        session.edit(lambda: tr("Show a step"), document, MERGE_SHOWN)
        yield
    opened = {name: getattr(wanted, name) for name in ("expanded", "collapsed", "strict")}
    session.set_view(**opened)  # what is selected may be inside of what is opened
    session.view_from(without_what_is_gone(wanted, session))
    yield


def _shown_now(session: Session, name: str, region: Region | None) -> PresentationStep:
    plain = session.view.to_plain()
    del plain["zoom"]  # the region says it for a window of any size
    document = session.document
    example = document.arithmetic or Example.first()
    return PresentationStep(name, plain, dict(document.gates), region, example)


def _set(session: Session, label: str, changed: tuple[PresentationStep, ...]) -> None:
    session.edit(lambda: tr(label), replace(session.document, steps=changed))
