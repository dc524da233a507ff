"""The workspace Receptive fields: what a unit sees on every earlier map, and of the input."""

from __future__ import annotations

from viewer.session import Session
from viewer.session.canvas_mode import CanvasMode
from viewer.session.workspace import Workspace
from viewer.text.translation import mark
from viewer.workspaces.receptive_fields.canvas_text import heading, hint, status

RECEPTIVE_FIELDS: Workspace[Session, object] = Workspace(
    key="fields",
    title=mark("Receptive fields"),
    shortcut="Ctrl+2",
    canvas=CanvasMode(heading=heading, hint=hint, follows_field=True),
    status=status,
)
