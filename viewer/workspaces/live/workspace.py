"""The workspace Live: the network runs on a picture, and each skip can be turned down."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from viewer.session import Session
from viewer.session.canvas_mode import CanvasMode
from viewer.session.command import Command
from viewer.session.edits.gates import CLOSED, reset, set_gate
from viewer.session.workspace import Contents, DockPanel, Workspace
from viewer.text.translation import mark
from viewer.workspaces.live.canvas_text import heading, legend
from viewer.workspaces.services import Services


def turn_selected_skip_off(session: Session) -> bool:
    """Pass nothing of the selected skip on; answers whether one is selected."""
    if session.view.skip is None:
        return False
    set_gate(session, session.view.skip, CLOSED)
    return True


def contents(services: Services) -> Contents:
    """The panels and commands for one window."""
    reset_all = partial(reset, services.session)
    return Contents(
        panels=(
            DockPanel("left", partial(_image, services), 236),
            DockPanel("right", partial(_skips, services), 420, 340),
            DockPanel("bottom", partial(_feature_maps, services), 170),
        ),
        commands=(Command("reset-gates", mark("Reset all gates to 1"), reset_all, "model"),),
    )


def _image(services: Services) -> QWidget:
    from viewer.workspaces.live.image.panel import ImagePanel

    panel = ImagePanel(services.session)
    panel.imageChosen.connect(services.opener.open_sample)
    panel.sourceAsked.connect(lambda row: row.take(services.opener, services.dialog_parent))
    return panel


def _skips(services: Services) -> QWidget:
    from viewer.workspaces.live.skips.panel import SkipsPanel

    return SkipsPanel(services.session)


def _feature_maps(services: Services) -> QWidget:
    from viewer.workspaces.live.feature_maps.panel import FeatureMapsPanel

    return FeatureMapsPanel(services.session)


LIVE: Workspace[Session, Services] = Workspace(
    key="live",
    title=mark("Live"),
    shortcut="Ctrl+4",
    canvas=CanvasMode(
        heading=heading,
        legend=legend,
        shows_gates=True,
        draws_measure=True,
        delete=turn_selected_skip_off,
    ),
    contents=contents,
    gestures=(
        (mark("Delete"), mark("Live: turn the selected skip off")),
        (mark("Drag a gate"), mark("Set how much of a skip is passed on")),
    ),
    is_first=True,
)
