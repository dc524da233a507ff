"""An opaque operator: an ATen overload of no known family; it runs but is not analysed."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from keyword import iskeyword
from math import prod
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from analysis.faults import Fault
from analysis.operators.contract import (
    Cost,
    Operator,
    SettingKind,
    Shape,
    Taps,
    UnknownTaps,
    register,
)
from analysis.operators.settings import source_of

if TYPE_CHECKING:
    from torch import Tensor

Argument = tuple[Any, ...]
"""One argument of the call, hashable and plain:

("input", port), ("weight", name), ("value", number | text | bool | None), ("list", arguments),
("torch", name) for a dtype, layout, memory format or ("device", name), and
("keyword", name, argument) for an argument given by name.
"""

_TARGET = re.compile(r"aten\.([A-Za-z_][A-Za-z0-9_]*)\.([A-Za-z_][A-Za-z0-9_]*)")
_REFUSED = re.compile(
    r"file|save|load|storage|print|pickle|backend|shared|manual_seed|set_data|\bset_?\."
    r"|unsafe(?!_view|_index)|backward|nested|sparse|jagged|packed|pack_|int4pack|cslt|quantized_"
    r"|fbgemm|mkldnn|cudnn|miopen|triton|_thnn|_foreach|_test_"
)
"""Names of overloads that reach outside their tensors, or skip the checks that keep them inside.

