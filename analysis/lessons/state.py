"""What a lesson reads of the session: document, facts, and plain values of what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.facts import Facts
from analysis.storage.document import Document


@dataclass(frozen=True)
class LessonState:
    """`view` is the view as JSON values, with the parts of workspaces by their keys.

    `live` holds what moves: `noise` (σ in grey levels), `psnr` (dB) where there is one, and the
    parts of workspaces by their keys.
    """

    document: Document
    facts: Facts
    view: Mapping[str, Any] = field(default_factory=dict)
    live: Mapping[str, Any] = field(default_factory=dict)
