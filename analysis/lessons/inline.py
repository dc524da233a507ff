"""Reads the inline marks of a paragraph: bold, stress, code, terms of the glossary, numbers."""

from __future__ import annotations

import re

from analysis.lessons.lesson import Inline, Paragraph

_MARKS = re.compile(
    r"\*\*(?P<strong>[^*]+)\*\*"
    r"|\*(?P<stress>[^*\s][^*]*)\*"
    r"|`(?P<code>[^`]+)`"
    r"|\[(?P<term>[^\]]+)\]\(term:(?P<target>[a-z0-9-]+)\)"
    r"|\{(?P<number>[^{}]+)\}"
)


def read_inline(text: str) -> Paragraph:
    """The pieces of one paragraph; what is no mark stands as it is written."""
    pieces: list[Inline] = []
    end = 0
    for found in _MARKS.finditer(text):
        if found.start() > end:
            pieces.append(Inline("words", text[end : found.start()]))
        pieces.append(_piece(found))
        end = found.end()
    if end < len(text):
        pieces.append(Inline("words", text[end:]))
    return tuple(pieces)


def _piece(found: re.Match[str]) -> Inline:
    if found["strong"] is not None:
        return Inline("strong", found["strong"])
    if found["stress"] is not None:
        return Inline("stress", found["stress"])
    if found["code"] is not None:
        return Inline("code", found["code"])
    if found["term"] is not None:
        return Inline("term", found["term"], found["target"])
    return Inline("number", found["number"], found["number"].strip())


def plain_text(paragraph: Paragraph) -> str:
    """The words alone; a number counts as one word."""
    return "".join("0" if each.kind == "number" else each.text for each in paragraph)


def length(paragraphs: tuple[Paragraph, ...]) -> float:
    """How long a text is, in words; of Chinese two characters count as one word."""
    text = " ".join(plain_text(each) for each in paragraphs)
    chinese = len(re.findall(r"[\u3400-\u9fff]", text))
    others = re.sub(r"[\u3000-\u9fff\uff00-\uffef]", " ", text)
    return chinese / 2 + sum(any(c.isalnum() for c in word) for word in others.split())
