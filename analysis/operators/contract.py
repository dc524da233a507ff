"""What every operator says about itself: parameters, shape, taps, cost and how it runs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar

if TYPE_CHECKING:
    from torch import Tensor

Shape = tuple[int, ...]
"""A feature map without its batch axis: (channels, *spatial); a vector is (features,)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, as a value: a code and the numbers a sentence about it needs.

    The sentences live where they are shown (`viewer.messages`), one for each code.
    """

    code: str
    numbers: tuple[int | float | str | tuple[int, ...], ...] = ()


# ------------------------------------------------------------------- taps, one axis at a time
# Which input indices does an output index read? Pointwise operators read their own index.

Border = Literal["drop", "clamp", "reflect", "circular"]


@dataclass(frozen=True, slots=True)
class PeriodicTaps:
    """Output q·period + r reads inputs q·advance + t for t in offsets[r].

    `border` says what an index outside [0, size_in) means: no tap (zero padding), the nearest
    index inside (interpolation, replicate), the mirrored one, or the one round the circle.
    An empty tuple in `offsets` is a phase that reads nothing.
    """

    period: int
    advance: int
    offsets: tuple[tuple[int, ...], ...]
    border: Border = "drop"


@dataclass(frozen=True, slots=True)
class ListedTaps:
    """Output i reads exactly inputs rows[i]: where no period exists for the size at hand."""

    rows: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class WholeTaps:
    """Every output reads every input of this axis."""


@dataclass(frozen=True, slots=True)
class UnknownTaps:
    """Nothing is known: an opaque operator. Never guessed."""


Taps = PeriodicTaps | ListedTaps | WholeTaps | UnknownTaps

SAME = PeriodicTaps(1, 1, ((0,),))


@dataclass(frozen=True, slots=True)
class Cost:
    """Multiply-accumulates of one forward pass of one image."""

    macs: int = 0


@dataclass(frozen=True)
class Operator(ABC):
    """One operator with its settings: a frozen value, equal when its settings are equal.

    A family subclasses this and says everything about itself. Settings that differ by axis are
    tuples, one entry a spatial axis. A family that works in 1, 2 or 3 dimensions takes the
    number of axes from its own tuples.
    """

    key: ClassVar[str]
    """Name in files and on the command line, such as `conv`."""
    family: ClassVar[str]
    """Colour family: conv tconv pool resample join norm act dense attn reshape end opaque."""
    icon: ClassVar[str]
    """File name in assets/icons without `.svg`."""
    ports: ClassVar[int | None] = 1
    """Number of inputs; None takes two or more."""
    aten: ClassVar[tuple[str, ...]] = ()
    """ATen overload packets this family reads, such as `conv2d`."""
    pointwise: ClassVar[bool] = False
    """An alias of its input for receptive fields: every tap is the unit itself."""
    linearity: ClassVar[Literal["linear", "piecewise", "frozen", "smooth"]] = "linear"
    """For the exact output split: `frozen` is linear once its statistics are held."""
    global_statistics: ClassVar[bool] = False
    """Reads the whole map for a statistic or gate; ignored unless the strict field is asked."""

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        """Shape of the output for these input shapes, or what is wrong."""
        return inputs[0]

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        """Which indices of input `port` an output index reads along spatial `axis`.

        `inputs` and `output` are full shapes (channels first); axis 0 is the first spatial one.
        """
        return SAME

    def parameters(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        """Trainable tensors by name (`weight`, `bias`) with their torch shapes."""
        return {}

    def buffers(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        """Tensors that are stored but not trained (`running_mean`, `running_var`)."""
        return {}

    def cost(self, inputs: Sequence[Shape], output: Shape) -> Cost:
        """Multiply-accumulates; pointwise and data-moving operators count 0."""
        return Cost()

    @abstractmethod
    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        """Run it on batched tensors (N, *shape) with its parameters and buffers by name."""

    @abstractmethod
    def torch_line(self, inputs: Sequence[Shape]) -> str:
        """The torch expression that makes the same module or call, such as `nn.ReLU()`."""


T = TypeVar("T", bound="Operator")

REGISTRY: dict[str, type[Operator]] = {}
"""Every operator by its key, filled as `analysis.operators` imports its families."""


def register(cls: type[T]) -> type[T]:
    """Class decorator: makes the operator known under its key."""
    if cls.key in REGISTRY:
        raise ValueError(f"two operators are called {cls.key}")
    REGISTRY[cls.key] = cls
    return cls
