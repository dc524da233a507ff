"""Reads the configurations of a plans file, and which of them a folder of results is of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.faults import Fault
from analysis.storage.regular_file import open_regular

LONGEST = 32 << 20
"""Bytes of a JSON file that are read; plans have some ten thousand."""
DEEPEST = 8
"""Configurations that inherit from one another."""


class PlansError(Exception):
    """Why there is no network: a fault `plans-…`."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.code}: {fault.numbers}")
        self.fault = fault


def read_json(path: Path) -> dict[str, Any]:
    """The object of a JSON file. Raises PlansError, OSError."""
    try:
        with open_regular(path) as file:
            content = file.read(LONGEST + 1)
        if len(content) > LONGEST:
            raise ValueError(f"over {LONGEST >> 20} MB")
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise PlansError(Fault("plans-damaged", (path.name, str(error)[:120]))) from error
    if not isinstance(found, dict):
        raise PlansError(Fault("plans-damaged", (path.name, type(found).__name__)))
    return found


def read_plans(path: Path) -> dict[str, Any]:
    """The plans of a file, which have configurations. Raises PlansError, OSError."""
    plans = read_json(path)
    if not isinstance(plans.get("configurations"), dict) or not plans["configurations"]:
        raise PlansError(Fault("plans-damaged", (path.name, "configurations")))
    return plans


def configurations(plans: Mapping[str, Any], path: Path) -> tuple[str, ...]:
    """The names to choose of: all that describe a network, or the one that the folder names.

    A folder of results is called TRAINER__PLANS__CONFIGURATION.
    """
    held = plans["configurations"]
    named = path.absolute().parent.name.rpartition("__")[2]
    if named in held:
        return (named,)
    return tuple(str(name) for name in held if "patch_size" in _inherited(held, str(name)))


def settings_of(plans: Mapping[str, Any], name: str, file: str) -> Mapping[str, Any]:
    """What a configuration says, with what it inherits. Raises PlansError."""
    held = plans["configurations"]
    if name not in held:
        raise PlansError(Fault("plans-configuration", (file, name, ", ".join(map(str, held)))))
    return _inherited(held, name)


def _inherited(held: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The settings, those of the nearest first; a circle or a stranger ends the line."""
    found: dict[str, Any] = {}
    for _ in range(DEEPEST):
        own = held.get(name)
        if not isinstance(own, Mapping):
            break
        found = {**own, **found}
        name = str(own.get("inherits_from", ""))
    return found
