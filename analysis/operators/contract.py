"""The interface of an operator: settings, shape rule, taps, cost, parameters, torch code."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar

from analysis.faults import Fault

if TYPE_CHECKING:
    from torch import Tensor

Shape = tuple[int, ...]
"""A feature map without its batch axis: (channels, *spatial); a vector is (features,)."""


# ----------------------------------------------------------------------------- settings

Kind = Literal["int", "axes", "pairs", "scales", "float", "bool", "choice", "text", "nested"]
"""`axes`: one integer an axis; `pairs`: (before, after) an axis; `scales`: one number an axis;
`text` and `nested` (tuples of plain values) are not for hand editing."""


@dataclass(frozen=True, slots=True)
class SettingKind:
    """What one setting of an operator may be: read by files and by the inspector's editors.

    `low` and `high` are inclusive and hold for every entry of `axes`, `pairs` and `scales`.
    """

    name: str
    kind: Kind
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    optional: bool = False
    """None is a value too."""
    editable: bool = True
    rare: bool = False
    """Files leave it out where it has its default."""
    infinite: bool = False
    """Infinity is a value too."""
    title: str = ""
    """English name on screen, translated by the viewer; without one it has that of its `name`."""
    hint: str = ""
    """One English sentence on screen that says what it does."""


def setting_fault(kind: SettingKind, value: object) -> Fault | None:
    """The first number of `value` outside the range of its kind, as a fault."""
    if isinstance(value, tuple):
        return next((fault for part in value if (fault := setting_fault(kind, part))), None)
    if kind.choices and value not in kind.choices:
        return Fault("not-a-choice", (kind.name, str(value), ", ".join(kind.choices)))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if kind.low is not None and not value >= kind.low:
        code = {0.0: "negative", 1.0: "not-positive"}.get(kind.low, "too-small")
        return Fault(code, (kind.name, value, kind.low))
    if kind.high is not None and not value <= kind.high:
        return Fault("too-large", (kind.name, value, kind.high))
    return None


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


CarriedAxes = tuple[frozenset[int], ...] | None
"""For every axis of an input (channels first) the axes of the output that it lies on.

None of them: every output reads all of that axis.
"""


BackwardReads = Literal["inputs", "output", "nothing"]
ChannelUse = Literal["kept", "mixed", "selected", "dealt", "stacked"]
"""How an output's channels read the input's.

