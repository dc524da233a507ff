"""Blueprints and published networks, as the command palette finds them."""

from __future__ import annotations

from functools import partial

from analysis.blueprints import BLUEPRINTS, PRESETS
from viewer.session import Session
from viewer.session.command import Offer
from viewer.text.translation import tr
from viewer.workspaces.build.blueprints import edits


def network_offers(session: Session) -> list[Offer]:
    """One line each, found by name in both languages, key, author, year and arXiv number."""
    blueprints = [
        Offer(
            tr(each.title),
            tr("blueprint"),
            partial(_show, session, partial(_choose, session, name)),
            f"{each.title} {name} {name.replace('_', ' ')}",
        )
        for name, each in BLUEPRINTS.items()
    ]
    presets = [
        Offer(
            tr(each.title),
            f"{each.paper.authors} {each.paper.year}",
            partial(_show, session, partial(edits.choose_preset, session, key)),
            f"{each.title} {key} {key.replace('_', ' ')} {each.paper}",
        )
        for key, each in PRESETS.items()
    ]
    return [*blueprints, *presets]


def _choose(session: Session, name: str) -> None:
    """Nothing is made anew of a network that is of this blueprint already."""
    here = session.document.blueprint
    if here is None or here[0] != name:
        edits.choose(session, name, edits.last_described(session))


def _show(session: Session, make: partial[None]) -> None:
    """Make the network and go to where its settings stand."""
    make()
    session.set_view(workspace="build")
