"""What the review is told beside the network, kept with the view: the size of an object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from viewer.session.session import Session

LARGEST_OBJECT = 65536


@dataclass(frozen=True)
class ReviewView:
    """The side in input pixels of what the network is to recognise; None where nobody said."""

    key: ClassVar[str] = "review"
    object_size: int | None = None

    def to_plain(self) -> Mapping[str, Any]:
        """As JSON values."""
        return {"object": self.object_size}

    @classmethod
    def from_plain(cls, plain: object) -> ReviewView:
        """From JSON values; what is missing or of another kind falls back to the default."""
        size = plain.get("object") if isinstance(plain, dict) else None
        if not isinstance(size, int) or isinstance(size, bool):
            return cls()
        return cls(size if 0 < size <= LARGEST_OBJECT else None)


def set_object(session: Session, size: int | None) -> None:
    """Hold the network's field against an object of this size from now on."""
    session.set_view(parts=session.view.parts.having(ReviewView(size)))
