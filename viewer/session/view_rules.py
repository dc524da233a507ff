"""Keeps a view consistent: pins fit the selection, and nothing names what is gone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from viewer.session.arrangement import Arrangement
from viewer.session.pointed_field import is_inside
from viewer.session.view_state import ViewState


def consistent(before: ViewState, after: ViewState) -> ViewState:
    """`after`, which follows `before`, with pins and further selections that fit the first ones."""
    return _one_selection(before, _with_pin(before, after))


def without_what_is_gone(view: ViewState, now: Arrangement) -> ViewState:
    """`view` without pins, selections or a skip that the document does not have."""
    shapes = now.facts.shapes
    blocks = {block.id for block in now.blocks}
    kept: dict[str, Any] = {
        "pins": tuple(pin for pin in view.pins if is_inside(pin, shapes)),
        "also_selected": tuple(name for name in view.also_selected if name in blocks),
    }
    if view.pin and not is_inside(view.pin, shapes):
        kept["pin"] = None
    if view.selection not in now.document.graph and view.selection not in blocks:
        kept["selection"] = None
    if view.skip not in {skip.name for skip in now.facts.skips}:
        kept["skip"] = None
    return replace(view, **kept)


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
