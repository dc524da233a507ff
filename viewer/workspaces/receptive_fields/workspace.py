"""The workspace Receptive fields: what a unit sees on every earlier map, and of the input."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from viewer.session import Session
from viewer.session.canvas_mode import CanvasMode
from viewer.session.command import Command
from viewer.session.workspace import Contents, DockPanel, Workspace
from viewer.text.translation import mark
from viewer.workspaces.receptive_fields.canvas_text import heading, hint, status
from viewer.workspaces.receptive_fields.mask_export import MaskExport
from viewer.workspaces.services import Services


def contents(services: Services) -> Contents:
    """The panels and commands for one window."""
    mask = MaskExport(services)
    return Contents(
        panels=(
            DockPanel("right", partial(_unit, services, mask), 452, 340),
            DockPanel("bottom", partial(_layers, services), 252),
        ),
        commands=(Command("export-mask", mark("Export field mask…"), mask.ask, "file"),),
    )


def _unit(services: Services, mask: MaskExport) -> QWidget:
    from viewer.workspaces.receptive_fields.unit.panel import FieldPanel

    panel = FieldPanel(services.session)
    panel.maskAsked.connect(mask.ask)
    return panel


def _layers(services: Services) -> QWidget:
    from viewer.workspaces.receptive_fields.layers.panel import FieldChart

    return FieldChart(services.session)


RECEPTIVE_FIELDS: Workspace[Session, Services] = Workspace(
    key="fields",
    title=mark("Receptive fields"),
    shortcut="Ctrl+2",
    canvas=CanvasMode(heading=heading, hint=hint, follows_field=True),
    contents=contents,
    status=status,
)
