"""Cuts the names of blocks to the room of a caption so that no two of them look alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_REPEATED = re.compile(r"((?:[./][^./\s]+)+?)\1+")
"""A part of a path that follows itself, as in networks whose levels lie in each other."""

Elide = Callable[[str], str]
"""Gives a text as it fits, cut in its middle where it is too wide."""


def titles(names: Iterable[str], elide: Elide) -> dict[str, str]:
    """Every name as it is written: whole where it fits.

    A path that repeats itself is counted, `1(.m.3)×5.m.1`. Names that would be cut to the same
    text get a number: `2 · model.enc…conv`.
    """
    different = list(dict.fromkeys(names))
    found = {name: name if elide(name) == name else elide(_counted(name)) for name in different}
    taken = {title for name, title in found.items() if title == name}
    for name in different:
        if found[name] == name:
            continue
        number = 1
        while found[name] in taken:
            number += 1
            found[name] = elide(f"{number} · {name}")
        taken.add(found[name])
    return found


def _counted(name: str) -> str:
    return _REPEATED.sub(lambda found: f"({found[1]})×{len(found[0]) // len(found[1])}", name)
