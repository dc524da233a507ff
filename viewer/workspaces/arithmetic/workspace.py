"""The workspace Arithmetic: convolutions step by step, on examples and on the network's layers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from PySide6.QtWidgets import QWidget

from viewer.session import Session
from viewer.session.canvas_mode import CanvasMode
from viewer.session.command import Command
from viewer.session.workspace import Contents, DockPanel, Workspace
from viewer.text.block_names import full_name
from viewer.text.blueprint_names import network_title
from viewer.text.escaping import name_text
from viewer.text.translation import mark, tr
from viewer.workspaces.arithmetic.model.parts import ArithmeticParts
from viewer.workspaces.arithmetic.model.view_state import ArithmeticView
from viewer.workspaces.services import Services


def heading(session: Session) -> tuple[str, str]:
    """Title: what network it is. Fact: how one of its layers is taken apart."""
    fact = tr("Double-click a convolution or a pooling to take it apart.")
    return network_title(session.document), fact


def canvas_is_shown(session: Session) -> bool:
    """Whether the network is shown over the stage."""
    return session.view.part(ArithmeticView).canvas


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
    return tr("{layer}, unit ({at}), channel {n}", layer=name, at=at, n=channel)


@dataclass(frozen=True)
class ArithmeticContents(Contents):
    """The panels and commands for one window, and what they share."""

    parts: ArithmeticParts = field(kw_only=True)


def contents(services: Services) -> ArithmeticContents:
    """The panels and commands for one window."""
    parts = ArithmeticParts(services)
    taken_apart = mark("Show the arithmetic of the selected layer")
    services.session.layerAsked.connect(parts.take_apart)
    return ArithmeticContents(
        panels=(
            DockPanel("left", partial(_case, parts), 280),
            DockPanel("right", partial(_relationship, parts), 340, 300),
            DockPanel("bottom", partial(_stage, parts, services)),
        ),
        commands=(
            Command(
                "take-apart", taken_apart, parts.take_selected_apart, "model", ("Ctrl+Shift+A",)
            ),
            Command("play", mark("Play or pause the arithmetic"), parts.toggle, "model", ("P",)),
            Command("step-back", mark("One step back"), parts.back, "model", (",",)),
            Command("step-on", mark("One step on"), parts.forward, "model", (".",)),
        ),
        load=parts.load,
        parts=parts,
    )


def _case(parts: ArithmeticParts) -> QWidget:
    from viewer.workspaces.arithmetic.case.panel import CasePanel

    panel = CasePanel(parts.model)
    panel.layerAsked.connect(parts.take_apart)
    panel.channelAsked.connect(parts.show_channel)
    return panel


def _relationship(parts: ArithmeticParts) -> QWidget:
    from viewer.workspaces.arithmetic.relationship.panel import RelationshipPanel

    return RelationshipPanel(parts.model)


def _stage(parts: ArithmeticParts, services: Services) -> QWidget:
    from viewer.workspaces.arithmetic.stage.panel import StagePanel

    panel = StagePanel(parts.model, parts.player)
    panel.exportAsked.connect(partial(_export_animation, parts, services))
    return panel


def _export_animation(parts: ArithmeticParts, services: Services) -> None:
    from viewer.workspaces.arithmetic.export.dialog import ExportDialog

    dialog = ExportDialog(parts.model, services.background, services.dialog_parent)
    dialog.open()


ARITHMETIC: Workspace[Session, Services] = Workspace(
    key="arithmetic",
    title=mark("Arithmetic"),
    shortcut="Ctrl+3",
    canvas=CanvasMode(heading=heading, opens_layers=True, strip=True, is_shown=canvas_is_shown),
    contents=contents,
    view_parts=(ArithmeticView,),
    status=status,
    shows_layers=True,
    gestures=(
        (mark("Space"), mark("Arithmetic: play or pause")),
        (
            mark("Left and Right"),
            mark("Arithmetic: one step back or on; Home and End: first and last"),
        ),
        (mark("Wheel"), mark("Arithmetic: zoom a picture; a drag moves it")),
        (mark("Click a cell, then type"), mark("Arithmetic: change its number")),
    ),
)
