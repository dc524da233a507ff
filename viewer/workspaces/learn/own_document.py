"""Keeps what a person had open before the lessons, and opens it again at their end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from analysis.inference.protocol.runs import Noise
from analysis.storage.document import Document
from viewer.session.view_state import ViewState
from viewer.workspaces.services import Services


@dataclass(frozen=True)
class OwnDocument:
    """`unsaved` says whether there is work in it that no file has."""

    document: Document
    view: ViewState
    path: Path | None
    noise: Noise
    unsaved: bool

    def saved_as(self, path: Path) -> OwnDocument:
        """The same once it is in that file."""
        return replace(self, path=path, unsaved=False)

    def ask_for(self, services: Services) -> None:
        """Have it opened: from its file, which is as it was saved, else as it was left."""
        if self.path is not None and self.path.exists():
            services.opener.open(str(self.path))
        else:
            services.opener.documentOpened.emit(self.document, self.view, None)

    def is_shown(self, services: Services) -> bool:
        """Whether the window shows it now."""
        if services.session.document is self.document:
            return True
        return self.path is not None and services.saver.path == self.path

    def settle(self, services: Services) -> None:
        """It has been opened: its noise comes back, and work that no file has stays unsaved."""
        services.session.set_live(noise=self.noise)
        lost_file = self.path is not None and services.saver.path is None
        if self.unsaved or lost_file:
            services.saver.bring_back()


def own_document(services: Services) -> OwnDocument:
    """What the window shows now."""
    session, saver = services.session, services.saver
    return OwnDocument(
        session.document, session.view, saver.path, session.live.noise, saver.worth_asking
    )
