"""Splits a lesson's Markdown into its sections: heading, paragraphs, action, fenced settings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from analysis.faults import Fault
from analysis.lessons.lesson import LessonFault

BLOCKS = ("step", "question")


@dataclass
class Section:
    """What stands below a heading. Lines count from 1."""

    title: str
    line: int
    level: int
    paragraphs: list[tuple[int, str]] = field(default_factory=list)
    action: tuple[int, str] | None = None
    block: str = ""
    """`step` or `question`, where it has settings."""
    block_line: int = 0
    settings: list[tuple[int, str, str]] = field(default_factory=list)
    """(line, key, value) as they are written."""


class Reader:
    """Goes through the lines once; `faults` says what is no lesson's Markdown."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.sections: list[Section] = []
        self.faults: list[LessonFault] = []
        self._open: list[str] = []
        self._open_at = 0
        self._quoted = False
        self._fence = 0

    def read(self, text: str) -> list[Section]:
        """The sections of a text."""
        for number, line in enumerate(text.splitlines(), 1):
            self._take(number, line.rstrip())
        self._end_paragraph()
        if self._fence:
            self._fault(self._fence, "lesson-block-open")
        return self.sections

    def _fault(self, line: int, code: str, *numbers: str) -> None:
        self.faults.append(LessonFault(self._file, line, Fault(code, numbers)))

    def _take(self, number: int, line: str) -> None:
        if self._fence:
            self._take_setting(number, line)
        elif line.startswith("```"):
            self._end_paragraph()
            self._begin_block(number, line[3:].strip())
        elif heading := re.fullmatch(r"(#{1,2})\s+(.+)", line):
            self._end_paragraph()
            self.sections.append(Section(heading[2].strip(), number, len(heading[1])))
        elif not line:
            self._end_paragraph()
        else:
            self._take_words(number, line)

    def _take_words(self, number: int, line: str) -> None:
        quoted = line.startswith(">")
        if self._open and quoted != self._quoted:
            self._end_paragraph()
        if not self._open:
            self._open_at, self._quoted = number, quoted
        self._open.append(line.removeprefix(">").strip())

    def _end_paragraph(self) -> None:
        """Lines of one paragraph are one; Chinese ones are joined without a space."""
        if not self._open:
            return
        text = self._open[0]
        for more in self._open[1:]:
            text += ("" if _is_wide(text[-1]) or _is_wide(more[0]) else " ") + more
        self._open = []
        if not self.sections:
            self._fault(self._open_at, "lesson-no-title")
            return
        section = self.sections[-1]
        if not self._quoted:
            section.paragraphs.append((self._open_at, text))
        elif section.action is None:
            section.action = (self._open_at, text)
        else:
            self._fault(self._open_at, "lesson-two-actions")

    def _begin_block(self, number: int, kind: str) -> None:
        self._fence = number
        if kind not in BLOCKS:
            self._fault(number, "lesson-unknown-block", kind, ", ".join(BLOCKS))
        elif not self.sections or self.sections[-1].level == 1:
            self._fault(number, "lesson-block-outside", kind)
        elif self.sections[-1].block:
            self._fault(number, "lesson-two-blocks")
        else:
            self.sections[-1].block, self.sections[-1].block_line = kind, number

    def _take_setting(self, number: int, line: str) -> None:
        if line.strip() == "```":
            self._fence = 0
            return
        if line.startswith(("```", "## ")):  # what follows the block: it was never ended
            self._fault(self._fence, "lesson-block-open")
            self._fence = 0
            self._take(number, line)
            return
        key, colon, value = line.partition(":")
        if not line.strip() or not self.sections:
            return
        if not colon or not value.strip():
            self._fault(number, "lesson-no-setting", line.strip())
            return
        self.sections[-1].settings.append((number, key.strip(), value.strip()))


def line_of(lines: Sequence[str], start: int, words: str) -> int:
    """The line, from `start` on, that holds the words or at least their first one; else `start`."""
    for wanted in (words, words.split(maxsplit=1)[0] if words.split() else words):
        for number, line in enumerate(lines[start - 1 :], start):
            if wanted in line:
                return number
    return start


def _is_wide(character: str) -> bool:
    """Whether it is of a script, or a mark, that is written without spaces."""
    return "\u2e80" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef"
