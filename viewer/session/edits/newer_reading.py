"""Puts a newer reading of a network in the place of an older one, with the person's work on it."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from analysis.graph.given_values import with_values_of
from analysis.storage.document import Document
from viewer.session.session import Session
from viewer.session.undo import StepName


def open_anew(session: Session, label: StepName, document: Document) -> None:
    """Put a newer reading of the network in its place, as one step: nobody's edit of it."""
    session.openings.append(document.graph)
    session.edit(label, document)


def with_work_of(before: Document, after: Document, skips: Container[str]) -> Document:
    """The new network with what the person had done to the old one, as far as it still has it.

    `skips` are the names of the new one's.
    """
    return replace(
        before,
        graph=with_values_of(after.graph, before.graph),
        weights=after.weights,
        blueprint=None,
        title=after.title,
        unused_parameters=after.unused_parameters,
        source=after.source,
        positions={each: at for each, at in before.positions.items() if each in after.graph},
        gates={name: alpha for name, alpha in before.gates.items() if name in skips},
    )
