"""A question about a layer's numbers: when it is put to the engine, and what ends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from analysis.arithmetic import Case
from analysis.blueprints import BLUEPRINTS
from analysis.faults import Fault
from analysis.graph import Graph
from analysis.inference.protocol.effective_field import EffectiveRequest
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.layer_numbers import LayerNumbers, LayerNumbersRequest
from analysis.inference.protocol.runs import Frame, ImageFit, Noise, RunRequest
from analysis.storage.blobs import BlobRef
from analysis.storage.document import Document
from tests.viewer.engine.recording_process import RecordingProcess
from viewer.engine.process import EngineProcess
from viewer.engine.run_requests import RunRequests
from viewer.session import Session
from viewer.session.input_image.decoded_images import DecodedImages
from viewer.workspaces.registry import WORKSPACES

WAIT = 120_000


def build(**changes: object) -> Graph:
    return BLUEPRINTS["unet"].build(
        BLUEPRINTS["unet"].complete({"depth": 2, "base": 4, "size": 64, **changes})
    )


@pytest.fixture
def session() -> Session:
    return Session(
        Document(graph=build(), image=BlobRef("0" * 64, "picture.jpg")), workspaces=WORKSPACES
    )


class Process(RecordingProcess):
    """Answers when it is told to."""

    @property
    def runs(self) -> list[RunRequest]:
        return [each for each in self.asked if isinstance(each, RunRequest)]

    @property
    def questions(self) -> list[LayerNumbersRequest]:
        return [each for each in self.asked if isinstance(each, LayerNumbersRequest)]

    def show(self, run: RunRequest) -> None:
        picture = np.zeros((64, 64), np.uint32)
        fit = ImageFit((64, 64), (64, 64), 1.0, 0.0, 0.0)
        self.frame.emit(
            Frame(run.revision, run.slot, run.structure, "", fit, picture, picture, picture)
        )

    def answer(self, asked: LayerNumbersRequest) -> LayerNumbers:
        found = numbers(asked)
        self.replied.emit(found)
        return found

    def fail(self, fault: Fault, asked: RunRequest | LayerNumbersRequest | EffectiveRequest):
        about = None if isinstance(asked, RunRequest) else asked
        failure = EngineFailure(fault, "", asked.revision, asked.slot, asked.structure, about)
        self.failed.emit(failure)
        return failure


def numbers(asked: LayerNumbersRequest) -> LayerNumbers:
    cells = np.zeros((2, 2))
    return LayerNumbers(
        asked.revision,
        asked.slot,
        asked.structure,
        asked.layer,
        asked.unit,
        asked.channel,
        case=Case(),
        x=np.zeros((1, 4, 4)),
        w=np.zeros((1, 1, 3, 3)),
        b=None,
        in_shape=(1, 64, 64),
        out_shape=(1, 62, 62),
        first_channel=0,
        region=((0, 4), (0, 4)),
        origin=(0, 0),
        unit_cell=(0, 0),
        computed=cells,
        expected=cells,
        difference=0.0,
        scale=0.0,
        equal=True,
    )


class Asking:
    """A window's loop on such a process, and all that the session has been told."""

    def __init__(self, session: Session, process: Process, loop: RunRequests, qtbot: QtBot) -> None:
        self.session, self.process, self.loop, self.qtbot = session, process, loop, qtbot
        self.told: list[object] = []
        session.numbersReady.connect(self.told.append)

    def run_number(self, count: int) -> RunRequest:
        self.qtbot.waitUntil(lambda: len(self.process.runs) >= count)
        return self.process.runs[count - 1]

    def question_number(self, count: int) -> LayerNumbersRequest:
        self.qtbot.waitUntil(lambda: len(self.process.questions) >= count)
        return self.process.questions[count - 1]

    def turn(self) -> None:
        """Let the loop gather what has changed."""
        self.loop.ask()
        self.qtbot.waitUntil(lambda: not self.loop._is_due)


@pytest.fixture
def asking(session: Session, qtbot: QtBot, tmp_path: Path) -> Iterator[Asking]:
    process = Process()
    loop = RunRequests(
        session, process, lambda blob: tmp_path / blob.name, DecodedImages(), "window"
    )
    yield Asking(session, process, loop, qtbot)
    loop.end()


def test_it_waits_for_the_newest_picture_and_is_put_once(asking: Asking) -> None:
    process = asking.process
    asking.loop.ask_numbers("up1", (3, 4), 2)
    run = asking.run_number(1)
    assert process.questions == []
    process.show(run)
    asked = asking.question_number(1)
    assert asked == LayerNumbersRequest(run.revision, "window", run.structure, "up1", (3, 4), 2)
    asking.turn()
    process.show(run)
    assert len(process.questions) == 1
    found = process.answer(asked)
    assert asking.told == [found]
    assert asking.session.numbers is found
    process.show(run)
    process.answer(asked)
    assert len(process.questions) == len(asking.told) == 1


def test_where_the_picture_is_there_it_is_put_without_a_new_run(asking: Asking) -> None:
    asking.loop.ask()
    asking.process.show(asking.run_number(1))
    asking.loop.ask_numbers("up1", (3, 4), 2)
    asking.process.answer(asking.question_number(1))
    assert len(asking.told) == len(asking.process.runs) == 1


