"""The call at which a model's forward failed: drawn where it stands, and never run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from analysis.faults import Fault
from analysis.operators.contract import Operator, SettingKind, Shape, Taps, UnknownTaps, register

if TYPE_CHECKING:
    from torch import Tensor


@register
@dataclass(frozen=True)
class Failed(Operator):
    """A call that failed when the model was read; its shape is the fault `forward-failed`.

    `call` is torch's name of it (`linear`), `said` what was raised, `place` the file and `line`
    the line of the person's code.
    """

    call: str = ""
    said: str = ""
    place: str = ""
    line: int = 0

    key: ClassVar[str] = "failed"
    title: ClassVar[str] = "failed here"
    family: ClassVar[str] = "opaque"
    icon: ClassVar[str] = "error"
    ports: ClassVar[int | None] = None
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("call", "text", editable=False),
        SettingKind("said", "text", editable=False),
        SettingKind("place", "text", editable=False),
        SettingKind("line", "int", 0, editable=False),
    )

    @property
    def arity(self) -> tuple[int, int | None]:
        return (0, None)

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        return Fault("forward-failed", (self.place, self.line, self.said))

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        return UnknownTaps()

    def apply(self, inputs: Sequence[Tensor], tensors: object, training: bool = False) -> Tensor:
        """Raises RuntimeError with what was said."""
        raise RuntimeError(self.said)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        """A function that raises the same."""
        names = ", ".join(f"x{port}" for port in range(len(inputs)))
        return f"lambda {names}: (_ for _ in ()).throw(RuntimeError({self.said!r}))"
