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


@dataclass(frozen=True, slots=True)
class Term:
    """A term, what it means, and the lesson that shows it (empty where none does)."""

    key: str
    title: str
    meaning: Paragraph
    lesson: str = ""


def read_glossary(text: str) -> dict[str, Term]:
    """The terms of a file: `## Stride {#stride}`, a paragraph, and `Lesson: name`."""
    found: dict[str, Term] = {}
    for part in re.split(r"(?m)^(?=## )", text):
        head, _, body = part.partition("\n")
        heading = _HEADING.fullmatch(head.strip())
        if heading is None:
            continue
        lines = [line.strip() for line in body.splitlines() if line.strip()]
        lesson = next((each[7:].strip() for each in lines if each.startswith("Lesson:")), "")
        said = " ".join(each for each in lines if not each.startswith("Lesson:"))
        key = heading["key"]
        found[key] = Term(key, heading["title"], read_inline(said), lesson)
    return found


@lru_cache(maxsize=4)
def glossary(language: str) -> Mapping[str, Term]:
    """The terms of the program's own glossary in a language."""
    path = files("assets").joinpath("lessons", "glossary", f"{language}.md")
    return read_glossary(path.read_text(encoding="utf-8"))
