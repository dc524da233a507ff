"""The workspace Build: blueprints, the settings of what is selected, all layers in a table."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from viewer.session import Session
from viewer.session.canvas_mode import CanvasMode, Piece
from viewer.session.command import Command, Offer
from viewer.session.edits.pieces import delete_selected
from viewer.session.edits.wires import delete_chosen
from viewer.session.review.view import ReviewView
from viewer.session.workspace import Contents, DockPanel, Workspace
from viewer.text import number_format
from viewer.text.blueprint_names import network_title
from viewer.text.translation import mark, tr
from viewer.workspaces.build.blueprints.view_part import BlueprintsView
from viewer.workspaces.build.commands import build_commands
from viewer.workspaces.build.inspector.view_part import InspectorView
from viewer.workspaces.build.layers.asked_tab import PROBLEMS, REVIEW, AskedTab
from viewer.workspaces.services import Services


def heading(session: Session) -> tuple[str, str]:
    """Title: what network it is. Fact: its parameters."""
    parameters = number_format.scaled(session.facts.parameters)
    return network_title(session.document), _known(session, tr("{n} parameters", n=parameters))


def _known(session: Session, fact: str) -> str:
    """A total that some layers are missing from says so."""
    return tr("known so far: {totals}", totals=fact) if session.facts.problems else fact


def legend(_: Session) -> tuple[Piece, ...]:
    """What the sheets of a block stand for."""
    return (Piece("sheets"), Piece("words", tr("each sheet doubles the channels")))


def contents(services: Services) -> Contents:
    """The panels for one window."""
    tab = AskedTab(services.session)
    return Contents(
        panels=(
            DockPanel("left", partial(_left, services), 272),
            DockPanel("right", partial(_inspector, services), 320),
            DockPanel("bottom", partial(_layers, services, tab), 224),
        ),
        commands=(
            *build_commands(services.session),
            _tab_command("problems", mark("Show the problems"), services.session, tab, PROBLEMS),
            _tab_command("review", mark("Show the review"), services.session, tab, REVIEW),
        ),
        offers=partial(_networks, services.session),
    )


def _networks(session: Session) -> list[Offer]:
    from viewer.workspaces.build.blueprints.offers import network_offers

    return network_offers(session)


def _left(services: Services) -> QWidget:
    from viewer.workspaces.build.left_panel import BuildLeftPanel

    return BuildLeftPanel(services.session)


def _inspector(services: Services) -> QWidget:
    from viewer.workspaces.build.inspector.panel import InspectorPanel

    panel = InspectorPanel(services.session)
    panel.arithmeticAsked.connect(services.session.layerAsked)
    return panel


def _tab_command(name: str, title: str, session: Session, tab: AskedTab, number: int) -> Command:
    def show() -> None:
        session.set_view(workspace="build")
        tab.asked.emit(number)

    return Command(name, title, show, "model")


def _layers(services: Services, tab: AskedTab) -> QWidget:
    from viewer.workspaces.build.layers.panel import LayersPanel

    panel = LayersPanel(
        services.session,
        services.background,
        services.requests.ask_review,
        services.requests.cancel_review,
    )
    tab.asked.connect(panel.show_tab)
    return panel


def _delete(session: Session) -> bool:
    """The selected wire goes, else the selected blocks."""
    return delete_chosen(session) or delete_selected(session)


BUILD: Workspace[Session, Services] = Workspace(
    key="build",
    title=mark("Build"),
    shortcut="Ctrl+1",
    canvas=CanvasMode(
        heading=heading,
        legend=legend,
        shows_ports=True,
        edits=True,
        shows_undo=True,
        delete=_delete,
    ),
    contents=contents,
    view_parts=(InspectorView, BlueprintsView, ReviewView),
    gestures=(
        (mark("Del"), mark("Build: remove the selected blocks or the selected wire")),
        (mark("Drag on the ground"), mark("Build: select what the rectangle touches")),
        (mark("Drag from a port"), mark("Build: draw a wire, or move the end of one")),
        (mark("Enter"), mark("Build: in the table of layers, to the settings of the row")),
        (mark("Menu, Shift+F10"), mark("What can be done with the selected block or row")),
        (mark("Double-click a name"), mark("Build: rename")),
        (mark("W, arrows, Enter"), mark("Build: draw a wire from the selected block")),
        (mark("N"), mark("Build: select the next wire of the block; Shift+N the one before")),
    ),
)
