"""What can be chosen in a file: the names that make models, with the arguments each takes."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from types import CodeType
from typing import Any

from .refusal import Refused

MOST_PARAMETERS = 60
Offer = dict[str, Any]
"""`name`, and `parameters`: each a name, its default as text (or None), its annotation as text."""


def offer(name: str, function: Any) -> Offer:
    """A name that may be chosen; `function` is None where it needs no arguments."""
    return {"name": name, "parameters": [] if function is None else list(_parameters(function))}


def _parameters(function: Any) -> Iterator[dict[str, Any]]:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return
    kept = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    for each in list(signature.parameters.values())[:MOST_PARAMETERS]:
        if each.kind in kept:
            needed = each.default is each.empty
            yield {
                "name": each.name,
                "default": None if needed else repr(each.default)[:200],
                "annotation": "" if each.annotation is each.empty else _type(each.annotation),
            }


def _type(annotation: Any) -> str:
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return text[:60]


def written_out(choice: Offer, *, with_defaults: bool = False) -> str:
    """How it is called: `UNet(n_channels=…, n_classes=…)`, or with all that it takes."""
    needed = [f"{each['name']}=…" for each in choice["parameters"] if each["default"] is None]
    if not with_defaults:
        return f"{choice['name']}({', '.join(needed)})"
    known = [f"{each['name']}={each['default']}" for each in choice["parameters"]
             if each["default"] is not None]  # fmt: skip
    return f"{choice['name']}({', '.join([*needed, *known])})"


def needs_arguments(functions: Mapping[str, Any]) -> Refused:
    """The refusal of what cannot be made of nothing, with how each would be called."""
    offers = [offer(name, function) for name, function in functions.items()]
    first = offers[0]
    call = written_out(first)
    if len(offers) > 1:
        names = ", ".join(each["name"] for each in offers)
        return Refused("model-several-need-arguments", names, call, choices=offers)
    needed = [each["name"] for each in first["parameters"] if each["default"] is None]
    wanted = ", ".join(needed) or "–"
    return Refused("model-needs-arguments", first["name"], wanted, call, choices=offers)


def whole_networks(functions: Mapping[str, Any]) -> dict[str, Any]:
    """Those of which no other one is made: neither a part nor a base of another."""
    kept = {}
    for name, function in functions.items():
        others = [each for key, each in functions.items() if key != name]
        bases = {base for each in others if inspect.isclass(each) for base in each.__mro__[1:]}
        if name not in parts_of(others) and function not in bases:
            kept[name] = function
    one_picture = {name: each for name, each in kept.items() if _takes_one(each)}
    return one_picture or kept or dict(functions)


def parts_of(functions: Iterable[Any]) -> set[str]:
    """The names that the code of these mentions, of classes in all their methods."""
    return {name for function in functions for code in _codes(function) for name in code.co_names}


def _codes(function: Any) -> Iterator[CodeType]:
    methods = vars(function).values() if inspect.isclass(function) else [function]
    found = [getattr(each, "__code__", None) for each in methods]
    waiting = [code for code in found if isinstance(code, CodeType)]
    while waiting:
        code = waiting.pop()
        yield code
        waiting.extend(each for each in code.co_consts if isinstance(each, CodeType))


def _takes_one(function: Any) -> bool:
    """Whether the forward of a class needs one argument; functions are not known."""
    forward = getattr(function, "forward", None)
    if not inspect.isclass(function) or forward is None:
        return True
    try:
        given = list(inspect.signature(forward).parameters.values())[1:]
    except (TypeError, ValueError):
        return True
    named = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(each.default is each.empty and each.kind in named for each in given) <= 1
