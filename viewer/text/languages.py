"""The languages of the program, one row each; their texts lie in assets/translations/<code>."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """A language and what its typography needs."""

    code: str
    """As Qt spells a locale, and the name of its folder."""
    name: str
    """In the language itself."""
    option: str
    """What `--lang` calls it."""
    space: str = " "
    """What stands between two words or two sentences."""
    comma: str = ", "
    """What stands between the parts of a list."""
    english: str = ""
    """Its name in English, by which it is found too."""


LANGUAGES: tuple[LanguageRow, ...] = (
    LanguageRow("en", "English", "en"),
    LanguageRow("zh_CN", "简体中文", "zh", space="", comma="、", english="Chinese"),
)
ENGLISH = LANGUAGES[0]


def language_row(code: str) -> LanguageRow:
    """The language that a locale or `--lang` means, else English.

    It is found by its code, else by the letters that `--lang` takes: zh for zh_TW too.
    """
    exact = [row for row in LANGUAGES if code in (row.code, row.option)]
    near = [row for row in LANGUAGES if code.lower().startswith(row.option.lower())]
    return (exact or near or [ENGLISH])[0]
