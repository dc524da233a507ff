"""Finds blueprints and presets by what people call them: name, author, year, arXiv number."""

from __future__ import annotations

import re

from analysis.blueprints import BLUEPRINTS, PRESETS
from viewer.text.translation import tr

_BETWEEN = re.compile(r"[\W_]+")


def blueprint_matches(name: str, typed: str) -> bool:
    """Whether every word that was typed is in the name or sentence of a blueprint."""
    each = BLUEPRINTS[name]
    return _holds((name, each.title, tr(each.title), each.sentence, tr(each.sentence)), typed)


def preset_matches(key: str, typed: str) -> bool:
    """Whether every word that was typed is in a preset's name, its blueprint's, or its source."""
    preset = PRESETS[key]
    title = BLUEPRINTS[preset.blueprint].title
    names = (key, preset.title, tr(preset.title), title, tr(title), preset.paper.authors)
    return _holds(names, typed, (str(preset.paper.year), *preset.paper.place.split()))


def _holds(texts: tuple[str, ...], typed: str, numbers: tuple[str, ...] = ()) -> bool:
    """Hyphens and capitals make no difference: `unet 2015` finds U-Net 2015.

    A word may stand anywhere in `texts`, and only at the beginning of one of `numbers`: any few
    digits are somewhere in an arXiv number.
    """
    known = "\n".join(map(_plain, texts))
    begun = tuple(map(_plain, numbers))
    words = [_plain(word) for word in typed.split()]
    return all(word in known or any(each.startswith(word) for each in begun) for word in words)


def _plain(text: str) -> str:
    return _BETWEEN.sub("", text).casefold()
