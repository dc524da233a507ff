"""The two lines of a finding: what is so, and why it matters with what would do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lines:
    """The two sentences of a finding: what is so, and why it matters with what would do."""

    what: str
    why: str
