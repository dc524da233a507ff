"""Frees the disk of stored weights and images that nothing needs, and of what kills left behind."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Event

from analysis.exchange import model_folders
from analysis.storage import atomic_file
from analysis.storage.blobs import BlobStore
from analysis.storage.pruning import StoredFile, delete, references, unneeded
from viewer.files.recovery import recovery_folders
from viewer.session import Session
from viewer.session.background_jobs import Background
from viewer.text.escaping import name_text
from viewer.text.number_format import grouped, mebibytes
from viewer.text.translation import tr

DAY = 24 * 3600
FORGOTTEN = 90 * DAY
"""Seconds after which a stored file that nothing refers to is deleted unasked."""
DOCUMENT = ".fieldglass"


class StoredFiles:
    """Tidies up the store of one window. `recent` answers the files opened last, as paths.

    What the document and the undo of any window, a recent document or a recovery copy refers to
    is never deleted, and neither is what was used within a day: another program may hold it.
    """

    def __init__(
        self,
        session: Session,
        store: BlobStore,
        background: Background,
        recent: Callable[[], list[str]],
    ) -> None:
        self._session = session
        self._store = store
        self._background = background
        self._recent = recent
        self.held_elsewhere: Callable[[], set[str]] = set
        """Answers the hashes of what the other windows need."""

    def clean_up(self) -> None:
        """At the start, beside everything else: what a kill left, and what is long forgotten."""
        held, recent = self._all_held(), self._recent_documents()

        def work(_: Event) -> None:
            sweep(self._store, recent)
            model_folders.sweep()
            delete(self._store, self._unneeded(held, recent, FORGOTTEN))

        self._background.start(work, lambda _: None, lambda _: None)

    def ask(self) -> None:
        """Say what tidying up would free, and do it if the person wants it."""
        held, recent = self._all_held(), self._recent_documents()
        self._background.start(
            lambda _: self._unneeded(held, recent, DAY), self._offer, self._not_known
        )

    def _offer(self, found: list[StoredFile]) -> None:
        post = self._session.notifications.post
        if not found:
            post(
                tr("Nothing to tidy up: every stored file is in use, or was used today."),
                "ok",
            )
            return
        question = tr(
            "{count} stored weights and images ({size} MiB) belong to no recent document and to "
            "no unsaved work. Delete them?",
            count=grouped(len(found)),
            size=mebibytes(sum(each.bytes for each in found)),
        )
        post(
            question,
            "question",
            ((tr("Delete them"), lambda: self._delete(found)), (tr("Keep them"), lambda: None)),
        )

    def _delete(self, found: list[StoredFile]) -> None:
        held, recent = self._all_held(), self._recent_documents()

        def work(_: Event) -> int:
            still = {each.hash for each in self._unneeded(held, recent, DAY)}
            return delete(self._store, [each for each in found if each.hash in still])

        def done(freed: int) -> None:
            said = tr("{size} MiB of stored files are deleted.", size=mebibytes(freed))
            self._session.notifications.post(said, "ok")

        self._background.start(work, done, self._not_known)

    def _not_known(self, error: Exception) -> None:
        name = getattr(error, "filename", None)
        self._session.notifications.post(
            tr(
                "{name} cannot be read, so that it is not known which stored files it needs. "
                "Nothing is deleted.",
                name=name_text(Path(str(name)).name) if name else str(error),
            )
        )

    # ------------------------------------------------------------------ what is needed

    def _unneeded(
        self, held: Iterable[str], recent: Iterable[Path], unused: float
    ) -> list[StoredFile]:
        """Raises OSError where it cannot be known."""
        kept = references([*recent, *_recovery_copies()]) | set(held)
        return unneeded(self._store, kept, time.time() - unused)

    def _all_held(self) -> set[str]:
        return self.held() | self.held_elsewhere()

    def held(self) -> set[str]:
        """Hashes of what the document and every step of undo and redo refer to."""
        known = [self._session.document, *self._session.history.documents()]
        refs = [ref for each in known for ref in (each.weights, each.image, each.target)]
        return {ref.hash for ref in refs if ref is not None}

    def _recent_documents(self) -> list[Path]:
        paths = map(Path, self._recent())
        return [path for path in paths if path.suffix.lower() == DOCUMENT]


def _recovery_copies() -> Iterator[Path]:
    """Also those that could not be read: somebody may mend them."""
    for folder in recovery_folders():
        yield from (path for path in folder.glob("*") if path.suffix != ".lock")


def sweep(store: BlobStore, recent: Iterable[Path]) -> int:
    """Delete the temporary files of saves that were killed; how many.

    They are in the store, among the recovery copies, and beside recent documents: there only
    those that are named by such a document.
    """
    swept = sum(atomic_file.sweep(folder) for folder in (*store.folder.glob("??"), store.folder))
    swept += sum(map(atomic_file.sweep, recovery_folders()))
    for path in recent:
        target = Path(os.path.realpath(path))
        begins = f"{target.stem}."[: atomic_file.KEPT_OF_NAME]
        swept += atomic_file.sweep(target.parent, _begins_with(begins))
    return swept


def _begins_with(begins: str) -> Callable[[str], bool]:
    return lambda start: start.startswith(begins)
