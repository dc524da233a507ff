"""The steps from each version of the document to the next: a file beside this one and a row here.

A version is needed where what is written means something else than before; a field that may be
absent needs none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from analysis.storage.migrations.weights_shared import weights_shared

Migration = Callable[[dict[str, Any]], dict[str, Any]]
"""Makes of a document as JSON values that of the next version.

What it is given has not been checked: it may raise LookupError, TypeError, ValueError or
AttributeError where that is no document, and the person is told so.
"""

MIGRATIONS: tuple[Migration, ...] = (weights_shared,)
"""The first row brings version 1 to version 2, and so on: a row more is a version more."""


def newest() -> int:
    """The version that is written."""
    return 1 + len(MIGRATIONS)


def brought_up(raw: dict[str, Any], version: int) -> dict[str, Any]:
    """A document of `version` as one of the newest. Raises what a migration may raise."""
    for migrate in MIGRATIONS[version - 1 :]:
        raw = migrate(raw)
    return raw
