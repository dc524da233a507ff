"""Random numbers that a forward pass draws, made repeatable by a seed that is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from analysis.faults import Fault
from analysis.operators.contract import (
    BackwardReads,
    Operator,
    PeriodicTaps,
    SettingKind,
    Shape,
    Taps,
    register,
)
from analysis.operators.window import DIMENSIONS

if TYPE_CHECKING:
    from torch import Tensor

Distribution = Literal["normal", "uniform", "bernoulli"]
MOST_SEED = 2**31 - 1
DRAWN = "drawn"
"""Name of the numbers that a network keeps on its device."""
SEED = SettingKind(
    "seed", "int", 0, MOST_SEED, title="Seed", hint="The same seed draws the same numbers."
)


def draw(shape: Sequence[int], distribution: str, low: float, high: float, seed: int) -> Tensor:
    """Numbers of this shape in float32, the same wherever they are drawn."""
    import torch

    source = torch.Generator().manual_seed(seed)
    if distribution == "normal":
        return torch.randn(tuple(shape), generator=source) * high + low
    found = torch.rand(tuple(shape), generator=source)
    if distribution == "bernoulli":
        return (found < low).float()
    return found * (high - low) + low


@register
@dataclass(frozen=True)
class Noise(Operator):
    """Draws random numbers of the shape of its input, or of `size` where it has none.

    `normal` has the mean `low` and the standard deviation `high`, `uniform` lies between them,
    `bernoulli` is 1 with the probability `low` and else 0. Every image of a batch gets the same
    numbers, those of `seed`; in training they are drawn anew.
    """

    distribution: Distribution = "normal"
    low: float = 0.0
    high: float = 1.0
    seed: int = 0
    size: tuple[int, ...] = ()

    key: ClassVar[str] = "noise"
    title: ClassVar[str] = "noise"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    family: ClassVar[str] = "act"
    icon: ClassVar[str] = "noise"
    ports: ClassVar[int | None] = None
    torch_function: ClassVar[str] = '''
def noise(like, distribution, low, high, seed):
    """Random numbers of the shape of `like`: the same for the same seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if distribution == "normal":
            return (torch.randn(like.shape) * high + low).to(like)
        drawn = torch.rand(like.shape)
        if distribution == "bernoulli":
            return (drawn < low).to(like)
        return (drawn * (high - low) + low).to(like)
'''
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind(
            "distribution",
            "choice",
            choices=("normal", "uniform", "bernoulli"),
            title="Distribution",
            hint="What the numbers are like.",
        ),
        SettingKind(
            "low",
            "float",
            title="Mean or least",
            hint="The mean, the least number, or of zeros and ones the share of ones.",
        ),
        SettingKind(
            "high",
            "float",
            title="Spread or most",
            hint="The standard deviation, or the largest number.",
        ),
        SEED,
        SettingKind("size", "axes", 1, editable=False),
    )

    @property
    def arity(self) -> tuple[int, int | None]:
        return (0, 1)

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs):
            return fault
        if inputs:
            return inputs[0]
        if not self.size:
            return Fault("too-few-inputs", (0, 1))
        if len(self.size) > 1 + len(DIMENSIONS):
            return Fault("too-many-axes", (len(self.size) - 1, len(DIMENSIONS)))
        return self.size

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        """None: of its input it takes the shape alone."""
        return PeriodicTaps(1, 1, ((),))

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        import torch

        like = inputs[0] if inputs else tensors.get(DRAWN)
        if not inputs and not training and like is not None:
            return like
        shape = inputs[0].shape[1:] if inputs else self.size
        batch = len(inputs[0]) if inputs and training else 1
        made = self._draw((batch, *shape), int(torch.randint(MOST_SEED, ())) if training else None)
        made = made if like is None else made.to(like)
        return made.expand_as(inputs[0]) if inputs else made

    def _draw(self, shape: Sequence[int], seed: int | None = None) -> Tensor:
        seed = self.seed if seed is None else seed
        return draw(shape, self.distribution, self.low, self.high, seed)

    def constants(self, ports: int) -> Mapping[str, Tensor]:
        return {} if ports else {DRAWN: self._draw((1, *self.size))}

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        numbers = f"{self.distribution!r}, {self.low!r}, {self.high!r}, {self.seed}"
        if inputs:
            return f"lambda x0: noise(x0.new_zeros(x0[:1].shape), {numbers}).expand_as(x0)"
        return f"lambda: noise(torch.zeros({(1, *self.size)}), {numbers})"