`kept`: every one is read, each by some; `mixed`: all by all; `selected`: which are read depends
on the pixel, or some are not; `dealt`: pixels are dealt out to channels; `stacked`: the inputs'
channels stand one after the other.
"""


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
    title: ClassVar[str] = ""
    """English name on screen, translated by the viewer, such as `max pool`."""
    short_title: ClassVar[str] = ""
    """The same in the room of a table, where the title is too long for one."""
    family: ClassVar[str]
    """Colour family: conv tconv pool resample join norm act dense attn reshape end opaque."""
    icon: ClassVar[str]
    """File name in assets/icons without `.svg`."""
    ports: ClassVar[int | None] = 1
    """Number of inputs; None takes two or more."""
    aten: ClassVar[tuple[str, ...]] = ()
    """ATen overloads that an opened model calls for it, such as `leaky_relu` or `mean.dim`.

    Where `analysis.exchange.aten` has no reader of its own for one, tensors become the inputs and
    weights, and every other argument the setting of the same name.
    """
    aten_arguments: ClassVar[Mapping[str, str]] = {}
    """The ATen argument that a setting is called, where that is another name."""
    nonlinearity: ClassVar[bool] = False
    """Whether it is offered as the activation behind a layer: any shape is kept by its defaults."""
    pointwise: ClassVar[bool] = False
    """An alias of its input for receptive fields: every tap is the unit itself."""
    linearity: ClassVar[Literal["linear", "piecewise", "frozen", "smooth"]] = "linear"
    """For the exact output split: `frozen` is linear once its statistics are held."""
    global_statistics: ClassVar[bool] = False
    """Reads the whole map for a statistic or gate; ignored unless the strict field is asked."""
    backward_reads: ClassVar[BackwardReads] = "inputs"
    """Which maps training keeps for its gradient: torch's autograd keeps what it reads, no more."""
    bound: ClassVar[str] = "paths-cut"
    """The fault that says why its taps name more than it reads, where it `cuts`."""
    sized_by_last: ClassVar[bool] = False
    """Whether its last input gives its size alone, and no values."""
    torch_function: ClassVar[str] = ""
    """Source of a function that `torch_line` calls, where one line of torch does not say it."""
    settings: ClassVar[tuple[SettingKind, ...]] = ()
    """Every field of the dataclass, in its order, with what it may be."""

    @property
    def channel_use(self) -> ChannelUse:
        """Which channels of its input a channel of the output reads."""
        return "kept"

    @property
    def arity(self) -> tuple[int, int | None]:
        """Fewest and most inputs; None is without limit."""
        return (2, None) if self.ports is None else (self.ports, self.ports)

    def refused(self, inputs: Sequence[Shape]) -> Fault | None:
        """A setting out of its range, or too few or too many inputs, as a fault."""
        for kind in self.settings:
            if fault := setting_fault(kind, getattr(self, kind.name)):
                return fault
        fewest, most = self.arity
        if len(inputs) < fewest:
            return Fault("too-few-inputs", (len(inputs), fewest))
        if most is not None and len(inputs) > most:
            return Fault("too-many-inputs", (len(inputs), most))
        return None

    @property
    def cuts(self) -> bool:
        """Whether it passes on less than its taps say, such as a multiplication by 0."""
        return False

    @property
    def zeroes(self) -> bool:
        """Whether a whole range of what a unit may hold becomes exactly 0, as with a ReLU."""
        return False

    def kept_beside(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Bytes that training keeps for an image beside maps, such as where the largest was."""
        return 0

    def gates(self, inputs: Sequence[Shape]) -> frozenset[int]:
        """Ports that only scale the others (a squeeze-excite gate).

        Their receptive field is ignored unless the strict field is asked for.
        """
        return frozenset()

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        """Shape of the output for these input shapes, or what is wrong."""
        return self.refused(inputs) or inputs[0]

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        """Which indices of input `port` an output index reads along spatial `axis`.

        `inputs` and `output` are full shapes (channels first); axis 0 is the first spatial one.
        """
        return SAME

    def carried_axes(self, port: int, inputs: Sequence[Shape], output: Shape) -> CarriedAxes:
        """Where the axes of input `port` go, of an operator that moves or sums over axes.

        None where `taps` says all that is known.
        """
        return None

    def parameters(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        """Trainable tensors by name (`weight`, `bias`) with their torch shapes."""
        return {}

    def buffers(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        """Tensors that are stored but not trained (`running_mean`, `running_var`)."""
        return {}

    def constants(self, ports: int) -> Mapping[str, Tensor]:
        """Tensors made of the settings alone, which a network keeps on its device.

        They come to `apply` with the parameters; `ports` is the number of its inputs.
        """
        return {}

    def cost(self, inputs: Sequence[Shape], output: Shape) -> Cost:
        """Multiply-accumulates; pointwise and data-moving operators count 0."""
        return Cost()

    @abstractmethod
    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        """Run it on batched tensors (N, *shape) with its parameters and buffers by name.

        Nothing that is given is changed. An `input` is handed the picture as its one input.
        """

    @abstractmethod
    def torch_line(self, inputs: Sequence[Shape]) -> str:
        """The torch expression that makes the same module, such as `nn.ReLU()`.

        Where torch has no module it is a function of the inputs in port order:
        `lambda x0, x1: x0 + x1`.
        """


T = TypeVar("T", bound="Operator")

REGISTRY: dict[str, type[Operator]] = {}
"""Every operator by its key, filled as `analysis.operators` imports its families."""


def register(cls: type[T]) -> type[T]:
    """Class decorator: makes the operator known under its key."""
    if cls.key in REGISTRY:
        raise ValueError(f"two operators are called {cls.key}")
    REGISTRY[cls.key] = cls
    return cls
