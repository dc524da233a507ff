"""Keeps a view consistent with what is shown: pins fit, and nothing names what is gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from analysis.facts import Facts
from analysis.graph.scopes import Block
from analysis.storage.document import Document
from viewer.session.pointed_field import is_inside
from viewer.session.view_state import ViewState


class Shown(Protocol):
    """What there is to be named by a view: of an arrangement, or of a session."""

    @property
    def document(self) -> Document:
        """The document."""
        ...

    @property
    def facts(self) -> Facts:
        """The facts of its graph."""
        ...

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks on the canvas."""
        ...

    @property
    def frames(self) -> Mapping[str, Block]:
        """The groups that are opened to a U of their own."""
        ...


def consistent(before: ViewState, after: ViewState) -> ViewState:
    """`after`, which follows `before`, with pins and further selections that fit the first ones."""
    return _one_selection(before, _with_pin(before, after))


def same_skip(name: str | None, before: Facts, after: Facts) -> str | None:
    """What the skip of that name is called after an edit: skips are numbered anew with each.

    None where it is gone. One that only its join or only its source is new of keeps its name.
    """
    was = before.skip(name) if name else None
    if was is None or before is after:
        return name
    for each in after.skips:
        if (each.source, each.join) == (was.source, was.join):
            return each.name
    alike = after.skip(was.name)
    near = alike is not None and (alike.source == was.source or alike.join == was.join)
    return was.name if near else None


def without_what_is_gone(view: ViewState, now: Shown) -> ViewState:
    """`view` without pins, selections or a skip that the document does not have."""
    shapes = now.facts.shapes
    blocks = {block.id for block in now.blocks} | now.frames.keys()
    graph = now.document.graph
    kept: dict[str, Any] = {
        "pins": tuple(pin for pin in view.pins if is_inside(pin, shapes)),
        "also_selected": tuple(n for n in view.also_selected if n in blocks or n in graph),
    }
    if view.pin and not is_inside(view.pin, shapes):
        kept["pin"] = None
    if view.selection not in graph and view.selection not in blocks:
        kept["selection"] = None
    if view.skip not in {skip.name for skip in now.facts.skips}:
        kept["skip"] = None
    return replace(view, **kept)


def layer_shown(view: ViewState, now: Shown) -> str | None:
    """The node whose feature maps are shown: of the selection, else the last decoder block."""
    shapes, selection = now.facts.shapes, view.selection
    if selection in shapes:
        return selection
    chosen = next((block for block in now.blocks if block.id == selection), None)
    if chosen is not None and chosen.output in shapes:
        return chosen.output
    known = [block for block in now.blocks if block.output in shapes]
    groups = [block for block in known if block.kind == "group"]
    return (groups or known)[-1].output if known else None


def _one_selection(before: ViewState, after: ViewState) -> ViewState:
    """`after` without further selected blocks where only the selection itself is another."""
    if after.also_selected == before.also_selected and after.selection != before.selection:
        return replace(after, also_selected=())
    return after


def _with_pin(before: ViewState, after: ViewState) -> ViewState:
    """The pins of `after` with its pin among them: one that moved takes its place with it."""
    pins, pin = after.pins, after.pin
    if pin not in pins and pins == before.pins and before.pin in pins and pin is not None:
        pins = tuple(pin if each == before.pin else each for each in pins)
    pins = tuple(dict.fromkeys(pins))
    if pin not in pins or len(pins) < 2:
        pins = ()
    return after if pins == after.pins else replace(after, pins=pins)
