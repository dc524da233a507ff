"""The workspace Live: the network runs on a picture, and each skip can be turned down."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from viewer.session import Session
from viewer.session.canvas_mode import CanvasMode
from viewer.session.command import Command
from viewer.session.edits.gates import CLOSED, reset, set_gate
from viewer.session.feature_map_view import FeatureMapView
from viewer.session.workspace import Contents, DockPanel, Workspace
from viewer.text.translation import mark
from viewer.workspaces.live.canvas_text import heading, legend
from viewer.workspaces.services import Services

if TYPE_CHECKING:
    from viewer.workspaces.live.study.studying import Studying


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
            DockPanel("right", partial(_skips, services), 420, 354),
            DockPanel("bottom", partial(_feature_maps, services), 170),
        ),
        commands=(
            Command("reset-gates", mark("Reset all gates to 1"), reset_all, "model"),
            Command("study", mark("Study over a folder…"), _study(services), "model"),
        ),
    )


def _study(services: Services) -> Callable[[], object]:
    """Shows the window's study, which is made when it is first asked for."""
    made: list[Studying] = []

    def ask() -> None:
        from viewer.workspaces.live.study.studying import Studying

        if not made:
            made.append(Studying(services))
        made[0].ask()

    return ask


def _image(services: Services) -> QWidget:
    from viewer.workspaces.live.image.panel import ImagePanel

    panel = ImagePanel(services.session, services.background, services.requests)
    panel.imageChosen.connect(services.opener.open_sample)
    panel.changes.asked.connect(services.requests.ask_equivariance)
    panel.player.stepped.connect(services.opener.step_series)
    panel.player.strip.chosen.connect(services.opener.show_of_series)
    panel.player.filmToggled.connect(services.opener.films.toggle)
    panel.player.filmStopped.connect(services.opener.films.stop)
    targets = services.opener.targets
    panel.target.chosen.connect(targets.open)
    panel.target.asked.connect(lambda: targets.ask(services.dialog_parent))
    panel.target.removed.connect(targets.remove)
    panel.sourceAsked.connect(lambda row: row.take(services.opener, services.dialog_parent))
    return panel


def _skips(services: Services) -> QWidget:
    from viewer.workspaces.live.skips.panel import SkipsPanel

    return SkipsPanel(services.session)


def _feature_maps(services: Services) -> QWidget:
    from viewer.workspaces.live.feature_maps.map_files import MapFiles
    from viewer.workspaces.live.feature_maps.panel import FeatureMapsPanel

    panel = FeatureMapsPanel(services.session)
    panel.export = MapFiles(services.session, panel, services.requests.ask_raw).entries
    return panel


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
    view_parts=(FeatureMapView,),
    gestures=(
        (mark("Del"), mark("Live: turn the selected skip off")),
        (mark("Drag a gate"), mark("Set how much of a skip is passed on")),
    ),
    is_first=True,
)
