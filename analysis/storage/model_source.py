"""Which Python file a network was read from, and how: kept with the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class ModelSource:
    """The name of a file (without its folder), the call that made the model, the file's SHA-256.

    `decided` are the places (file, line) at which the forward looked at values: the network is
    then the one path that it took, and another image may take another.
    """

    file: str
    call: str = ""
    hash: str = ""
    decided: tuple[tuple[str, int], ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self) | {"decided": [list(each) for each in self.decided]}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any] | None) -> ModelSource | None:
        """From JSON values; None for what is of another form: it is no reason to refuse more."""
        match plain:
            case {"file": str(file), "call": str(call), "hash": str(hash), "decided": [*places]}:
                found = [_place(each) for each in places]
                return cls(file, call, hash, tuple(each for each in found if each is not None))
            case _:
                return None


def _place(plain: object) -> tuple[str, int] | None:
    match plain:
        case [str(file), int(line)]:
            return file, line
        case _:
            return None
