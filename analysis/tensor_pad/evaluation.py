"""Runs a line with torch's own operators, each held against the limits before it allocates.

Values, strides, dtypes and words of refusal are thus torch's own.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from analysis.faults import Fault
from analysis.tensor_pad.bounds import PRODUCTS, most_elements, most_products
from analysis.tensor_pad.explanations.table import explained
from analysis.tensor_pad.expression import (
    Attribute,
    Call,
    Expression,
    Index,
    Items,
    Line,
    Number,
    Operation,
    Slice,
    Span,
    Word,
)
from analysis.tensor_pad.functions import FUNCTIONS
from analysis.tensor_pad.limits import MOST_ELEMENTS, MOST_PRODUCTS
from analysis.tensor_pad.numbers import OPERATIONS, UNARY, number_operation
from analysis.tensor_pad.refusal import Refusal, Refused, refuse
from analysis.tensor_pad.result import PlainResult, Step, TensorResult, summary_of

PYTHON_TYPES = {"float": float, "int": int, "bool": bool}


def run_line(
    line: Line, seed: int, cancelled: Callable[[], bool] | None = None
) -> TensorResult | PlainResult | Refusal | None:
    """What the line comes to, random numbers from this seed; None where it was `cancelled`."""
    try:
        with (
            warnings.catch_warnings(),
            torch.no_grad(),
            torch.random.fork_rng(devices=[]),
        ):
            warnings.simplefilter("ignore")
            torch.default_generator.manual_seed(seed)
            run = _Run(cancelled)
            value = run.of(line.expression)
    except Refused as refused:
        return refused.refusal
    except _Cancelled:
        return None
    return _result(value, run, line)


class _Cancelled(Exception):  # noqa: N818 - it is asked for
    """Nobody waits for the line any more."""


class _Run:
    """Walks over the expression, from the inside out and from left to right as Python does."""

    def __init__(self, cancelled: Callable[[], bool] | None) -> None:
        self._cancelled = cancelled
        self.steps: list[Step] = []
        self.is_random = False

    def of(self, part: Expression) -> Any:
        """The value of a part of the line. Raises Refused, _Cancelled."""
        match part:
            case Number(value=value):
                return value
            case Word():
                return _word(part.name)
            case Items(items=items):
                return [self.of(each) for each in items]
            case Call():
                return self._call(part)
            case Attribute():
                return self._attribute(part)
            case Index():
                return self._index(part)
            case Operation():
                return self._operation(part)

    def _call(self, part: Call) -> Any:
        row = FUNCTIONS[part.name]
        receiver = [] if part.receiver is None else [self.of(part.receiver)]
        if receiver and not isinstance(receiver[0], Tensor):
            raise refuse(part.span, "pad-no-tensor", part.name)
        arguments = receiver + [self.of(each) for each in part.arguments]
        keywords = {name: self.of(value) for name, value in part.keywords}
        if row.way == "method" or receiver:
            function = getattr(Tensor, part.name)
        else:
            function = getattr(torch, part.name)
        self.is_random = self.is_random or row.is_random
        return self._do(part.name, function, arguments, keywords, _tail(part))

    def _attribute(self, part: Attribute) -> Any:
        receiver = self.of(part.receiver)
        pair = part.name in ("values", "indices")
        if not (_is_pair(receiver) if pair else isinstance(receiver, Tensor)):
            raise refuse(part.span, "pad-no-tensor", part.name)
        return self._do(part.name, lambda it: getattr(it, part.name), [receiver], {}, _tail(part))

    def _index(self, part: Index) -> Any:
        receiver = self.of(part.receiver)
        parts = [self._index_part(each) for each in part.parts]
        if isinstance(receiver, list) or _is_pair(receiver):
            if len(parts) != 1 or type(parts[0]) is not int:
                raise refuse(part.span, "pad-no-tensor", "[]")
            if not -len(receiver) <= parts[0] < len(receiver):
                raise refuse(part.span, "pad-index", parts[0], 0, len(receiver))
            return receiver[parts[0]]
        if not isinstance(receiver, Tensor):
            raise refuse(part.span, "pad-no-tensor", "[]")

        def taken(tensor: Tensor, at: list[Any]) -> Tensor:
            return tensor[at[0] if len(at) == 1 else tuple(at)]

        return self._do("[]", taken, [receiver, parts], {}, _tail(part))

    def _index_part(self, part: Any) -> Any:
        if isinstance(part, Slice):
            return slice(*(self._end(end) for end in (part.start, part.stop, part.step)))
        if not isinstance(part, Expression):
            return Ellipsis
        value = self.of(part)
        if value is not None and type(value) is not int:
            raise refuse(part.span, "pad-index-kind")
        return value

    def _end(self, part: Expression | None) -> int | None:
        value = None if part is None else self.of(part)
        if value is not None and type(value) is not int:
            assert part is not None
            raise refuse(part.span, "pad-index-kind")
        return value

    def _operation(self, part: Operation) -> Any:
        operands = [self.of(each) for each in part.operands]
        if all(isinstance(each, int | float) for each in operands):
            return number_operation(part.sign, tuple(operands), part.span)
        for value, operand in zip(operands, part.operands, strict=True):
            if not isinstance(value, Tensor | int | float):
                raise refuse(operand.span, "pad-no-operand", part.sign)
        known = UNARY if len(operands) == 1 else OPERATIONS
        return self._do(part.sign, known[part.sign], operands, {}, part.span)

    # ------------------------------------------------------------------ with torch

    def _do(
        self,
        name: str,
        function: Callable[..., Any],
        arguments: list[Any],
        keywords: dict[str, Any],
        span: Span,
    ) -> Any:
        """One call of torch, if it stays within the limits."""
        if self._cancelled is not None and self._cancelled():
            raise _Cancelled
        # Torch takes a tensor of one number where it takes an integer: zeros(tensor(9)).
        numbers, named = _as_number(arguments), _as_number(keywords)
        most = max(most_elements(name, *each) for each in ((arguments, keywords), (numbers, named)))
        _bound(most, span)
        if name in PRODUCTS and most_products(arguments, keywords) > MOST_PRODUCTS:
            count = most_products(arguments, keywords)
            raise refuse(span, "pad-too-much-work", int(count), MOST_PRODUCTS)
        try:
            value = function(*arguments, **keywords)
        except Exception as error:  # torch raises of all kinds
            fault = explained(name, arguments, keywords, error)
            raise Refused(Refusal(fault, span, _words(error))) from error
        for each in value if _is_pair(value) else (value,):
            if isinstance(each, Tensor):
                if min(each.shape, default=0) < 0:  # torch lets tensor(2).expand(0, -1) pass
                    raise refuse(span, "pad-negative-size", min(each.shape))
                _bound(each.numel(), span)
                if each.dtype.is_complex or each.is_sparse:
                    raise refuse(span, "pad-complex")
        if isinstance(value, Tensor):
            self.steps.append(Step(span, tuple(value.shape), value.stride()))
        return list(value) if isinstance(value, tuple) and not _is_pair(value) else value


def _bound(count: float, span: Span) -> None:
    """Refuse what is past the limit."""
    if count > MOST_ELEMENTS:
        said = int(count) if count < 1e15 else count
        raise refuse(span, "pad-too-large", said, MOST_ELEMENTS)


def _tail(part: Call | Attribute | Index) -> Span:
    """What stands behind the receiver; all of it where there is none."""
    return part.span if part.receiver is None else (part.receiver.span[1], part.span[1])


def _words(error: Exception) -> str:
    """What torch says, its first paragraph, as `RuntimeError: …`."""
    said = str(error).partition("\n\n")[0].strip()
    return f"{type(error).__name__}: {' '.join(said.split())}"


def _word(name: str) -> Any:
    if name in PYTHON_TYPES:
        return PYTHON_TYPES[name]
    return getattr(torch, name.removeprefix("torch."))


def _is_pair(value: Any) -> bool:
    return isinstance(value, tuple) and hasattr(value, "values") and hasattr(value, "indices")


# ------------------------------------------------------------------------- what comes out


def _result(value: Any, run: _Run, line: Line) -> TensorResult | PlainResult | Refusal:
    half = _is_pair(value)
    tensor = value.values if half else value
    steps = tuple(run.steps)
    if not isinstance(tensor, Tensor):
        if isinstance(tensor, list) and any(isinstance(each, Tensor) for each in tensor):
            return Refusal(Fault("pad-several", ()), line.expression.span)
        return PlainResult(_plain_text(tensor), steps)
    size = tensor.untyped_storage().nbytes() // tensor.element_size()
    flat = torch.as_strided(tensor, (size,), (1,), 0)
    memory = (flat.float() if tensor.dtype == torch.bfloat16 else flat).numpy().copy()
    shown = tensor.float() if tensor.dtype == torch.bfloat16 else tensor
    return TensorResult(
        tuple(tensor.shape),
        tensor.stride(),
        int(tensor.storage_offset()),
        str(tensor.dtype).removeprefix("torch."),
        tensor.is_contiguous(),
        memory,
        summary_of(shown.numpy()),
        steps,
        run.is_random,
        half,
    )


def _plain_text(value: Any) -> str:
    return getattr(value, "__name__", None) or str(value)


def _as_number(given: Any) -> Any:
    """The same with every tensor without axes, also within lists, as the number that it holds."""
    if isinstance(given, list):
        return [_as_number(each) for each in given]
    if isinstance(given, dict):
        return {name: _as_number(each) for name, each in given.items()}
    return given.item() if isinstance(given, Tensor) and given.ndim == 0 else given
