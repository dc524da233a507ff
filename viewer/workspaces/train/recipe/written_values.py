"""Reads and writes the values of a recipe that are typed as text."""

from __future__ import annotations

import re
from typing import Any

from analysis.blueprints import parse
from analysis.faults import Fault
from analysis.training.recipe import read_recipe

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def _numbers(text: str) -> list[float | int]:
    return [_plain(float(each)) for each in NUMBER.findall(text.replace("−", "-"))]


def _plain(value: float) -> float | int:
    return int(value) if value.is_integer() and abs(value) < 1e9 else value


def read_rate(text: str) -> object:
    """A learning rate."""
    return _checked("learning_rate", _one(text), text)


def read_weight(text: str) -> object:
    """The weight of a penalty."""
    return _checked("penalty", {"weight": _one(text)}, text, "weight")


def read_target(text: str) -> object:
    """The mean activation that a sparse code is pressed to."""
    return _checked("penalty", {"target": _one(text)}, text, "target")


def read_layer(text: str) -> object:
    """A layer by its name; nothing is the code."""
    return text.strip()


def write_rate(value: object) -> str:
    """As it is spoken of: 0.001, 3e-5."""
    return f"{value:g}" if isinstance(value, float | int) else ""


def read_range(text: str) -> object:
    """Two ends of a range of σ, or one number for both."""
    found = NUMBER.findall(re.sub(r"[–—-]", " ", text))
    numbers = [_plain(float(each)) for each in found]
    return _checked("noise", {"sigma": numbers or text}, text, "sigma")


def write_range(value: object) -> str:
    """7 – 52; one number where both ends are the same."""
    low, high = value if isinstance(value, tuple) else (0.0, 0.0)
    return f"{low:g}" if low == high else f"{low:g} – {high:g}"


def read_sigmas(text: str) -> object:
    """The σ that held-out pictures are measured at."""
    return _checked("evaluate", {"sigma": _numbers(text) or text}, text, "sigma")


def read_shares(text: str) -> object:
    """A probability for each skip, shallow first; nothing is none."""
    found = _numbers(text.replace("/", " "))
    return _checked("skip_dropout", found, text) if found or text else ()


def write_list(value: object) -> str:
    """.35 / .25 / .25"""
    values = value if isinstance(value, tuple) else ()
    return " / ".join(f"{each:g}" for each in values)


def read_model(text: str) -> object:
    """A blueprint with its settings, as `unet:depth=3,base=16`."""
    found = parse(text)
    return found if isinstance(found, Fault) else text


def write_text(value: object) -> str:
    """As it is."""
    return str(value or "")


def _one(text: str) -> object:
    found = _numbers(text)
    return found[0] if len(found) == 1 else text


def _checked(key: str, value: object, text: str, inner: str = "") -> object:
    """The value as a recipe has it, or why it cannot have it."""
    given: Any = value if value != text or not inner else {inner: text}
    recipe = read_recipe({key: given})
    if isinstance(recipe, Fault):
        return recipe
    found = getattr(recipe, key)
    return getattr(found, inner) if inner else found
