"""The workspace Live: the network runs on a picture, and each skip can be turned down."""

from __future__ import annotations

from viewer.session import Session
from viewer.session.canvas_mode import CanvasMode
from viewer.session.edits.blocks import set_gate
from viewer.session.workspace import Workspace
from viewer.text.translation import mark
from viewer.workspaces.live.canvas_text import heading, legend


def turn_selected_skip_off(session: Session) -> bool:
    """Pass nothing of the selected skip on; answers whether one is selected."""
    if session.view.skip is None:
        return False
    set_gate(session, session.view.skip, 0.0)
    return True


LIVE: Workspace[Session, object] = Workspace(
    key="live",
    title=mark("Live"),
    shortcut="Ctrl+4",
    canvas=CanvasMode(
        heading=heading,
        legend=legend,
        shows_gates=True,
        draws_shares=True,
        delete=turn_selected_skip_off,
    ),
    is_first=True,
)
