"""Finds why torch refuses an operation: by its name, from the shapes and numbers that met in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from analysis.faults import Fault
from analysis.tensor_pad.explanations import axes, several, sizes


def explained(
    name: str, arguments: Sequence[Any], keywords: dict[str, Any], error: Exception
) -> Fault:
    """The fault of `name(*arguments, **keywords)`, which torch has refused with `error`.

    Of a method the receiver is the first argument; operators have their sign as name.
    """
    others = {key: value for key, value in keywords.items() if key != "input"}
    given = [*([keywords["input"]] if "input" in keywords else []), *arguments] or [None]
    find = _REASONS.get(name)
    fault = find(given, others) if find is not None else None
    fault = fault or axes.dimension(name, given, others)
    if fault is not None:
        return fault
    if isinstance(error, TypeError):
        return Fault("pad-arguments", (name,))
    return Fault("pad-torch", (name,))


_ELEMENTWISE = (
    *("+", "-", "*", "/", "//", "%", "**", "<", "<=", ">", ">=", "==", "!="),
    *("add", "sub", "mul", "div", "pow", "maximum", "minimum", "where"),
    *("eq", "ne", "lt", "le", "gt", "ge"),
)
_REASONS: dict[str, Callable[[list[Any], dict[str, Any]], Fault | None]] = {
    "view": sizes.view,
    "reshape": sizes.reshape,
    "unflatten": sizes.unflatten,
    "expand": sizes.expand,
    "broadcast_to": sizes.expand,
    "repeat": sizes.repeat,
    "permute": sizes.permute,
    "tensor": several.rows,
    "cat": several.cat,
    "concat": several.cat,
    "stack": several.stack,
    "mean": axes.mean,
    "std": axes.mean,
    "var": axes.mean,
    "arange": axes.arange,
    "linspace": axes.steps,
    "logspace": axes.steps,
    "normal": axes.normal,
    "[]": axes.index,
    "select": axes.select,
    **dict.fromkeys(("zeros", "ones", "rand", "randn", "full"), sizes.made),
    **dict.fromkeys(("eye", "randperm"), sizes.made),
    **dict.fromkeys(("max", "min", "amax", "amin", "argmax", "argmin", "median"), axes.reduced),
    **dict.fromkeys(("@", "matmul", "mm", "bmm", "mv", "dot"), several.matmul),
    **dict.fromkeys(_ELEMENTWISE, several.broadcast),
}
"""By the name of the function or the sign."""