The second line on are kernels that trust their arguments (sizes, offsets, packed weights), as
their callers in torch have checked them; no forward pass that was exported calls them itself.
"""


_WEIGHED = frozenset(("linear", "conv1d", "conv2d", "conv3d"))
_RECURRENT = frozenset(("lstm", "gru", "rnn_tanh", "rnn_relu"))
"""Packets whose multiply-accumulates follow from the shapes of their weights."""
_AS_LAID_OUT = frozenset(("view", "view_as_complex"))
"""Packets that look at how values lie in memory, for which a copy was made when it was recorded."""


def overload(target: str) -> tuple[str, str] | None:
    """(packet, overload) of `aten.<packet>.<overload>`, or None where it may not be called."""
    found = _TARGET.fullmatch(target)
    if not found or _REFUSED.search(target) or "__" in target:
        return None
    return found[1], found[2]


@register
@dataclass(frozen=True)
class Opaque(Operator):
    """Calls `target` with the arguments of `template`; `output` is the shape it was seen to give.

    `weights` are the names and shapes of its tensors, `expects` the input shapes it was seen
    with (empty: any), `result` the index of the answer where the call gives several. Tensors in
    `held` are not trained: they are buffers and count as no parameters.
    """

    target: str = "aten.alias.default"
    template: tuple[Argument, ...] = (("input", 0),)
    output: Shape = ()
    weights: tuple[tuple[str, Shape], ...] = ()
    ports_count: int = 1
    expects: tuple[Shape, ...] = ()
    result: int | None = None
    held: tuple[str, ...] = ()

    key: ClassVar[str] = "opaque"
    family: ClassVar[str] = "opaque"
    icon: ClassVar[str] = "opaque"
    ports: ClassVar[int | None] = None
    linearity: ClassVar[Literal["linear", "piecewise", "frozen", "smooth"]] = "smooth"
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("target", "text", editable=False),
        SettingKind("template", "nested", editable=False),
        SettingKind("output", "axes", 1, editable=False),
        SettingKind("weights", "nested", editable=False),
        SettingKind("ports_count", "int", 0, editable=False),
        SettingKind("expects", "nested", editable=False),
        SettingKind("result", "int", 0, optional=True, editable=False),
        SettingKind("held", "nested", editable=False),
    )

    @property
    def arity(self) -> tuple[int, int | None]:
        return (self.ports_count, self.ports_count)

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs):
            return fault
        if overload(self.target) is None:
            return Fault("operator-not-allowed", (self.target,))
        if fault := self._unsound():
            return fault
        for port, (given, seen) in enumerate(zip(inputs, self.expects, strict=False)):
            if given != seen:
                return Fault("opaque-shape", (self.target, port, given, seen))
        return self.output

    def _unsound(self) -> Fault | None:
        """A template or weights that no recording makes: they are written into source code too."""
        if not all(map(_is_weight, self.weights)):
            return Fault("bad-setting", ("weights", repr(self.weights)[:80], "nested"))
        names = frozenset(name for name, _ in self.weights)
        if not all(_is_argument(part, names, self.ports_count) for part in self.template):
            return Fault("bad-setting", ("template", repr(self.template)[:80], "nested"))
        if not names.issuperset(self.held):
            return Fault("bad-setting", ("held", repr(self.held)[:80], "nested"))
        return None

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        return UnknownTaps()

    def parameters(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        return {name: shape for name, shape in self.weights if name not in self.held}

    def cost(self, inputs: Sequence[Shape], output: Shape) -> Cost:
        """Of what weighs each value, or each step of a sequence; of others nothing is known."""
        parts = overload(self.target)
        trained = self.parameters(inputs).values()  # not the state that a sequence begins with
        matrices = [shape for shape in trained if len(shape) > 1]
        if parts is None or not matrices:
            return Cost()
        if parts[0] in _WEIGHED and len(matrices) == 1:
            return Cost(prod(output) * prod(matrices[0][1:]))
        if parts[0] in _RECURRENT and not self.result:
            return Cost(prod(output[:-1]) * sum(map(prod, matrices)))
        return Cost()

    def buffers(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        return {name: shape for name, shape in self.weights if name in self.held}

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        """Run the overload on (N, *shape). Raises ValueError where it may not be called."""
        call, writes = _resolve(self.target)
        sources = [tensor.clone() for tensor in inputs] if writes else list(inputs)
        if self._as_laid_out:
            sources = [tensor.contiguous() for tensor in sources]
        weights = {k: v.clone() for k, v in tensors.items()} if writes else tensors
        positional: list[Any] = []
        keywords: dict[str, Any] = {}
        for argument in self.template:
            if argument[0] == "keyword":
                keywords[argument[1]] = _filled(argument[2], sources, weights)
            else:
                positional.append(_filled(argument, sources, weights))
        with _repeatable(call):
            answer = call(*positional, **keywords)
        chosen: Tensor = answer if self.result is None else answer[self.result]
        return chosen

    @property
    def _as_laid_out(self) -> bool:
        parts = overload(self.target)
        return parts is not None and parts[0] in _AS_LAID_OUT

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        """A function of the inputs and, after them, the trained weights and then the held ones."""
        names = [f"x{port}" for port in range(self.ports_count)]
        names += map(_variable, (*self.parameters(inputs), *self.buffers(inputs)))
        arguments = ", ".join(_text(argument) for argument in self.template)
        if self._as_laid_out:
            arguments = re.sub(r"\bx\d+\b", r"\g<0>.contiguous()", arguments)
        index = "" if self.result is None else f"[{self.result}]"
        return f"lambda {', '.join(names)}: torch.ops.{self.target}({arguments}){index}"


def _is_name(text: Any) -> bool:
    return isinstance(text, str) and text.isidentifier() and not iskeyword(text)


def _is_weight(entry: Any) -> bool:
    """(name, shape)."""
    match entry:
        case (name, tuple() as shape):
            # A parameter of a list is called by its number.
            named = _is_name(name) or (isinstance(name, str) and name.isdecimal())
            return named and all(type(n) is int and n >= 0 for n in shape)
    return False


def _is_argument(argument: Any, weights: Collection[str], ports: int, inner: bool = False) -> bool:
    """Whether this is an `Argument`, of ports and weights that are there."""
    match argument:
        case ("input", port):
            return type(port) is int and 0 <= port < ports
        case ("weight", name):
            return name in weights
        case ("value", value):
            return value is None or isinstance(value, bool | int | float | str)
        case ("torch", name):
            return _is_name(name)
        case ("device", name):
            return isinstance(name, str)
        case ("list", tuple() as parts):
            return all(_is_argument(part, weights, ports, inner=True) for part in parts)
        case ("keyword", name, value) if not inner:
            return _is_name(name) and _is_argument(value, weights, ports, inner=True)
    return False


def _resolve(target: str) -> tuple[Callable[..., Any], bool]:
    """The overload, and whether it writes into its arguments."""
    import torch

    parts = overload(target)
    if parts is None:
        raise ValueError(f"not allowed: {target}")
    packet = getattr(torch.ops.aten, parts[0], None)
    found = getattr(packet, parts[1], None)
    if not isinstance(found, torch._ops.OpOverload):
        raise ValueError(f"unknown operator: {target}")
    return found, bool(found._schema.is_mutable)


@contextlib.contextmanager
def _repeatable(call: Any) -> Iterator[None]:
    """Has a call that draws random numbers draw the same ones each time."""
    import torch

    if torch.Tag.nondeterministic_seeded not in call.tags:
        yield
        return
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield


def _filled(argument: Argument, inputs: Sequence[Any], weights: Mapping[str, Any]) -> Any:
    """The value of one argument of the template."""
    import torch

    kind, value = argument
    if kind == "input":
        return inputs[value]
    if kind == "weight":
        return weights[value]
    if kind == "list":
        return [_filled(part, inputs, weights) for part in value]
    if kind == "device":
        return torch.device(value)
    if kind == "torch":
        found = getattr(torch, value, None)
        if not isinstance(found, torch.dtype | torch.layout | torch.memory_format):
            raise ValueError(f"not a dtype, layout or memory format: {value}")
        return found
    if kind == "value":
        return value
    raise ValueError(f"not an argument: {kind}")


def _variable(weight: str) -> str:
    """A weight as a variable that hides no input, and not torch."""
    hides = weight == "torch" or weight.lstrip("x").isdecimal()
    return f"weight_{weight}" if hides else weight


def _text(argument: Argument) -> str:
    """One argument as Python source."""
    match argument:
        case ("keyword", name, value):
            return f"{name}={_text(value)}"
        case ("input", port):
            return f"x{port}"
        case ("weight", name):
            return _variable(name)
        case ("list", parts):
            return f"[{', '.join(_text(part) for part in parts)}]"
        case ("device", name):
            return f"torch.device({name!r})"
        case ("torch", name):
            return f"torch.{name}"
        case ("value", float() as value):
            return source_of(value)
        case _:
            return repr(argument[1])
