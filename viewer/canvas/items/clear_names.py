"""Finds the blocks whose names have room at a zoom: text that is not smaller needs more of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace

from PySide6.QtCore import QRectF

from viewer.canvas.items.block_item import BlockItem
from viewer.drawing.network.block_caption import NO_STATE, caption_rect, name_rect
from viewer.drawing.network.block_picture import FULL, REDUCED, NodePicture, Side
from viewer.drawing.network.occupied import Occupied

FIRST = ("input", "output", "bottleneck")
APART = 4.0
"""Screen px between two names beside each other, at least."""
SIDES: tuple[Side, ...] = ("above", "right", "left", "below")


def show_clear_names(
    items: Mapping[str, BlockItem],
    pictures: Mapping[str, NodePicture],
    zoom: float,
    number: QRectF | None = None,
) -> None:
    """Let each item write its name and its size at a zoom as far as they have room."""
    hidden = without_room(pictures, zoom, number)
    bare = without_second_line(pictures, zoom)
    crowded = hidden or crowded_names(pictures, zoom, bare, number)
    sides = on_other_sides(pictures, zoom, crowded, number, bare) if crowded else {}
    for name, item in items.items():
        alone = name in bare or (name in sides and not hidden)
        item.show_named(name not in hidden or name in sides, sides.get(name), alone)


def without_room(
    pictures: Mapping[str, NodePicture], zoom: float, number: QRectF | None = None
) -> frozenset[str]:
    """The blocks whose name would lie on another name, another block's card or on a `number`.

    From near the layout has left room for all. Those that tell most come first: the ends and the
    bottleneck, then large maps.
    """
    if not REDUCED <= zoom < FULL:
        return frozenset()
    named, taken = _cards(pictures, number)
    hidden = set[str]()
    for i, each in named:
        rect = name_rect(each, zoom)
        if taken.is_free(_apart(rect, zoom), i):
            taken.add(rect)
        else:
            hidden.add(each.id)
    return frozenset(hidden)


def without_second_line(pictures: Mapping[str, NodePicture], zoom: float) -> frozenset[str]:
    """The blocks whose size would lie on another block's card or caption.

    The layout has left room for it at 100 %; at less the text is as large and the room is less.
    """
    if not FULL <= zoom < 1.0:
        return frozenset()
    named, taken = _cards(pictures, None)
    bare = set[str]()
    for i, each in named:
        rect = caption_rect(each, NO_STATE, zoom)
        if taken.is_free(rect, i):
            taken.add(rect)
        elif not each.bare:
            bare.add(each.id)
    return frozenset(bare)


def crowded_names(
    pictures: Mapping[str, NodePicture],
    zoom: float,
    bare: Set[str],
    number: QRectF | None = None,
) -> frozenset[str]:
    """The blocks whose name alone would lie on another caption or card; `bare` have no size."""
    if not FULL <= zoom < 1.0:
        return frozenset()
    named, taken = _cards(pictures, number)
    found = set[str]()
    for i, each in named:
        rect = _caption(each, zoom, bare)
        if taken.is_free(rect, i):
            taken.add(rect)
        else:
            found.add(each.id)
    return frozenset(found)


def _caption(node: NodePicture, zoom: float, bare: Set[str]) -> QRectF:
    """The room of what is written beside a block at a zoom."""
    if zoom < FULL:
        return name_rect(node, zoom)
    shown = replace(node, bare=True) if node.id in bare else node
    return caption_rect(shown, NO_STATE, zoom)


def on_other_sides(
    pictures: Mapping[str, NodePicture],
    zoom: float,
    without: Set[str],
    number: QRectF | None = None,
    bare: Set[str] = frozenset(),
) -> dict[str, Side]:
    """The side of its card where each name in `without` has room after all; some have none."""
    named, taken = _cards(pictures, number)
    for _, each in named:
        if each.id not in without:
            taken.add(_caption(each, zoom, bare))
    found: dict[str, Side] = {}
    for i, each in named:
        for side in SIDES if each.id in without else ():
            rect = name_rect(each, zoom, side)
            if taken.is_free(_apart(rect, zoom), i):
                taken.add(rect)
                found[each.id] = side
                break
    return found


def _apart(rect: QRectF, zoom: float) -> QRectF:
    """A name with the room beside it that keeps it from being read as one with another."""
    return rect.adjusted(-APART / zoom, 0, APART / zoom, 0)


def _cards(
    pictures: Mapping[str, NodePicture], number: QRectF | None
) -> tuple[list[tuple[int, NodePicture]], Occupied]:
    """The blocks that have a name, those that tell most first, and the room that is taken."""
    named, taken = [each for each in pictures.values() if each.shape == "map"], Occupied()
    for i, each in enumerate(named):
        taken.add(each.card, i)
    if number is not None:
        taken.add(number)
    return _in_order(enumerate(named)), taken


def _in_order(named: Iterable[tuple[int, NodePicture]]) -> list[tuple[int, NodePicture]]:
    return sorted(named, key=lambda each: (each[1].role not in FIRST, -each[1].map.width()))
