"""What is never saved: the pointer, the noise, what the engine is doing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.progress import Progress
from analysis.inference.protocol.runs import Noise
from viewer.session.parts import NO_PARTS, Parts, T
from viewer.session.view_state import Pin


@dataclass(frozen=True)
class Live:
    """The session's state that is never saved: pointer, noise, what the engine is doing."""

    hover: Pin | None = None
    """The unit under the pointer while no unit is pinned."""
    noise: Noise = field(default_factory=Noise)
    engine: Literal["absent", "loading", "ready", "failed"] = "absent"
    busy: bool = False
    """Whether the newest picture has been waited for longer than a second."""
    failure: EngineFailure | None = None
    """Why the newest request has no answer, or why the engine had to be started again."""
    progress: Progress | None = None
    """How far a run has come that takes long."""
    parts: Parts = NO_PARTS
    """What moves in single workspaces, by its type."""

    def part(self, kind: type[T]) -> T:
        """What moves in a workspace, its default where nothing has moved yet."""
        return self.parts.get(kind)
