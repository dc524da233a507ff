"""The workspace Build: blueprints, the settings of what is selected, all layers in a table."""

from __future__ import annotations

from viewer.session import Session
from viewer.session.canvas_mode import CanvasMode, Piece
from viewer.session.edits.pieces import delete_selected
from viewer.session.workspace import Workspace
from viewer.text import number_format
from viewer.text.blueprint_names import network_title
from viewer.text.translation import mark, tr


def heading(session: Session) -> tuple[str, str]:
    """Title: what network it is. Fact: its parameters."""
    parameters = number_format.scaled(session.facts.parameters)
    return network_title(session.document), tr("{n} parameters", n=parameters)


def legend(_: Session) -> tuple[Piece, ...]:
    """What the sheets of a block stand for."""
    return (Piece("sheets"), Piece("words", tr("each sheet doubles the channels")))


BUILD: Workspace[Session, object] = Workspace(
    key="build",
    title=mark("Build"),
    shortcut="Ctrl+1",
    canvas=CanvasMode(
        heading=heading,
        legend=legend,
        shows_ports=True,
        shows_undo=True,
        delete=delete_selected,
    ),
)
