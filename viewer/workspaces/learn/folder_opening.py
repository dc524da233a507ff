"""Reads the folder of somebody's lesson on a worker, and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

from analysis.faults import Fault
from analysis.lessons.folder import LessonFolder, read_folder
from analysis.storage.blobs import BlobRef
from analysis.storage.full_disk import is_full
from viewer.text.escaping import name_text
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import tr
from viewer.workspaces.services import Services

Found = tuple[LessonFolder, dict[str, BlobRef]]
"""A lesson, and its pictures in the store by their names."""


def open_folder(
    services: Services, path: Path, begin: Callable[[LessonFolder, dict[str, BlobRef]], None]
) -> None:
    """Call `begin` with the lesson of a folder, or say in which line of it something is wrong."""
    store, notifications = services.store, services.session.notifications

    def read(_: Event) -> Found:
        found = read_folder(path)
        pictures = {} if found.faults else found.pictures
        return found, {name: BlobRef(store.put(at), name) for name, at in pictures.items()}

    def done(found: Found) -> None:
        if found[0].faults:
            notifications.post(_mistake(found[0]))
        else:
            begin(*found)

    def failed(error: Exception) -> None:
        """A file that the disk refuses is told; anything else is a mistake of the program."""
        if not isinstance(error, OSError):
            raise error
        name = Path(error.filename).name if isinstance(error.filename, str) else path.name
        code = "disk-full" if is_full(error) else "cannot-read"
        notifications.post(fault_sentence(Fault(code, (name,))))

    services.background.start(read, done, failed)


def _mistake(found: LessonFolder) -> str:
    """The first mistake of a lesson, and how many more there are."""
    first, more = _placed(found), len(found.faults) - 1
    return tr("{sentence} ({n} more)", sentence=first, n=more) if more else first


def _placed(found: LessonFolder) -> str:
    """The first mistake with its file, and its line where it is in one."""
    first = found.faults[0]
    said = fault_sentence(first.fault)
    lesson, file = name_text(found.name), name_text(first.file)
    if not first.line:
        return tr("{lesson}: {file}: {fault}", lesson=lesson, file=file, fault=said)
    return tr(
        "{lesson}: {file}, line {line}: {fault}",
        lesson=lesson, file=file, line=first.line, fault=said,
    )  # fmt: skip
