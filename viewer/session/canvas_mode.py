"""Describes how the canvas behaves in a workspace: what it draws, what pointer and keys do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

SessionT = TypeVar("SessionT")


@dataclass(frozen=True)
class Piece:
    """One part of a legend: words, a key to press, or a sample of what is drawn."""

    kind: Literal[
        "words", "key", "sheets", "adds", "subtracts", "path", "added", "removed", "changed"
    ]
    text: str = ""


def no_heading(_: object) -> tuple[str, str]:
    """A canvas without a title."""
    return "", ""


def no_pieces(_: object) -> tuple[Piece, ...]:
    """A canvas without a legend or hint."""
    return ()


def nothing_to_delete(_: object) -> bool:
    """A canvas on which the Delete key means nothing."""
    return False


def always_shown(_: object) -> bool:
    """A canvas that the person cannot fold away."""
    return True


@dataclass(frozen=True)
class CanvasMode(Generic[SessionT]):
    """The canvas in one workspace; each function is given the session (`viewer.session.Session`).

    It is generic, so that the session can hold the modes without importing itself.
    """

    heading: Callable[[SessionT], tuple[str, str]] = no_heading
    """The translated title over the canvas, and one fact beside it."""
    legend: Callable[[SessionT], tuple[Piece, ...]] = no_pieces
    """What colours and marks mean now."""
    hint: Callable[[SessionT], tuple[Piece, ...]] = no_pieces
    """What can be done next."""
    follows_field: bool = False
    """The field of the unit under the pointer is drawn at once; a click pins the unit."""
    shows_gates: bool = False
    """The gates of the skips are drawn and can be dragged."""
    draws_measure: bool = False
    """Skips are as wide as the chosen measure says, which the engine is asked for."""
    shows_ports: bool = False
    """Blocks and wires show their ports also away from the pointer."""
    edits: bool = False
    """Wires are drawn from port to port, blocks are put in, and a drag on the ground selects."""
    fixed: bool = False
    """Nothing can be changed: blocks stay where they are, and no menu offers an edit."""
    shows_undo: bool = False
    """Undo and redo have buttons over the canvas."""
    opens_layers: bool = False
    """A double-click on a block, and not only on an operator, shows the arithmetic of its layer."""
    delete: Callable[[SessionT], bool] = nothing_to_delete
    """What the Delete key does; answers whether it meant anything."""
    strip: bool = False
    """The canvas is a low strip, and the bottom dock takes the rest of the height."""
    is_shown: Callable[[SessionT], bool] = always_shown
    """Whether a canvas that is a strip is shown at all."""
