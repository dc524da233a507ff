"""`fieldglass review`: what an experienced colleague would remark of a network."""

from __future__ import annotations

import argparse
import math
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis.facts import Facts, analyse
from analysis.faults import Fault
from analysis.review import (
    SEVERITIES,
    Finding,
    OnImage,
    Review,
    Signal,
    Subject,
    review,
    with_mend_of_another,
)
from viewer.command_line.shared.answers import as_json, give, unwritable
from viewer.command_line.shared.arguments import MOST_AXIS, add_common
from viewer.command_line.shared.engine_run import decoded, engine_on, request_of
from viewer.command_line.shared.image_options import add_image_options, reading_of
from viewer.command_line.shared.model import Model, open_model, with_weights
from viewer.command_line.shared.note import note
from viewer.command_line.shared.progress import waiting
from viewer.command_line.shared.refusal import Refusal
from viewer.text.escaping import terminal_line
from viewer.text.languages import LANGUAGES

MOST_NAMED = 6
"""Layers of a finding that the table names."""
MOST_DIGITS = 12
"""Digits of a number that is read at all: Python refuses those of thousands."""


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `review`."""
    add_common(parser, output="write the answer to this file", answers=False)
    parser.add_argument(
        "--object",
        metavar="PIXELS",
        type=_pixels,
        help="the side of what the network is to recognise, in input pixels",
    )
    parser.add_argument(
        "--spacing",
        metavar="Z,Y,X",
        type=_spacing,
        help="how far apart pixels lie along each axis, in one unit; else as the image tells it",
    )
    parser.add_argument("--image", metavar="IMG", help="also what the network does with this image")
    add_image_options(parser)
    parser.add_argument(
        "--signal",
        action="store_true",
        help="also gradient, activations and dead ReLUs with random inputs, new weights",
    )
    parser.add_argument(
        "--format", choices=("table", "json", "html"), default="table", help="of the answer"
    )
    lang = [row.option for row in LANGUAGES]
    parser.add_argument("--lang", choices=lang, default="en", help="the language of the answer")
    parser.add_argument(
        "--fail-on",
        choices=SEVERITIES,
        help="exit with 1 where something at least that severe is found",
    )


def _pixels(text: str) -> int:
    """A whole number of pixels. Raises Refusal."""
    if not text.strip().isdecimal():
        raise Refusal(f"--object is {text}; it takes one whole number of pixels, such as 64.")
    size = int(text) if len(text) <= MOST_DIGITS else 0
    if not 1 <= size <= MOST_AXIS:
        raise Refusal(f"--object is {text}; it goes from 1 to {MOST_AXIS}.")
    return size


def _spacing(text: str) -> tuple[float, ...]:
    """A positive distance for each axis. Raises Refusal."""
    try:
        distances = tuple(float(each) for each in text.split(","))
    except ValueError:
        distances = ()
    if not 1 <= len(distances) <= 3 or not all(0 < each < math.inf for each in distances):
        raise Refusal(f"--spacing {text}: a positive number for each axis, such as 5,0.8,0.8.")
    return distances


def run(asked: argparse.Namespace) -> int:
    """Print what is found; 1 where `--fail-on` says so. Raises Refusal."""
    from viewer.text.translation import language

    if asked.format == "html" and asked.output is None:
        raise Refusal("review --format html writes a page: name it with -o OUT.html.")
    model = open_model(asked)
    found = review(_subject(model, asked))
    language.use(asked.lang)
    kept = tuple(each for each in found.findings if each.key not in model.ignored)
    ignored, found = len(found.findings) - len(kept), replace(found, findings=kept)
    if asked.format == "html":
        _write_page(model, found, ignored, Path(asked.output))
    elif asked.format == "json":
        give(as_json(answer(model, found, ignored)), asked.output)
    else:
        give(_table(found, ignored), asked.output)
    return int(fails(found, asked.fail_on))


def _subject(model: Model, asked: argparse.Namespace) -> Subject:
    """The network with what runs of it showed, as far as they were asked for. Raises Refusal."""
    facts, signal, on_image = analyse(model.graph), None, None
    if asked.image is not None:
        on_image = _observed(with_weights(model, asked), asked)
    else:
        _say_unused(model, asked)
    if asked.signal and not facts.stopped_by and facts.graph.nodes:
        signal = _gradient(model, facts, asked.seed or 0)
    if asked.spacing is not None and len(asked.spacing) != len(model.input_shape) - 1:
        axes = len(model.input_shape) - 1
        count = len(asked.spacing)
        what = "1 number" if count == 1 else f"{count} numbers"
        have = "1 axis" if axes == 1 else f"{axes} axes"
        raise Refusal(f"--spacing has {what}; the input has {have}.")
    return Subject(facts, asked.object, signal, on_image, asked.spacing)


def _say_unused(model: Model, asked: argparse.Namespace) -> None:
    """Tell which options have no effect without an image. Raises Refusal of missing weights."""
    if asked.weights is not None:
        with_weights(model, asked)
    given = {"--weights": asked.weights, "--page": asked.page, "--axis": asked.axis,
             "--channel": asked.channel}  # fmt: skip
    unused = [name for name, value in given.items() if value]
    unused += ["--channels"] if asked.channels != "auto" else []
    if unused:
        named = " and ".join(unused)
        note(f"{named}: of use with --image only. Without one the review is of the build alone.")


def _observed(model: Model, asked: argparse.Namespace) -> OnImage:
    from analysis.inference.protocol.engine import EngineFailure
    from analysis.inference.protocol.review import ReviewNumbers, ReviewRequest

    with waiting("Loading PyTorch"):
        engine = engine_on(asked.device)
    request = request_of(model, asked, decoded(asked.image, model, reading_of(asked)))
    with waiting(f"Running {model.title}"):
        answer = engine.answer(request)
        if not isinstance(answer, EngineFailure):
            question = ReviewRequest(request.revision, request.slot, request.structure)
            answer = engine.answer(question)
    if isinstance(answer, EngineFailure):
        raise Refusal(answer.fault, model.called)
    assert isinstance(answer, ReviewNumbers)
    return answer.on_image


def _gradient(model: Model, facts: Facts, seed: int) -> Signal:
    from analysis.inference.observing.random_run import random_run

    with waiting(f"Running {model.title} forth and back"):
        found = random_run(facts, seed)
    if isinstance(found, Fault):
        raise Refusal(found, model.called)
    return found


def _write_page(model: Model, found: Review, ignored: int, path: Path) -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # a page needs no display, whatever is set
    from analysis.storage.document import Document
    from viewer.drawing.report.page import write_report

    document = Document(model.graph, positions=model.positions or {})
    try:
        write_report(path, _heading(model), document, analyse(model.graph), found, ignored)
    except OSError as error:
        raise unwritable(path, error) from error


def _heading(model: Model) -> str:
    """A preset by its own name, and not by that of the blueprint it sets."""
    return model.called.partition(":")[0] if model.blueprint is not None else model.title


def fails(found: Review, severity: str | None) -> bool:
    """Whether something at least that severe was found."""
    if severity is None or found.worst is None:
        return False
    return SEVERITIES.index(found.worst) >= [*SEVERITIES].index(severity)  # type: ignore[arg-type]


def answer(model: Model, found: Review, ignored: int) -> dict[str, Any]:
    """The answer as the JSON interface has it, with how many findings the document ignores."""
    from viewer.text.review.reasons import reason

    return {
        "model": model.called,
        "input": list(model.input_shape),
        "findings": [_finding(each) for each in found.findings],
        "rules": list(found.tried),
        "not_tried": {code: reason(why) for code, why in found.not_tried.items()},
        "partly": {code: reason(why) for code, why in found.partly.items()},
        "ignored": ignored,
    }


def _finding(found: Finding) -> dict[str, Any]:
    from viewer.text.review.findings import finding_text
    from viewer.text.review.reasons import mend_words

    by_layer = {f"percent:{layer}": number for layer, number in found.by_layer.items()}
    return {
        "code": found.code,
        "severity": found.severity,
        "layers": list(found.layers),
        "numbers": {**found.numbers, **by_layer},
        "text": finding_text(found),
        "repair": None if found.mend is None else mend_words(found.mend),
    }


def _table(found: Review, ignored: int) -> str:
    """Three lines a finding: what it is, what is so, why it matters; then what was not tried."""
    from viewer.text.review.by_layer import by_layer_line
    from viewer.text.review.findings import finding_lines, names
    from viewer.text.review.reasons import by_reason, mend_words
    from viewer.text.translation import tr

    blocks: list[str] = []
    again = with_mend_of_another(found.findings)
    for each in found.findings:
        lines = finding_lines(each)
        head = f"{each.severity:<8} {each.code}  {names(each.layers, most=MOST_NAMED, comma=' ')}"
        rows = [head, lines.what, lines.why]
        if each.by_layer:
            rows.append(by_layer_line(each))
        if each.mend is not None:
            said = mend_words(each.mend)
            if each.key in again:
                said = tr("{what}, as above", what=said)
            rows.append(tr("Repair: {what}.", what=said))
        blocks.append("\n         ".join(terminal_line(row) for row in rows))
    text = "\n\n".join([*blocks, _summary(found, ignored)]) + "\n"
    for title, whys in ((tr("Not tried"), found.not_tried), (tr("Tried in part"), found.partly)):
        if whys:
            rows = [f"  {', '.join(codes)}\n      {terminal_line(why)}"
                    for why, codes in by_reason(whys).items()]  # fmt: skip
            text += "\n".join(["", tr("{title}:", title=title), *rows, ""])
    return text


def _summary(found: Review, ignored: int) -> str:
    """How much was found, how many rules were tried, and how many findings are ignored."""
    from viewer.text.translation import mark, tr

    count, tried = len(found.findings), len(found.tried)
    several = mark("{count} findings; {tried} of {all} rules tried.")
    words = {
        0: mark("No findings; {tried} of {all} rules tried."),
        1: mark("1 finding; {tried} of {all} rules tried."),
    }
    rules = tried + len(found.not_tried)
    said = tr(words.get(count, several), count=count, tried=tried, all=rules)
    if not ignored:
        return said
    more = tr("{count} more ignored in the document.", count=ignored)
    return tr("{first} {second}", first=said, second=more)
