"""Reads the folder of a lesson: one Markdown file a language, alike step by step."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import zip_longest
from pathlib import Path

from analysis.faults import Fault
from analysis.lessons.glossary import glossary
from analysis.lessons.lesson import LANGUAGES, Lesson, LessonFault, Paragraph, Step
from analysis.lessons.parsing import read_lesson
from analysis.lessons.sections import line_of
from analysis.storage.regular_file import open_regular, read_fault

MOST_BYTES = 1 << 18
"""A longer file is no lesson."""
PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
MOST_PICTURE_BYTES = 32 << 20
ORDER = "order.txt"
_BROKEN_TERM = re.compile(r"\S*\(term:\S*")
"""Lists the lessons that come with the program, one a line, in their order."""


@dataclass(frozen=True)
class LessonFolder:
    """The lesson in each language that its folder has, and all that is wrong with them."""

    name: str
    lessons: Mapping[str, Lesson]
    pictures: Mapping[str, Path] = field(default_factory=dict)
    """The pictures of the folder that steps may run on, by their names."""
    faults: tuple[LessonFault, ...] = ()

    def in_language(self, code: str) -> Lesson:
        """The lesson in a language, else in one that there is. A folder has one at least."""
        return self.lessons.get(code) or next(iter(self.lessons.values()))


def is_lesson(folder: Path) -> bool:
    """Whether a folder holds a lesson's file."""
    return any((folder / f"{code}.md").is_file() for code in LANGUAGES)


def read_folder(folder: Path) -> LessonFolder:
    """The lesson of a folder of somebody's; nothing in it is run."""
    texts: dict[str, str] = {}
    faults: list[LessonFault] = []
    for code in LANGUAGES:
        path = folder / f"{code}.md"
        if not path.exists():
            continue
        read = _text(path)
        if isinstance(read, Fault):
            faults.append(LessonFault(path.name, 0, read))
        else:
            texts[code] = read
    if not texts and not faults:
        wanted = ", ".join(f"{code}.md" for code in LANGUAGES)
        faults.append(LessonFault(folder.name, 0, Fault("lesson-no-file", (wanted,))))
    pictures = _pictures(folder)
    found = of_texts(folder.name, texts, pictures)
    return LessonFolder(found.name, found.lessons, pictures, (*faults, *found.faults))


def _pictures(folder: Path) -> dict[str, Path]:
    """Ordinary files in the folder itself, by name."""
    try:
        inside = list(folder.iterdir())
    except OSError:
        return {}
    return {each.name: each for each in inside if each.suffix.lower() in PICTURES and _fits(each)}


def _fits(path: Path) -> bool:
    return path.is_file() and path.stat().st_size <= MOST_PICTURE_BYTES


def _text(path: Path) -> str | Fault:
    try:
        # Line ends of every system are read as one, as from a text file.
        with io.TextIOWrapper(open_regular(path), encoding="utf-8") as file:
            size = os.fstat(file.fileno()).st_size
            if size > MOST_BYTES:
                return Fault("lesson-file-too-long", (size, MOST_BYTES))
            return file.read()
    except OSError as error:
        return read_fault(error, path.name)
    except UnicodeDecodeError:
        return Fault("lesson-not-text", ())


def of_texts(
    name: str, texts: Mapping[str, str], pictures: Mapping[str, Path] | None = None
) -> LessonFolder:
    """The lesson of its texts by language."""
    lessons: dict[str, Lesson] = {}
    faults: list[LessonFault] = []
    for code, text in texts.items():
        lesson, wrong = read_lesson(text, name, code, pictures or ())
        lessons[code] = lesson
        lines = text.splitlines()
        wrong += [*_unknown_terms(lesson, lines), *_broken_terms(lesson, lines)]
        faults += sorted(wrong, key=lambda each: each.line)
    if len(lessons) > 1 and not faults:
        faults += _differences(*list(lessons.values())[:2])
    return LessonFolder(name, lessons, pictures or {}, tuple(faults))


