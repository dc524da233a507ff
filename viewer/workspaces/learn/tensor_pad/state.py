"""What the tensor pad keeps: its line with the view, what it came to among what is live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, get_args

from analysis.tensor_pad.limits import LONGEST

MOST_LINES = 30
LARGEST_SEED = 1_000_000
Shown = Literal["memory", "histogram", "picture"]
FIRST = "torch.arange(24).view(2, 3, 4)"
"""The line that is there before anybody has typed one."""


@dataclass(frozen=True)
class PadView:
    """The line that was run last, those before it, the seed, which slice is shown, and how."""

    key: ClassVar[str] = "tensor_pad"

    line: str = FIRST
    seed: int = 0
    earlier: tuple[str, ...] = ()
    """The lines before, the latest first, each once."""
    slice: tuple[int, ...] = ()
    """The index on every axis but the last two; shorter is 0 on the others."""
    shown: Shown = "memory"
    """What stands beside the table where there is room for one."""

    def having(self, line: str) -> PadView:
        """With another line run, the former among the earlier ones; not the first example."""
        before = (self.line, *self.earlier)
        kept = dict.fromkeys(each for each in before if each not in ("", FIRST, line))
        return PadView(line, self.seed, tuple(kept)[:MOST_LINES], shown=self.shown)

    def to_plain(self) -> Mapping[str, Any]:
        """As JSON values."""
        return {
            "line": self.line,
            "seed": self.seed,
            "earlier": list(self.earlier),
            "slice": list(self.slice),
            "shown": self.shown,
        }

    @classmethod
    def from_plain(cls, plain: object) -> PadView:
        """From JSON values; what is missing or of another kind falls back to the default."""
        if not isinstance(plain, dict):
            return cls()
        line, seed = plain.get("line", FIRST), plain.get("seed")
        earlier, index = plain.get("earlier"), plain.get("slice")
        lines = [each for each in earlier if _is_line(each)] if isinstance(earlier, list) else []
        places = index if isinstance(index, list) else []
        whole = all(type(each) is int and 0 <= each < 1 << 20 for each in places)
        return cls(
            line if isinstance(line, str) and _is_line(line) else FIRST,
            seed if type(seed) is int and 0 <= seed <= LARGEST_SEED else 0,
            tuple(lines[:MOST_LINES]),
            tuple(places) if whole else (),
            next((each for each in get_args(Shown) if each == plain.get("shown")), "memory"),
        )


def _is_line(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST


@dataclass(frozen=True)
class PadNow:
    """The tensor that the pad shows now; for lessons to ask about, never saved."""

    key: ClassVar[str] = "tensor_pad"

    line: str = ""
    shape: str = ""
    """As torch writes it, [2, 3]; empty where the line comes to no tensor."""
    refused: str = ""
    """Code of the fault of a line that is refused."""
