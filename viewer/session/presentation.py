"""Whether the window presents, and how: a part of what is live."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Presentation:
    """`at` is the step that is shown, None before the first one or where there are none."""

    active: bool = False
    at: int | None = None
    spotlight: bool = True
    """All but the surroundings of the pointer is dimmed; else it has a ring."""
    laser: bool = True
    """The unit that is pinned or pointed at is marked so that it is seen from afar."""
    rehearsed: bool = False
    """The steps are shown in the window as it is, for their pictures."""
    blank: bool = False
    """The screen is black, so that everybody looks at who speaks."""
