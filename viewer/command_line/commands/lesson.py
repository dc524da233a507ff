"""`fieldglass lesson check DIR`: tries a lesson's folder, and says what is wrong by its line."""

from __future__ import annotations

import argparse
from pathlib import Path
from random import Random
from typing import Any

from analysis.lessons.folder import LessonFolder, read_folder
from analysis.lessons.lesson import LANGUAGES, LessonFault
from analysis.lessons.questions.table import QUESTIONS
from analysis.storage import path_check
from viewer.command_line.shared.answers import as_json, as_table, give
from viewer.command_line.shared.refusal import Refusal
from viewer.command_line.shared.sentence import sentence

COLUMNS = ("language", "title", "steps", "question")


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `lesson`."""
    parser.add_argument("action", choices=("check",), help="check: read the lesson and try it")
    parser.add_argument("folder", metavar="DIR", help="the folder of the lesson")
    parser.add_argument("--format", choices=("table", "json"), default="table")


def run(asked: argparse.Namespace) -> None:
    """Check the lesson. Raises Refusal with the first thing that is wrong, and how many follow."""
    if not path_check.is_folder(asked.folder):
        raise Refusal(f"There is no folder {asked.folder}.")
    folder = read_folder(Path(asked.folder))
    if folder.faults:
        raise Refusal(_first(folder.faults), asked.folder)
    if asked.format == "json":
        give(as_json(_answer(folder)), None)
    else:
        give(as_table(COLUMNS, _answer(folder)["lessons"]), None)


def _first(faults: tuple[LessonFault, ...]) -> str:
    first = faults[0]
    place = f"{first.file}, line {first.line}" if first.line else first.file
    more = f" ({len(faults) - 1} more)" if len(faults) > 1 else ""
    return f"{place}: {sentence(first.fault)}{more}"


def _answer(folder: LessonFolder) -> dict[str, Any]:
    """What the lesson is; its question is drawn once, so that it is known to work."""
    rows = []
    for code in LANGUAGES:
        lesson = folder.lessons.get(code)
        if lesson is None:
            continue
        assert lesson.question is not None, "a lesson without a question has a fault"
        QUESTIONS[lesson.question.kind].draw(Random(0))
        rows.append(
            {
                "language": code,
                "title": lesson.title,
                "steps": len(lesson.steps),
                "question": lesson.question.kind,
            }
        )
    return {"lesson": folder.name, "lessons": rows}
