"""The two lines of every kind of finding: what is so; why it matters and what would do.

A finding of one code can be of several kinds, told apart by its numbers; each has its own lines.
"""

from __future__ import annotations

from collections.abc import Mapping

from viewer.text.review.lines import alignment, artefacts, design, field, live, signal
from viewer.text.review.lines.pair import Lines

__all__ = ["LINES", "Lines"]

LINES: Mapping[str, Lines] = {
    kind: lines
    for room in (field, alignment, artefacts, design, signal, live)
    for kind, lines in room.LINES.items()
}
