"""Attention among the pixels of a map, or of each window of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, ClassVar, Literal

from analysis.faults import Fault
from analysis.operators.contract import (
    SAME,
    ChannelUse,
    Cost,
    Operator,
    PeriodicTaps,
    SettingKind,
    Shape,
    Taps,
    UnknownTaps,
    WholeTaps,
    register,
)
from analysis.operators.window import FARTHEST, LONGEST_LIST

if TYPE_CHECKING:
    from torch import Tensor

Bias = tuple[Shape, Shape, bool] | tuple[Shape, Shape, bool, Shape]
"""Shape of a tensor added to the scores, shape in which those of one image are, if it trains.

With a fourth shape its numbers are looked up in a table of that shape, as those of relative
positions are: the table holds the numbers, and a buffer the place of each.
"""


@register
@dataclass(frozen=True)
class Attention(Operator):
    """softmax(scale·q·kᵀ + biases)·v over all pixels, or over those of each `window`.

    Inputs are queries, keys and values as maps; the channels of each are `heads` × their own.
    An empty `window` is the whole map, where keys may have another size than queries. The scores
    are (windows, heads, pixels, pixels), pixels and windows row by row. `causal` is 0, or the
    number of axes with several pixels, of which none then reads those that come after it.
    """

    heads: int = 1
    scale: float = 1.0
    window: tuple[int, ...] = ()
    biases: tuple[Bias, ...] = ()
    causal: int = 0

    key: ClassVar[str] = "attention"
    title: ClassVar[str] = "attention"
    family: ClassVar[str] = "attn"
    icon: ClassVar[str] = "attention"
    ports: ClassVar[int | None] = 3
    linearity: ClassVar[Literal["linear", "piecewise", "frozen", "smooth"]] = "smooth"
    torch_function: ClassVar[str] = '''
def attention(q, k, v, heads, scale, window, biases):
    """softmax(scale * q k^T + biases) v among the pixels of a map, or of each window of it."""
    size = q.shape[2:]

    def tokens(x):
        if not window:
            return x.flatten(2).unflatten(1, (heads, -1)).transpose(2, 3).unsqueeze(1)
        parts = [n for side, length in zip(window, x.shape[2:]) for n in (length // side, side)]
        x = x.unflatten(1, (heads, -1)).reshape(len(x), heads, -1, *parts)
        outer, inner = range(3, x.dim(), 2), range(4, x.dim(), 2)
        x = x.permute(0, *outer, 1, *inner, 2)
        return x.flatten(1, len(window)).flatten(3, -2)

    scores = tokens(q) @ tokens(k).transpose(-1, -2) * scale
    for bias, view in biases:
        scores = (scores.reshape(len(scores), *view) + bias).reshape(scores.shape)
    found = scores.softmax(-1) @ tokens(v)
    if not window:
        return found.squeeze(1).transpose(2, 3).flatten(1, 2).unflatten(2, size)
    outer = [length // side for side, length in zip(window, size)]
    found = found.unflatten(1, outer).unflatten(-2, window)
    axes = len(window)
    pairs = [n for axis in range(axes) for n in (1 + axis, 2 + axes + axis)]
    found = found.permute(0, 1 + axes, found.dim() - 1, *pairs)
    return found.reshape(len(found), -1, *size)
'''
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("heads", "int", 1, editable=False, title="Heads"),
        SettingKind("scale", "float", editable=False),
        SettingKind("window", "axes", 1, FARTHEST, editable=False, title="Window"),
        SettingKind("biases", "nested", editable=False),
        SettingKind("causal", "int", 0, 3, editable=False, rare=True),
    )
    bound: ClassVar[str] = "rows-bounded"

    def __repr__(self) -> str:
        """Without `causal` where it is not, as hashes of stored studies were made of it."""
        told = f"heads={self.heads!r}, scale={self.scale!r}, window={self.window!r}"
        causal = f", causal={self.causal!r}" if self.causal else ""
        return f"{type(self).__name__}({told}, biases={self.biases!r}{causal})"

    @property
    def cuts(self) -> bool:
        """Of several axes a pixel reads whole rows, and a part of its own."""
        return self.causal > 1

    @property
    def channel_use(self) -> ChannelUse:
        return "mixed"

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs):
            return fault
        query, key, value = inputs
        if len(query) < 2 or not len(query) == len(key) == len(value):
            return Fault("rank-differs", ("input 2", len(key) - 1, len(query) - 1))
        if query[0] != key[0]:
            return Fault("join-channels-differ", (query[0], key[0], 1))
        for channels in (query[0], value[0]):
            if channels % self.heads:
                return Fault("channels-not-divisible", (channels, self.heads, channels))
        for axis, (first, second) in enumerate(zip(key[1:], value[1:], strict=True)):
            if first != second:
                return Fault("join-sizes-differ", (axis, first, second, 2))
        if self.causal and query[1:] != key[1:]:
            axis = next(at for at, n in enumerate(query[1:]) if key[at + 1] != n)
            return Fault("join-sizes-differ", (axis, query[axis + 1], key[axis + 1], 1))
        sides = self.window or query[1:]
        if self.causal and self.causal != sum(side > 1 for side in sides):
            return Fault("bad-setting", ("causal", self.causal, "int"))
        return self._window_fault(query, key) or self._bias_fault(query) or (value[0], *query[1:])

    def _window_fault(self, query: Shape, key: Shape) -> Fault | None:
        if not self.window:
            return None
        if len(self.window) != len(query) - 1:
            return Fault("rank-differs", ("window", len(self.window), len(query) - 1))
        for axis, (side, size, other) in enumerate(
            zip(self.window, query[1:], key[1:], strict=True)
        ):
            if size % side or size != other:
                return Fault("join-sizes-differ", (axis, size, other if size == other else side, 1))
        return None

    def _bias_fault(self, query: Shape) -> Fault | None:
        for each in self.biases:
            match each:
                case (tuple() as own, tuple() as view, bool(), *table) if all(
                    type(n) is int and n > 0 for n in (*own, *view, *sum(table, ()))
                ):
                    continue
            return Fault("bad-setting", ("biases", repr(self.biases)[:80], "nested"))
        return None

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        if port == 0:
            return SAME
        sides = self.window or output[1:]
        if self.causal and axis == next(at for at, side in enumerate(sides) if side > 1):
            side = sides[axis]
            if side * side > 2 * LONGEST_LIST:
                return UnknownTaps()
            return PeriodicTaps(side, side, tuple(tuple(range(at + 1)) for at in range(side)))
        if not self.window or self.window[axis] == output[axis + 1]:
            return WholeTaps()
        side = self.window[axis]
        return PeriodicTaps(side, side, (tuple(range(side)),) * side)

    def _tensors(self, trained: bool) -> dict[str, Shape]:
        return {
            f"bias{number}": each[3] if len(each) > 3 else each[0]
            for number, each in enumerate(self.biases)
            if each[2] == trained
        }

    def _places(self) -> dict[str, Shape]:
        """Where the numbers of biases that are looked up lie in their tables."""
        return {f"places{at}": each[0] for at, each in enumerate(self.biases) if len(each) > 3}

    def parameters(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        return self._tensors(True)

    def buffers(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        return self._tensors(False) | self._places()

    def cost(self, inputs: Sequence[Shape], output: Shape) -> Cost:
        read = prod(self.window) if self.window else prod(inputs[1][1:])
        return Cost(prod(output[1:]) * read * (inputs[0][0] + inputs[2][0]))

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        size = inputs[0].shape[2:]
        query, key, value = map(self._tokens, inputs)
        scores = query @ key.transpose(-1, -2) * self.scale
        for number, each in enumerate(self.biases):
            seen, bias = scores.reshape(len(scores), *each[1]), tensors[f"bias{number}"]
            bias = bias.flatten()[tensors[f"places{number}"]] if len(each) > 3 else bias
            scores = (seen + bias).reshape(scores.shape)
        if self.causal:
            later = scores.new_ones(scores.shape[-2:]).triu(1).bool()
            scores = scores.masked_fill(later, float("-inf"))
        return self._map(scores.softmax(-1) @ value, tuple(size))

    def _tokens(self, x: Tensor) -> Tensor:
        """(N, C, *spatial) as (N, windows, heads, pixels, channels)."""
        if not self.window:
            flat = x.flatten(2)
            heads = flat.reshape(len(flat), self.heads, -1, flat.shape[2])
            return heads.transpose(2, 3).unsqueeze(1)
        sides = zip(self.window, x.shape[2:], strict=True)
        parts = [n for side, length in sides for n in (length // side, side)]
        x = x.reshape(len(x), self.heads, x.shape[1] // self.heads, *parts)
        x = x.permute(0, *range(3, x.dim(), 2), 1, *range(4, x.dim(), 2), 2)
        return x.flatten(1, len(self.window)).flatten(3, -2)

    def _map(self, found: Tensor, size: Shape) -> Tensor:
        if not self.window:
            return found.squeeze(1).transpose(2, 3).flatten(1, 2).reshape(len(found), -1, *size)
        outer = [length // side for side, length in zip(self.window, size, strict=True)]
        found = found.reshape(len(found), *outer, found.shape[2], *self.window, found.shape[-1])
        axes = len(self.window)
        pairs = [n for axis in range(axes) for n in (1 + axis, 2 + axes + axis)]
        return found.permute(0, 1 + axes, found.dim() - 1, *pairs).reshape(len(found), -1, *size)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        """A function of the inputs and, after them, the trained biases and then the held ones."""
        names = ["x0", "x1", "x2", *self._tensors(True), *self._tensors(False), *self._places()]
        pairs = [
            f"(bias{at}{f'.flatten()[places{at}]' if len(each) > 3 else ''}, {each[1]})"
            for at, each in enumerate(self.biases)
        ]
        if self.causal:
            pairs.append(self._later(inputs[0]))
        biases = "(" + "".join(f"{pair}, " for pair in pairs) + ")"
        call = f"attention(x0, x1, x2, {self.heads}, {self.scale!r}, {self.window}, {biases})"
        return f"lambda {', '.join(names)}: {call}"

    def _later(self, query: Shape) -> str:
        """A bias, and its view of the scores, that leaves nothing of what comes later."""
        pixels = prod(self.window or query[1:])
        windows = prod(query[1:]) // pixels
        made = f"torch.full(({pixels}, {pixels}), -torch.inf, dtype=x0.dtype, device=x0.device)"
        return f"({made}.triu(1), {(windows, self.heads, pixels, pixels)})"
