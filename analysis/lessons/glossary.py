"""The glossary: terms with their meaning, read from one Markdown file for each language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from analysis.lessons.inline import read_inline
from analysis.lessons.lesson import Paragraph

_HEADING = re.compile(r"##\s+(?P<title>.+?)\s+\{#(?P<key>[a-z0-9-]+)\}")

_SHOWN = ("Lesson:", "Workspace:")


@dataclass(frozen=True, slots=True)
class Term:
    """A term, what it means, and the lesson or else the workspace that shows it."""

    key: str
    title: str
    meaning: Paragraph
    lesson: str = ""
    workspace: str = ""


def read_glossary(text: str) -> dict[str, Term]:
    """The terms of a file: `## Stride {#stride}`, a paragraph, and `Lesson: name`.

    `Workspace: key` stands where no lesson shows the term.
    """
    found: dict[str, Term] = {}
    for part in re.split(r"(?m)^(?=## )", text):
        head, _, body = part.partition("\n")
        heading = _HEADING.fullmatch(head.strip())
        if heading is None:
            continue
        lines = [line.strip() for line in body.splitlines() if line.strip()]
        shown = {mark: _after(mark, lines) for mark in _SHOWN}
        said = " ".join(each for each in lines if not each.startswith(_SHOWN))
        key = heading["key"]
        found[key] = Term(key, heading["title"], read_inline(said), *shown.values())
    return found


def _after(mark: str, lines: list[str]) -> str:
    return next((each[len(mark) :].strip() for each in lines if each.startswith(mark)), "")


@lru_cache(maxsize=4)
def glossary(language: str) -> Mapping[str, Term]:
    """The terms of the program's own glossary in a language; in English where it has none."""
    folder = files("assets").joinpath("lessons", "glossary")
    path = folder.joinpath(f"{language}.md")
    if not path.is_file():
        path = folder.joinpath("en.md")
    return read_glossary(path.read_text(encoding="utf-8"))
