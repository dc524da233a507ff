"""Translates text on screen: English in the code, other languages in assets/translations."""

from __future__ import annotations

import json
import weakref
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from PySide6.QtCore import QLocale, QObject, Signal
from shiboken6 import isValid

from viewer.override_guard import Guarded
from viewer.text.languages import ENGLISH, LANGUAGES, language_row
from viewer.text.marking import mark

__all__ = [
    "Language",
    "Worded",
    "catalogue",
    "language",
    "mark",
    "said_anew",
    "say",
    "system_language",
    "tr",
]


class Language(Guarded, QObject):
    """The language in use; `changed` is emitted for everything on screen to be written again."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.row = ENGLISH

    @property
    def code(self) -> str:
        """The code of the language in use."""
        return self.row.code

    def use(self, code: str) -> None:
        """Switch to a language by its code or what `--lang` calls it; any other is English."""
        chosen = language_row(code)
        if chosen != self.row:
            self.row = chosen
            self.changed.emit()


language = Language()


def system_language() -> str:
    """The system's language where it is one of ours, else English."""
    return language_row(QLocale.system().name()).code


@lru_cache(maxsize=4)
def catalogue(code: str) -> dict[str, str]:
    """English sentence → sentence in `code`; empty for English."""
    if code == "en":
        return {}
    entries: dict[str, str] = {}
    for area in sorted(_areas(code), key=lambda each: each.name):
        entries.update(json.loads(area.read_text(encoding="utf-8")))
    return entries


def _areas(code: str) -> list[Traversable]:
    """One file for each area of the screen."""
    folder = files("assets").joinpath(f"translations/{code}")
    return [each for each in folder.iterdir() if each.name.endswith(".json")]


def tr(text: str, **values: object) -> str:
    """`text` in the language in use, with {names} replaced by `values`."""
    said = catalogue(language.code).get(text, text)
    return said.format(**values) if values else said


def said_anew(text: str) -> str:
    """A translated text without names and numbers in the language in use; any other stays."""
    for row in LANGUAGES:
        if (english := _english(row.code).get(text)) is not None:
            return tr(english)
    return tr(text)


@lru_cache(maxsize=4)
def _english(code: str) -> dict[str, str]:
    """Sentence in `code` → English sentence."""
    return {said: text for text, said in catalogue(code).items()}


class Worded:
    """A value in a sentence, worded each time that the sentence is said."""

    def __init__(self, words: Callable[[], str]) -> None:
        self._words = words

    def __str__(self) -> str:
        return self._words()


def say(owner: QObject, setter: Callable[[str], object], text: str, **values: object) -> None:
    """Put the translated `text` through `setter` now and whenever the language changes.

    `owner` bounds the connection: when it is destroyed, or the same setter is given another
    text, the old one is forgotten.
    """
    sayings = _sayings(owner)
    sayings[_setter_name(setter)] = (setter, text, values)
    setter(tr(text, **values))


def _setter_name(setter: Callable[[str], object]) -> tuple[int, str]:
    bound_to = getattr(setter, "__self__", None)
    return (id(bound_to), getattr(setter, "__name__", repr(setter)))


Saying = tuple[Callable[[str], object], str, dict[str, object]]
_spoken: weakref.WeakKeyDictionary[QObject, dict[tuple[int, str], Saying]] = (
    weakref.WeakKeyDictionary()
)


def _sayings(owner: QObject) -> dict[tuple[int, str], Saying]:
    known = _spoken.get(owner)
    if known is None:
        known = _spoken[owner] = {}
        owner.destroyed.connect(lambda *_: known.clear())
    return known


def _say_all_again() -> None:
    for sayings in list(_spoken.values()):
        for key, (setter, text, values) in list(sayings.items()):
            widget = getattr(setter, "__self__", None)
            if isinstance(widget, QObject) and not isValid(widget):
                del sayings[key]
            else:
                setter(tr(text, **values))


language.changed.connect(_say_all_again)