def _unknown_terms(lesson: Lesson, lines: Sequence[str]) -> list[LessonFault]:
    known, file = glossary(lesson.language), f"{lesson.language}.md"
    return [
        LessonFault(file, at, Fault("lesson-unknown-term", (piece.target,)))
        for line, paragraph in _paragraphs(lesson)
        for piece in paragraph
        if piece.kind == "term" and piece.target not in known
        for at in (line_of(lines, line, f"(term:{piece.target})"),)
    ]


def _broken_terms(lesson: Lesson, lines: Sequence[str]) -> list[LessonFault]:
    """Links to the glossary that are written wrongly and so stand in the text as they are."""
    return [
        LessonFault(f"{lesson.language}.md", at, Fault("lesson-broken-term", (found[0],)))
        for line, paragraph in _paragraphs(lesson)
        for piece in paragraph
        if piece.kind != "code" and (found := _BROKEN_TERM.search(piece.text))
        for at in (line_of(lines, line, found[0]),)
    ]


def _paragraphs(lesson: Lesson) -> list[tuple[int, Paragraph]]:
    """Every paragraph, with the line of the heading it stands under."""
    found = [(1, lesson.summary)]
    for step in lesson.steps:
        found += [(step.line, each) for each in (*step.text, step.action)]
    if lesson.question is not None:
        said = (*lesson.question.text, lesson.question.explanation)
        found += [(lesson.question.line, each) for each in said]
    return found


def _differences(one: Lesson, other: Lesson) -> list[LessonFault]:
    """Two languages have the same steps: what is set, pointed at, checked and shown."""
    file = f"{other.language}.md"
    if len(one.steps) != len(other.steps):
        here, there = _parting(other, one), _parting(one, other)
        numbers = (len(other.steps), len(one.steps), f"{one.language}.md", there)
        return [LessonFault(file, here, Fault("lesson-steps-differ", numbers))]
    faults = [
        LessonFault(file, theirs.line, Fault("lesson-step-differs", (f"{one.language}.md", line)))
        for ours, theirs in zip(one.steps, other.steps, strict=True)
        if _settings(ours) != _settings(theirs)
        for line in (ours.line,)
    ]
    ours_kind = one.question.kind if one.question else ""
    if other.question is not None and other.question.kind != ours_kind:
        at = (f"{one.language}.md", one.question.line if one.question else 0)
        faults.append(LessonFault(file, other.question.line, Fault("lesson-step-differs", at)))
    return faults


def _parting(lesson: Lesson, other: Lesson) -> int:
    """The line of the first step whose settings another language's lesson has not in its place."""
    pairs = zip_longest(lesson.steps, other.steps)
    apart = (
        ours
        for ours, theirs in pairs
        if not (ours and theirs) or _settings(ours) != _settings(theirs)
    )
    first = next(apart, None)
    if first is None:  # it ends before the other does
        return lesson.question.line if lesson.question else lesson.steps[-1].line
    return first.line


def _settings(step: Step) -> tuple[object, ...]:
    return step.state, step.control, step.check, step.show


# ------------------------------------------------------------------ those of the program


def shipped_names() -> tuple[str, ...]:
    """The lessons that come with the program, in their order."""
    listed = _shipped().joinpath(ORDER).read_text(encoding="utf-8").splitlines()
    return tuple(name.strip() for name in listed if name.strip())


def shipped(name: str) -> LessonFolder:
    """One of them; a text is read as a lesson once, however many ask for it."""
    folder = _shipped().joinpath(name)
    read = tuple(folder.joinpath(f"{code}.md").read_text(encoding="utf-8") for code in LANGUAGES)
    return _read_once(name, read)


@lru_cache(maxsize=64)
def _read_once(name: str, read: tuple[str, ...]) -> LessonFolder:
    return of_texts(name, dict(zip(LANGUAGES, read, strict=True)))


def _shipped() -> Traversable:
    return files("assets").joinpath("lessons")
