"""How convolution arithmetic is looked at: saved with the view, no part of undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal, get_args

from viewer.drawing.arithmetic.display import By, Look, Shown, Spot

Stage = Literal["first", "second", "third"]
SPEEDS = (0.5, 1.0, 2.0, 4.0)


@dataclass(frozen=True, slots=True)
class ArithmeticView:
    """Choices of display. Channels are those whose planes are shown, from 0."""

    key: ClassVar[str] = "arithmetic"

    look: Look = "flat"
    shown: Shown = "numbers"
    by: By = "input"
    """What a step of a transposed convolution is; others step by output cell."""
    backward: bool = False
    """The backward pass in the place of the forward one."""
    stage: Stage = "first"
    """Which picture is shown where there is room for one."""
    in_channel: int = 0
    out_channel: int = 0
    speed: float = 1.0
    loop: bool = True
    canvas: bool = True
    """Whether the network is shown over the stage."""
    pinned: Spot | None = None
    """The cell whose connections stay lit."""

    def to_plain(self) -> dict[str, Any]:
        """As JSON values; the pinned cell and the channels belong to a case and are left out."""
        plain = asdict(self)
        for name in ("pinned", "in_channel", "out_channel"):
            del plain[name]
        return plain

    @classmethod
    def from_plain(cls, plain: object) -> ArithmeticView:
        """From JSON values; what is missing or of another kind falls back to the default."""
        if not isinstance(plain, Mapping):
            return cls()
        choices: dict[str, tuple[object, ...]] = {
            "look": get_args(Look),
            "shown": get_args(Shown),
            "by": get_args(By),
            "stage": get_args(Stage),
            "speed": SPEEDS,
        }
        ticks = ("backward", "loop", "canvas")
        kept = {name: plain[name] for name in ticks if isinstance(plain.get(name), bool)}
        for name, known in choices.items():
            value = plain.get(name)
            if value in known and not isinstance(value, bool):
                kept[name] = value
        return cls(**kept)


@dataclass(frozen=True, slots=True)
class ArithmeticLive:
    """What moves in the arithmetic: the step, whether it plays, the cell under the pointer."""

    key: ClassVar[str] = "arithmetic"

    step: int = 0
    playing: bool = False
    hover: Spot | None = None
