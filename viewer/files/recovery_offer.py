"""Offers the recovery copies that crashes left, one after another, and restores those chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from PySide6.QtCore import QDateTime, QLocale

from analysis.storage.blobs import BlobStore
from analysis.storage.document import DocumentError
from analysis.storage.document_file import Opened, load
from viewer.files.recovery import Claim, lost_work
from viewer.files.saving import Saver, origin_of
from viewer.session import Session
from viewer.session.arrangement import Arrangement, arranged
from viewer.session.background_jobs import Background
from viewer.session.view_state import ViewState
from viewer.text.escaping import name_text
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import language, tr


@dataclass(frozen=True)
class _Lost:
    """A copy and what can be said about it."""

    copy: Claim
    written: float
    """Seconds since 1970."""
    content: Opened | DocumentError | OSError
    arrangement: Arrangement | None = None
    """Of the document as it will be shown, where it could be read."""


class RecoveryOffer:
    """Asks about every copy whose program has ended; unanswered ones stay for the next start.

    `when_free(then, otherwise)` sees to the unsaved changes of the window before a copy takes its
    place; `otherwise` follows where the person would rather keep them there.
    """

    def __init__(
        self,
        session: Session,
        store: BlobStore,
        saver: Saver,
        background: Background,
        when_free: Callable[[Callable[[], object], Callable[[], object]], None],
    ) -> None:
        self._session = session
        self._store = store
        self._saver = saver
        self._notifications = session.notifications
        self._background = background
        self._when_free = when_free
        self._claims: list[Claim] = []
        self._left: list[_Lost] = []

    def start(self) -> None:
        """Look for copies, and ask about them once they are read."""
        self._claims = lost_work()

        def read(_: Event) -> list[_Lost]:
            return [self._read(copy) for copy in self._claims]

        if self._claims:
            self._background.start(read, self._offer, lambda _: self.end())

    def _read(self, copy: Claim) -> _Lost:
        """On a worker: what a copy holds, and how that looks."""
        written = 0.0
        try:
            written = copy.path.stat().st_mtime
            content = load(copy.path, self._store)
        except (DocumentError, OSError) as error:
            return _Lost(copy, written, error)
        view = ViewState.from_plain(content.view, self._session.workspaces.view_parts)
        shown = arranged(content.document, view.strict, view.expanded, None, view.collapsed)
        return _Lost(copy, written, content, shown)

    def end(self) -> None:
        """Let go of what was not answered: the next start, or another window, offers it again."""
        while self._claims:
            self._claims.pop().release()
        self._left = []

    def _offer(self, lost: list[_Lost]) -> None:
        self._left = lost
        self._ask()

    def _take(self) -> _Lost:
        lost = self._left.pop(0)
        self._claims.remove(lost.copy)
        return lost

    def _ask(self) -> None:
        if not self._left:
            return
        first = self._left[0]
        when = QLocale(language.code).toString(
            QDateTime.fromSecsSinceEpoch(int(first.written)), QLocale.FormatType.ShortFormat
        )
        question = tr(
            "Fieldglass ended with unsaved work: “{title}”, {when}. Restore it?",
            title=_title(first),
            when=when,
        )
        if len(self._left) > 1:
            question += " " + tr("({count} more after this)", count=len(self._left) - 1)
        self._notifications.post(
            question,
            "question",
            (
                (tr("Restore"), lambda: self._when_free(self._restore, self._ask)),
                (tr("Discard"), self._discard),
                (tr("Later"), self._pass_over),
            ),
            patient=True,
        )

    def _discard(self) -> None:
        self._take().copy.remove()
        self._ask()

    def _pass_over(self) -> None:
        self._take().copy.release()
        self._ask()

    def _restore(self) -> None:
        lost = self._take()
        if isinstance(lost.content, Exception):
            lost.copy.put_aside()
            self._say_unreadable(lost.content, lost.copy.path)
            return
        document, view = lost.content.document, lost.content.view
        shown = ViewState.from_plain(view, self._session.workspaces.view_parts)
        if lost.arrangement is not None:
            self._session.expect(lost.arrangement)
        if document == self._session.document and origin_of(view) is None:
            lost.copy.remove()  # nothing of it is lost
        elif self._saver.take_restored(lost.copy, view):
            # Not as a step: undone, the file would be written over with what was here before.
            self._session.open(document, shown)
            self._session.history.setUnclean()
        else:
            self._session.edit(lambda: tr("Restore"), document)
            self._session.view_from(shown)
        if lost.content.missing:
            self._notifications.post(" ".join(map(fault_sentence, lost.content.missing)), "warn")
        else:
            self._ask()

    def _say_unreadable(self, error: DocumentError | OSError, path: Path) -> None:
        if isinstance(error, DocumentError):
            self._notifications.post(fault_sentence(error.fault))
        else:
            self._notifications.post(
                tr("{name} cannot be read: {error}", name=path.name, error=error)
            )


def _title(lost: _Lost) -> str:
    """The file that the work belongs to, else what the network is called."""
    if isinstance(lost.content, Exception):
        return tr("Untitled")
    origin = origin_of(lost.content.view)
    name = origin[0].name if origin is not None else lost.content.document.title
    return name_text(name) if name else tr("Untitled")
