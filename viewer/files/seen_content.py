"""The content of a file at the moment when somebody was asked to trust it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from analysis.exchange.first_bytes import check_content
from analysis.storage.blobs import hash_file
from viewer.session.background_jobs import Background


class SeenContent:
    """The content of a file when the question about it was asked, hashed by a worker."""

    def __init__(self, path: str, background: Background) -> None:
        self._hash: str | Exception | None = None
        self._waiting: tuple[Callable[[str], None], Callable[[Exception], None]] | None = None
        background.start(lambda _: _hash_of(Path(path)), self._known, self._known)

    @property
    def is_known(self) -> bool:
        """Whether the worker is done."""
        return self._hash is not None

    def then(self, use: Callable[[str], None], fail: Callable[[Exception], None]) -> None:
        """Call `use` with it, or `fail` with why it is not known, as soon as that is clear."""
        self._waiting = use, fail
        self._tell()

    def _known(self, found: str | Exception) -> None:
        self._hash = found
        self._tell()

    def _tell(self) -> None:
        if self._waiting is None or self._hash is None:
            return
        use, fail = self._waiting
        if isinstance(self._hash, str):
            use(self._hash)
        else:
            fail(self._hash)


def _hash_of(path: Path) -> str:
    """Its hash, but of what is no model at all; that takes long of a long file.

    Raises OtherContentError and OSError.
    """
    check_content(path)
    return hash_file(path)
