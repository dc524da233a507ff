"""What may be chosen where a file leaves it open which model is meant, or with which arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Parameter:
    """One argument; `default` is its text, None where a value must be given."""

    name: str
    default: str | None = None
    annotation: str = ""


@dataclass(frozen=True)
class Offer:
    """A class, function or model of a file, with the arguments that it takes."""

    name: str
    parameters: tuple[Parameter, ...] = ()


def read(plain: object) -> tuple[Offer, ...]:
    """From the tracer's answer; what is not of that form is left out."""
    found = []
    for each in plain if isinstance(plain, list) else []:
        if isinstance(each, dict) and isinstance(each.get("name"), str):
            given = each.get("parameters")
            kept = [_parameter(one) for one in given if isinstance(one, dict)] if given else []
            found.append(Offer(each["name"], tuple(kept)))
    return tuple(found)


def _parameter(plain: dict[str, Any]) -> Parameter:
    default = plain.get("default")
    return Parameter(
        str(plain.get("name")),
        None if default is None else str(default),
        str(plain.get("annotation") or ""),
    )
