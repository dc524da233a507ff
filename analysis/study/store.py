"""Keeps what a study has measured so far in a folder: a file a shard, merged when there are many.

A file is written whole or not at all, so that whatever ends the program, at most what is being
measured is lost. Two files that hold the same image are never both counted.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

from analysis.faults import Fault
from analysis.storage import atomic_file
from analysis.storage.regular_file import NotRegularError, read_regular
from analysis.study.data_set import StudyImage
from analysis.study.shard import Shard

FOLDER = "shards"
ENDING = ".npz"
MOST_FILES = 16
"""More are merged into one."""


class StudyStore:
    """The shards of one study below a folder; a context, which keeps other programs out."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self.folder = folder / FOLDER
        self._fingerprint = fingerprint
        self._files: dict[Path, int] = {}
        """Files that count, and how many images each holds."""
        self._stale: list[Path] = []
        self._lock: IO[bytes] | None = None
        self.total = Shard()

    def __enter__(self) -> StudyStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def open(self, images: Iterable[StudyImage]) -> Fault | None:
        """Read what is there of these images; `total` is the shard of it.

        `study-running` or `study-other` (folder) where another program or study has the folder.
        A file with an image that was changed or removed does not count. Raises OSError.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self._locked():
            return Fault("study-running", (str(self.folder.parent),))
        atomic_file.sweep(self.folder)
        known = {image.name: image.identity for image in images}
        read = []
        for path in sorted(self.folder.glob(f"*{ENDING}")):
            try:
                fingerprint, shard = Shard.from_bytes(read_regular(path))
            except (NotRegularError, IsADirectoryError, ValueError):
                self._stale.append(path)
                continue
            if fingerprint != self._fingerprint:
                return Fault("study-other", (str(self.folder.parent), FOLDER))
            read.append((path, shard))
        for path, shard in sorted(read, key=lambda each: -len(each[1].names)):
            pairs = zip(shard.names, shard.identities, strict=True)
            taken = set(self.total.names)
            if all(known.get(name) == own and name not in taken for name, own in pairs):
                self._count(path, shard)
            else:
                self._stale.append(path)
        return None

    def add(self, shard: Shard) -> None:
        """Keep a shard on the disk and count it. Raises OSError, and then it does not count."""
        if not shard.names and not shard.skipped:
            return
        self._count(self._write(shard), shard)
        if len(self._files) > MOST_FILES:
            self._merge()

    def close(self) -> None:
        """Everything is measured: one file is left. Raises OSError."""
        if len(self._files) > 1:
            self._merge()
        for path in self._stale:
            with contextlib.suppress(OSError):
                path.unlink()
        self._stale = []

    def done(self) -> frozenset[str]:
        """Names of the images that are measured."""
        return frozenset(self.total.names)

    def skipped(self, images: Sequence[StudyImage]) -> dict[str, Fault]:
        """Why images could not be measured: of those that are still wanted."""
        wanted = {image.name for image in images} - self.done()
        return {name: why for name, why in self.total.skipped.items() if name in wanted}

    def _count(self, path: Path, shard: Shard) -> None:
        self._files[path] = len(shard.names)
        self.total = self.total.merged(shard)

    def _write(self, shard: Shard) -> Path:
        numbers = [int(each.stem) for each in self.folder.glob(f"*{ENDING}") if each.stem.isdigit()]
        path = self.folder / f"{max(numbers, default=0) + 1:06d}{ENDING}"
        atomic_file.write(path, [shard.to_bytes(self._fingerprint)])
        return path

    def _merge(self) -> None:
        """One file in the place of all. Killed in between, the larger one counts."""
        old = list(self._files)
        path = self._write(self.total)
        self._files = {path: len(self.total.names)}
        for each in old:
            each.unlink(missing_ok=True)

    def _locked(self) -> bool:
        place = self.folder / ".lock"
        self._lock = place.open("a+b")
        if not atomic_file.is_unlocked(place):
            return False
        atomic_file.lock(self._lock.fileno())
        return True
