"""The workspace Arithmetic: convolutions step by step, on examples and on the network's layers."""

from __future__ import annotations

from viewer.session import Session
from viewer.session.canvas_mode import CanvasMode
from viewer.session.workspace import Workspace
from viewer.text.blueprint_names import network_title
from viewer.text.escaping import name_text
from viewer.text.operator_names import full_name
from viewer.text.translation import mark, tr


def heading(session: Session) -> tuple[str, str]:
    """Title: what network it is. Fact: how one of its layers is taken apart."""
    fact = tr("Double-click a convolution or a pooling to take it apart.")
    return network_title(session.document), fact


def canvas_is_shown(session: Session) -> bool:
    """Whether the network is shown over the stage."""
    return session.view.arithmetic.canvas


def status(session: Session) -> str:
    """Whose numbers are shown, for the status bar: an example's or those of a layer's unit."""
    example = session.document.arithmetic
    if example is None:
        return ""
    if example.layer is None:
        return name_text(example.name)
    node, unit, channel = example.layer
    at = ", ".join(map(str, unit))
    name = full_name(node)
    return tr("{layer}, unit ({at}), channel {n}", layer=name, at=at, n=channel + 1)


ARITHMETIC: Workspace[Session, object] = Workspace(
    key="arithmetic",
    title=mark("Arithmetic"),
    shortcut="Ctrl+3",
    canvas=CanvasMode(heading=heading, opens_layers=True, strip=True, is_shown=canvas_is_shown),
    status=status,
    shows_layers=True,
)
