"""A line of the tensor pad goes to the engine and back, whatever else the engine does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject

from analysis.faults import Fault
from analysis.inference.engine import Engine
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.tensor_line import TensorLine, TensorLineRequest
from analysis.tensor_pad.refusal import Refusal
from analysis.tensor_pad.result import TensorResult
from viewer.engine.process import EngineProcess
from viewer.engine.questions.tensor_lines import TensorLines

WAIT = 120_000


@pytest.fixture
def lines(engine: EngineProcess, qtbot):
    owner = QObject()
    made = TensorLines(engine, "pad of a test", owner)
    yield made
    made.end()


def test_an_engine_without_any_run_answers():
    engine = Engine("cpu", threads=1)
    reply = engine.answer(TensorLineRequest(1, "pad", "", "arange(4).view(2, 2).t()", 0))
    assert isinstance(reply, TensorLine)
    assert isinstance(reply.result, TensorResult)
    assert reply.result.strides == (1, 2)
    refused = engine.answer(TensorLineRequest(2, "pad", "", "arange(4).view(3)", 0))
    assert isinstance(refused, TensorLine)
    assert isinstance(refused.result, Refusal)
    unread = engine.answer(TensorLineRequest(3, "pad", "", "__import__('os')", 0))
    assert isinstance(unread, TensorLine)
    assert isinstance(unread.result, Refusal)


def test_a_line_comes_back_through_the_pipe_with_its_memory(lines: TensorLines, qtbot):
    with qtbot.waitSignal(lines.answered, timeout=WAIT) as came:
        lines.ask("arange(6.).view(2, 3)[:, 1:]", 0)
        assert lines.waits
    text, result = came.args
    assert text == "arange(6.).view(2, 3)[:, 1:]"
    assert isinstance(result, TensorResult)
    assert not lines.waits
    np.testing.assert_array_equal(result.values, [[1, 2], [4, 5]])
    np.testing.assert_array_equal(result.memory, np.arange(6))
    assert (result.offset, result.contiguous) == (1, False)
    assert [result.place((i, j)) for i in range(2) for j in range(2)] == [1, 2, 4, 5]
    assert [result.indices(at) for at in range(6)] == [None, (0, 0), (0, 1), None, (1, 0), (1, 1)]


def test_the_newest_of_two_lines_alone_is_answered(lines: TensorLines, qtbot):
    heard: list[tuple[str, Any]] = []
    lines.answered.connect(lambda text, result: heard.append((text, result)))
    for count in range(1, 6):
        lines.ask(f"arange({count})", 0)
    qtbot.waitUntil(lambda: not lines.waits, timeout=WAIT)
    assert [text for text, _ in heard] == ["arange(5)"]


def test_what_cannot_be_read_is_refused_at_once_and_not_sent(lines: TensorLines):
    heard: list[tuple[str, Any]] = []
    lines.answered.connect(lambda text, result: heard.append((text, result)))
    lines.ask("arange(5", 0)
    assert len(heard) == 1
    assert isinstance(heard[0][1], Refusal)
    assert not lines.waits


def test_seeds_give_the_same_numbers_again(lines: TensorLines, qtbot):
    found = []
    for seed in (3, 4, 3):
        with qtbot.waitSignal(lines.answered, timeout=WAIT) as came:
            lines.ask("rand(5)", seed)
        found.append(came.args[1])
        assert found[-1].is_random
    np.testing.assert_array_equal(found[0].memory, found[2].memory)
    assert not np.array_equal(found[0].memory, found[1].memory)


def test_an_engine_that_cannot_load_says_so(qtbot, lines: TensorLines, engine: EngineProcess):
    failure = EngineFailure(Fault("engine-ended"))
    heard: list[Any] = []
    lines.answered.connect(lambda _, result: heard.append(result))
    lines.ask("arange(3)", 0)
    engine.failed.emit(failure)
    assert heard == [failure]
    assert not lines.waits
