"""Which of the things a file defines is the model that is meant."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .literal_call import LiteralCall
from .raised import running
from .refusal import Refused
from .signatures import needs_arguments, offer, parts_of, whole_networks, written_out

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


def named(module: Any, call: LiteralCall, modules: type, opened: Path | None) -> Any:
    """The model that the (dotted) name is, or gives when it is called with those arguments."""
    found = module
    for part in call.name.split("."):
        if not hasattr(found, part):
            raise Refused("model-unknown-name", call.name, ", ".join(_known(module)) or "–")
        found = getattr(found, part)
    if isinstance(found, modules) and not call.has_arguments:
        return found
    if not callable(found) or isinstance(found, modules):
        raise Refused("model-no-module", str(call))
    try:
        signature = inspect.signature(found)
    except (TypeError, ValueError):
        signature = None
    if signature is not None:
        try:
            signature.bind(*call.positional, **call.keywords)
        except TypeError as error:
            raise _unfit(call, found, error) from error
    made = running(lambda: found(*call.positional, **call.keywords), opened)
    if not isinstance(made, modules):
        raise Refused("model-no-module", str(call))
    return made


def _unfit(call: LiteralCall, found: Any, error: TypeError) -> Refused:
    """The refusal of arguments that do not fit a signature."""
    choice = offer(call.name, found)
    if not call.has_arguments:
        return needs_arguments({call.name: found})
    takes = written_out(choice, with_defaults=True)
    return Refused("model-arguments-differ", str(call), str(error), takes, choices=[choice])


def _known(module: Any) -> list[str]:
    """What the file itself defines and one might have meant."""
    return [key for key, value in vars(module).items()
            if not key.startswith("_") and callable(value)
            and getattr(value, "__module__", None) == module.__name__][:12]  # fmt: skip


@dataclass
class Candidates:
    """What a file holds: models that can be made of nothing, and what makes one of arguments."""

    found: dict[str, Any] = field(default_factory=dict)
    wanting: dict[str, Any] = field(default_factory=dict)
    failed: list[Refused] = field(default_factory=list)


def candidates(module: Any, modules: type, opened: Path | None) -> Candidates:
    """Everything in the file that is or makes a model, by name."""
    of = Candidates()
    for name, value in list(vars(module).items()):
        if name.startswith("_"):
            continue
        if isinstance(value, modules):
            of.found[name] = value
            continue
        if getattr(value, "__module__", None) != module.__name__:
            continue
        is_class = inspect.isclass(value) and issubclass(value, modules)
        if not is_class and not (inspect.isfunction(value) and _builds(name, value, modules)):
            continue
        if not needs_nothing(value):
            of.wanting[name] = value
            continue
        try:
            made = running(value, opened)
        except Refused as error:
            of.failed.append(error)
            continue
        if isinstance(made, modules):
            of.found[name] = made
    return of


def _builds(name: str, function: Any, modules: type) -> bool:
    answer = getattr(function, "__annotations__", {}).get("return")
    if inspect.isclass(answer):
        return issubclass(answer, modules)
    return name in BUILDERS or (isinstance(answer, str) and answer.endswith("Module"))


def chosen(of: Candidates) -> tuple[str, Any]:
    """The one model that is meant. Raises Refused, with what can be chosen or needs arguments."""
    inside = {type(part) for model in of.found.values() for part in model.modules()}
    left = {name: each for name, each in of.wanting.items() if each not in inside}
    wanting = whole_networks(left) if left else {}
    parts = parts_of(wanting.values())
    apart = {name: model for name, model in of.found.items() if type(model).__name__ not in parts}
    if apart or (of.found and not wanting):
        return only(apart or of.found, wanting)
    if wanting:
        raise needs_arguments(wanting)
    if of.failed:
        raise of.failed[-1]
    raise Refused("model-none")


def only(found: dict[str, Any], wanting: Mapping[str, Any]) -> tuple[str, Any]:
    """The one model that is meant; parts of others, losses and activations are not."""
    ways = (_outermost, _of_one_input, _with_parameters)
    for way in ways:
        kept = {name: model for name, model in found.items() if way(name, model, found)}
        found = kept or found
    if len(found) > 1:
        offers = [offer(name, None) for name in found]
        offers += [offer(name, function) for name, function in wanting.items()]
        raise Refused("model-several", ", ".join(found), choices=offers)
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
