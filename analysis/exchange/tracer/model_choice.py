"""Which of the things a file defines is the model that is meant."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from .model_file import running
from .refusal import Refused, last_line

BUILDERS = (
    "build", "build_model", "model", "main_model", "make_model", "create_model", "get_model", "net",
)  # fmt: skip
"""Functions without arguments that are taken to make a model, unless an annotation says so."""


def needs_nothing(function: Any) -> bool:
    """Whether it can be called without arguments."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False
    return all(p.default is not p.empty or p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
               for p in parameters)  # fmt: skip


def named(module: Any, name: str, modules: type) -> Any:
    """The model that `name` (may be dotted) is, or gives when it is called."""
    found = module
    for part in name.split("."):
        if not hasattr(found, part):
            raise Refused("model-unknown-name", name, ", ".join(_known(module)) or "–")
        found = getattr(found, part)
    if isinstance(found, modules):
        return found
    if not callable(found):
        raise Refused("model-no-module", name)
    if not needs_nothing(found):
        try:
            inspect.signature(found).bind()
        except TypeError as error:
            raise Refused("model-needs-arguments", name, last_line(error)) from error
    made = running(found)
    if not isinstance(made, modules):
        raise Refused("model-no-module", name)
    return made


def _known(module: Any) -> list[str]:
    """What the file itself defines and one might have meant."""
    return [key for key, value in vars(module).items()
            if not key.startswith("_") and callable(value)
            and getattr(value, "__module__", None) == module.__name__][:12]  # fmt: skip


def candidates(module: Any, modules: type) -> dict[str, Any]:
    """Name → model of everything in the file that makes one without being told anything."""
    found: dict[str, Any] = {}
    failed: list[tuple[str, Refused]] = []
    wanting: str | None = None
    for name, value in list(vars(module).items()):
        if name.startswith("_"):
            continue
        if isinstance(value, modules):
            found[name] = value
            continue
        if getattr(value, "__module__", None) != module.__name__:
            continue
        is_class = inspect.isclass(value) and issubclass(value, modules)
        if is_class and not needs_nothing(value):
            wanting = name
        elif is_class or (inspect.isfunction(value) and _builds(name, value, modules)):
            try:
                made = running(value)
            except Refused as error:
                failed.append((name, error))
                continue
            if isinstance(made, modules):
                found[name] = made
    if not found and failed:
        raise failed[-1][1]
    if not found and wanting is not None:
        try:
            inspect.signature(getattr(module, wanting)).bind()
        except TypeError as error:
            raise Refused("model-needs-arguments", wanting, last_line(error)) from error
    return found


def _builds(name: str, function: Any, modules: type) -> bool:
    if not needs_nothing(function):
        return False
    answer = function.__annotations__.get("return")
    if inspect.isclass(answer):
        return issubclass(answer, modules)
    return name in BUILDERS or (isinstance(answer, str) and answer.endswith("Module"))


def only(found: dict[str, Any]) -> tuple[str, Any]:
    """The one model that is meant; parts of others, losses and activations are not."""
    ways = (_outermost, _of_one_input, _with_parameters)
    for way in ways:
        kept = {name: model for name, model in found.items() if way(name, model, found)}
        found = kept or found
    if not found:
        raise Refused("model-none")
    if len(found) > 1:
        raise Refused("model-several", ", ".join(found), choices=found)
    return next(iter(found.items()))


def _outermost(name: str, model: Any, found: Mapping[str, Any]) -> bool:
    """Whether no other candidate holds such a module; a class goes when a function makes it."""
    kind = type(model)
    for other, beside in found.items():
        inside = {type(part) for part in beside.modules()} - {type(beside)}
        made_by_other = kind is type(beside) and name == kind.__name__ and other != name
        if other != name and (kind in inside or made_by_other):
            return False
    return True


def _of_one_input(name: str, model: Any, found: Mapping[str, Any]) -> bool:
    return needed_inputs(model) == 1


def _with_parameters(name: str, model: Any, found: Mapping[str, Any]) -> bool:
    return any(True for _ in model.parameters())


def needed_inputs(model: Any) -> int:
    """How many arguments `forward` cannot do without."""
    try:
        parameters = inspect.signature(model.forward).parameters.values()
    except (TypeError, ValueError):
        return 1
    fixed = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    least = sum(p.default is p.empty for p in fixed)
    return max(1, least) if fixed or any(p.kind is p.VAR_POSITIONAL for p in parameters) else 0
