"""What the review waits for the engine to tell: a live part, never saved."""

from __future__ import annotations

from dataclasses import dataclass

from viewer.session.session import Session


@dataclass(frozen=True)
class Looking:
    """Whether the picture is being looked at, and whether random numbers run forth and back."""

    image: bool = False
    signal: bool = False

    @property
    def anything(self) -> bool:
        return self.image or self.signal


def set_looking(session: Session, looking: Looking) -> None:
    """Say that this is waited for from now on."""
    if session.live.part(Looking) != looking:
        session.set_live(parts=session.live.parts.having(looking))
