"""`fieldglass animate`: the animation of one convolution, transposed convolution or pooling."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.faults import Fault
from viewer.command_line.shared.answers import unwritable
from viewer.command_line.shared.case_arguments import add_case, case_file, exercise
from viewer.command_line.shared.progress import waiting
from viewer.command_line.shared.refusal import Refusal
from viewer.drawing.files import formats
from viewer.drawing.files.file_format import endings, format_of

if TYPE_CHECKING:
    from analysis.arithmetic.example.case_file import Exercise
    from viewer.drawing.arithmetic.animation import Animation

MOST_STEPS = 10_000
LEAST_SIDE, MOST_SIDE = 160, 4096


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `animate`."""
    add_case(parser)
    parser.add_argument(
        "-o", "--output", metavar="OUT", required=True, help=f"the animation: {_known()}"
    )
    parser.add_argument(
        "--look", choices=("plates", "flat"), default="plates", help="slanted, or with the kernel"
    )
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--by", choices=("output", "input"), default="output", help="a step's cell")
    parser.add_argument("--values", choices=("numbers", "symbols"), default="numbers")
    parser.add_argument("--range", metavar="A-B", help="the steps, from 1")
    parser.add_argument("--frame", metavar="W,H", default="640,480", help="pixels of a frame")
    parser.add_argument("--speed", metavar="X", type=float, default=1.0, help="1 is 0.4 s a step")


def run(asked: argparse.Namespace) -> None:
    """Write the animation. Raises Refusal."""
    path = Path(asked.output)
    if format_of(formats.ANIMATIONS, path) is None:
        raise Refusal(f"{path.name} ends in none of {_known()}.")
    if not 0.05 <= asked.speed <= 40:
        raise Refusal(f"--speed is {asked.speed:g}; it goes from 0.05 to 40.")
    frame = _frame(asked.frame)
    given = case_file(asked)
    cases = given if isinstance(given, list) else [given]
    if not cases:
        raise Refusal(Fault("no-cases", ()), asked.case)
    # Every case is read before the first file is written.
    read = [
        exercise(each, asked, f"case {n}" if isinstance(given, list) else "")
        for n, each in enumerate(cases, 1)
    ]
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # a file needs no display, whatever is set
    films = [_film(each, asked, frame) for each in read]
    for number, film in enumerate(films, 1):
        name = f"{path.stem}-{number}{path.suffix}" if isinstance(given, list) else path.name
        _write(film, path.with_name(name))


def _write(film: Animation, path: Path) -> None:
    from PySide6.QtGui import QGuiApplication

    from viewer.drawing.arithmetic.animation_file import export_animation
    from viewer.drawing.arithmetic.formats.contract import CannotExport
    from viewer.look.fonts import load_fonts

    if QGuiApplication.instance() is None:
        _kept.append(QGuiApplication([]))
        load_fonts()
    try:
        with waiting(f"{path.name}: {len(film.steps)} steps"):
            export_animation(film, path)
    except CannotExport as error:
        raise Refusal(str(error)) from error
    except OSError as error:
        raise unwritable(path, error) from error


def _film(read: Exercise, asked: argparse.Namespace, frame: tuple[int, int]) -> Animation:
    from analysis.arithmetic import plan
    from viewer.drawing.arithmetic.animation import Animation
    from viewer.drawing.arithmetic.scene import Scene

    if asked.by == "input" and read.case.kind != "transposed":
        raise Refusal("--by input is for a transposed convolution; this case steps by output.")
    scene = Scene(
        plan(read.case),
        read.x,
        read.w,
        read.b,
        look=asked.look,
        mode=asked.theme,
        shown=asked.values,
        by=asked.by,
    )
    first, last = _range(asked.range, scene.steps)
    chosen = format_of(formats.ANIMATIONS, Path(asked.output))
    if last - first >= MOST_STEPS and chosen is not None and chosen.holds_steps:
        raise Refusal(
            f"{last - first + 1} steps are too many for one file. --range 1-{MOST_STEPS} works."
        )
    return Animation(scene, frame, asked.speed, first, last)


def _range(text: str | None, steps: int) -> tuple[int, int]:
    """The first and last step, from 0."""
    if text is None:
        return 0, steps - 1
    found = re.fullmatch(r"(\d{1,9})-(\d{1,9})", text)
    if found is None or not 1 <= int(found[1]) <= int(found[2]) <= steps:
        raise Refusal(f"--range is {text}; this case has the steps 1-{steps}.")
    return int(found[1]) - 1, int(found[2]) - 1


def _known() -> str:
    return " ".join(endings(formats.ANIMATIONS))


def _frame(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,5}),(\d{1,5})", text)
    if found is None or not all(LEAST_SIDE <= int(n) <= MOST_SIDE for n in found.groups()):
        raise Refusal(
            f"--frame is {text}; it takes W,H, each from {LEAST_SIDE} to {MOST_SIDE} pixels."
        )
    return int(found[1]), int(found[2])


_kept: list[object] = []
"""The application that fonts need, kept as long as the process."""