def test_what_is_forgotten_is_neither_put_nor_answered(asking: Asking) -> None:
    process = asking.process
    asking.loop.ask_numbers("up1", (3, 4), 2)
    asking.loop.forget_numbers()
    process.show(asking.run_number(1))
    asking.turn()
    assert process.questions == []
    asking.loop.ask_numbers("up1", (3, 4), 2)
    asked = asking.question_number(1)
    asking.loop.forget_numbers()
    process.answer(asked)
    process.fail(Fault("out-of-memory", (2, 1)), asked)
    assert asking.told == []


def test_a_newer_run_takes_the_answer_away_and_it_is_put_again(asking: Asking) -> None:
    process = asking.process
    asking.loop.ask_numbers("up1", (3, 4), 2)
    process.show(asking.run_number(1))
    first = asking.question_number(1)
    asking.session.set_live(noise=Noise("gaussian", 30, 1))
    second = asking.run_number(2)
    process.answer(first)  # was on its way
    assert asking.told == []
    process.show(second)
    again = asking.question_number(2)
    assert again == replace(first, revision=second.revision)
    assert asking.told == []
    process.answer(again)
    assert len(asking.told) == 1


def test_a_change_in_the_same_turn_is_answered_with_its_own_picture(asking: Asking) -> None:
    asking.loop.ask()
    asking.process.show(asking.run_number(1))
    asking.session.set_live(noise=Noise("gaussian", 30, 1))
    asking.loop.ask_numbers("up1", (3, 4), 2)
    second = asking.run_number(2)
    assert asking.process.questions == []
    asking.process.show(second)
    assert asking.question_number(1).revision == second.revision


def test_a_later_question_takes_its_place(asking: Asking) -> None:
    process = asking.process
    asking.loop.ask_numbers("up1", (3, 4), 2)
    process.show(asking.run_number(1))
    first = asking.question_number(1)
    asking.loop.ask_numbers("up1", (9, 9), 0)
    second = asking.question_number(2)
    process.fail(Fault("numbers-no-unit", ("up1", (3, 4), (2, 2))), first)
    process.answer(first)
    assert asking.told == []
    process.answer(second)
    assert asking.session.numbers.unit == (9, 9)


def test_a_failure_of_its_own_leaves_the_engine_as_it_is(asking: Asking) -> None:
    process = asking.process
    asking.loop.ask_numbers("enc1.act1", (3, 4), 2)
    process.show(asking.run_number(1))
    fault = Fault("numbers-no-window", ("enc1.act1",))
    failure = process.fail(fault, asking.question_number(1))
    assert asking.told == [failure]
    assert asking.session.numbers is failure
    assert asking.session.live.engine == "ready"
    assert asking.session.live.failure is None
    asking.turn()
    assert len(process.runs) == 1


def test_a_run_that_fails_is_its_answer_too(asking: Asking) -> None:
    process = asking.process
    asking.loop.ask_numbers("up1", (3, 4), 2)
    run = asking.run_number(1)
    other = EffectiveRequest(run.revision, run.slot, run.structure, "up1", ((1, 1),))
    process.fail(Fault("effective-no-map", ("up1",)), other)
    assert asking.told == []
    failure = process.fail(Fault("image-missing", ("picture.jpg",)), run)
    assert asking.told == [failure]
    assert asking.session.live.engine == "failed"
    asking.loop.ask_numbers("up1", (3, 4), 2)
    process.show(asking.run_number(2))
    process.answer(asking.question_number(1))
    assert len(asking.told) == 2


@pytest.mark.parametrize("has_image", [True, False])
def test_where_nothing_runs_it_says_so(asking: Asking, has_image: bool) -> None:
    session = asking.session
    if has_image:
        graph = session.document.graph
        empty = replace(graph["input"].operator, channels=0)
        changed = replace(session.document, graph=graph.with_operator("input", empty))
    else:
        changed = replace(session.document, image=None)
    session.edit("edit", changed)
    asking.loop.ask_numbers("up1", (3, 4), 2)
    asking.qtbot.waitUntil(lambda: bool(asking.told))
    broken = Fault("graph-cannot-run", ("input", "not-positive"))
    assert session.numbers.fault == (broken if has_image else Fault("numbers-no-run"))
    assert asking.process.asked == []


# ------------------------------------------------------------------- on a real engine


def test_the_engine_answers_with_what_stands_in_the_map(
    session: Session, engine: EngineProcess, photograph: Path, qtbot: QtBot
) -> None:
    loop = RunRequests(session, engine, lambda _: photograph, DecodedImages(), "window")
    for layer, unit, channel in (("up1", (63, 0), 3), ("enc2.conv1", (0, 31), 7)):
        with qtbot.waitSignal(session.numbersReady, timeout=WAIT):
            loop.ask_numbers(layer, unit, channel)
        found = session.numbers
        assert isinstance(found, LayerNumbers)
        assert (found.layer, found.unit, found.channel) == (layer, unit, channel)
        assert found.equal
        assert found.at_unit[0] == pytest.approx(found.at_unit[1], abs=1e-5 * found.scale)
    with qtbot.waitSignal(session.numbersReady, timeout=WAIT):
        loop.ask_numbers("enc1.act1", (0, 0), 0)
    assert isinstance(session.numbers, EngineFailure)
    assert session.numbers.fault == Fault("numbers-no-window", ("enc1.act1",))
    assert session.live.engine == "ready"
    assert not any(kind is LayerNumbersRequest for kind, _ in engine._asked)
    loop.end()
