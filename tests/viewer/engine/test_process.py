"""The engine's process: the same frames as in this process, and it may die without harm."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from analysis.blueprints import BLUEPRINTS
from analysis.inference.protocol.effective_field import Effective, EffectiveRequest
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.layer_numbers import LayerNumbers, LayerNumbersRequest
from analysis.inference.protocol.measures import Measured, MeasureRequest
from analysis.inference.protocol.runs import Frame, Noise, RunRequest
from analysis.inference.transport import Ring
from viewer.engine.process import EngineProcess

WAIT = 120_000


def build(**settings: object):
    return BLUEPRINTS["unet"].build(
        BLUEPRINTS["unet"].complete({"depth": 2, "base": 4, "size": 64, **settings})
    )


def request(revision: int, slot: str = "one", **changes: object) -> RunRequest:
    graph = build()
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    made = RunRequest(
        revision,
        slot,
        graph.structure_hash,
        graph,
        ImageSource("random", None, pixels),
        noise=Noise("gaussian", 25, 1),
        taps={"enc1.act2": 48, "dec1.act2": 48},
        selected="enc2.act1",
    )
    return replace(made, **changes)


@pytest.fixture
def mortal(qapp: QApplication) -> Iterator[EngineProcess]:
    """An engine of the test's own, for tests that end it."""
    process = EngineProcess("cpu")
    process.start()
    yield process
    process.close()


def frame_of(qtbot: QtBot, engine: EngineProcess, wanted: RunRequest) -> Frame:
    def is_it(frame: Frame) -> bool:
        return (frame.slot, frame.revision) == (wanted.slot, wanted.revision)

    with qtbot.waitSignal(engine.frame, timeout=WAIT, check_params_cb=is_it) as caught:
        engine.submit(wanted)
    return caught.args[0]


def is_shares(found: object) -> bool:
    return isinstance(found, Measured)


def same_pictures(one: Frame, other: Frame) -> bool:
    assert one.mosaic is not None
    assert other.mosaic is not None
    pairs = [
        (one.clean, other.clean),
        (one.input_image, other.input_image),
        (one.output_image, other.output_image),
        (one.mosaic.pixels, other.mosaic.pixels),
        *((one.thumbnails[n].pixels, other.thumbnails[n].pixels) for n in one.thumbnails),
    ]
    return all(np.array_equal(a, b) for a, b in pairs)


def test_a_frame_is_the_same_as_in_this_process(qtbot: QtBot, engine: EngineProcess) -> None:
    from analysis.inference.engine import Engine

    wanted = request(1, "same", gates={"skip1": 0.5})
    here = Engine("cpu", threads=1).run(wanted)
    there = frame_of(qtbot, engine, wanted)
    assert same_pictures(there, here)
    assert there.psnr_out == here.psnr_out
    assert there.output_image is not None
    assert there.output_image.flags.writeable


def test_what_has_not_changed_is_not_sent_again(
    qtbot: QtBot, engine: EngineProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame_of(qtbot, engine, request(1, "lean"))
    sent: list[object] = []
    assert engine._child is not None
    pipe = engine._child._pipe
    send = pipe.send
    monkeypatch.setattr(pipe, "send", lambda message: (sent.append(message), send(message)))
    frame = frame_of(qtbot, engine, request(2, "lean", gates={"skip1": 0.0}))
    lean = next(each for each in sent if isinstance(each, RunRequest))
    assert lean.graph is None
    assert lean.image is None
    assert frame.computed < len(build())


def test_frames_never_go_backwards(qtbot: QtBot, engine: EngineProcess) -> None:
    seen: list[int] = []
    engine.frame.connect(
        record := lambda frame: seen.append(frame.revision) if frame.slot == "order" else None
    )
    for revision in range(1, 30):
        engine.submit(request(revision, "order", gates={"skip1": revision / 30}))
    frame_of(qtbot, engine, request(30, "order"))
    engine.frame.disconnect(record)
    assert seen == sorted(set(seen))
    assert seen[-1] == 30


def test_frames_of_an_old_structure_or_an_older_revision_are_dropped(
    qtbot: QtBot, engine: EngineProcess
) -> None:
    newest = frame_of(qtbot, engine, request(7, "drop"))
    with qtbot.assertNotEmitted(engine.frame):
        engine._deliver(replace(newest, revision=6))
        engine._deliver(replace(newest, revision=8, structure="another"))
    with qtbot.waitSignal(engine.frame):
        engine._deliver(replace(newest, revision=8))


def test_shares_come_for_the_run_on_screen(qtbot: QtBot, engine: EngineProcess) -> None:
    wanted = request(1, "shares")
    frame_of(qtbot, engine, wanted)
    with qtbot.waitSignal(engine.replied, timeout=WAIT) as caught:
        engine.submit(MeasureRequest(1, "shares", wanted.structure, "share"))
    shares = caught.args[0]
    assert isinstance(shares, Measured)
    whole = [*shares.skips.values(), shares.bottleneck, shares.bias]
    assert sum(each.value for each in whole) == pytest.approx(1, abs=1e-5)
    assert list(shares.skips) == ["skip1", "skip2"]


def test_what_cannot_run_is_said_and_the_engine_goes_on(
    qtbot: QtBot, engine: EngineProcess
) -> None:
    broken = request(1, "bad", image=ImageSource("gone", "/no/such/picture.png"))
    with qtbot.waitSignal(engine.failed, timeout=WAIT) as caught:
        engine.submit(broken)
    failure = caught.args[0]
    assert isinstance(failure, EngineFailure)
    assert failure.fault.code == "image-missing"
    assert failure.slot == "bad"
    frame_of(qtbot, engine, request(2, "bad"))


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_killed_engine_is_started_again_and_the_last_request_run(
    qtbot: QtBot, mortal: EngineProcess
) -> None:
    wanted = request(5, "killed", gates={"skip2": 0.0})
    before = frame_of(qtbot, mortal, wanted)
    old = mortal.pid
    assert old is not None
    with qtbot.waitSignals([mortal.restarted, mortal.ready, mortal.frame], timeout=WAIT):
        os.kill(old, signal.SIGKILL)
    assert mortal.pid != old
    after = frame_of(qtbot, mortal, replace(wanted, revision=6))
    assert same_pictures(before, after)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGSTOP")
def test_a_stopped_engine_never_blocks_the_window_and_is_started_again(
    qtbot: QtBot, mortal: EngineProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More is sent than any pipe holds, and the window's own timer notices the silence."""
    frame_of(qtbot, mortal, request(1, "hung"))
    assert mortal.pid is not None
    os.kill(mortal.pid, signal.SIGSTOP)
    monkeypatch.setattr("viewer.engine.supervision.SILENT", 0.2)
    mortal._supervision._timer.setInterval(50)
    large = np.zeros((4000, 4000, 3), np.uint8)
    with qtbot.waitSignal(mortal.restarted, timeout=WAIT) as caught:
        for number in range(4):
            mortal.submit(request(2 + number, "hung", image=ImageSource(str(number), None, large)))
    assert caught.args[0].fault.code == "engine-silent"
    monkeypatch.undo()
    frame_of(qtbot, mortal, request(9, "hung"))


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_an_engine_given_up_while_it_loads_starts_again_when_it_is_asked(
    qtbot: QtBot, mortal: EngineProcess
) -> None:
    for number, told in enumerate((mortal.restarted, mortal.failed)):
        mortal.submit(request(1 + number, "loading"))
        assert mortal.pid is not None
        with qtbot.waitSignal(told, timeout=WAIT) as caught:
            os.kill(mortal.pid, signal.SIGKILL)
    assert caught.args[0].fault.code == "engine-stopped"
    assert not mortal.running
    frame_of(qtbot, mortal, request(3, "loading"))


def test_a_request_that_ends_the_engine_is_not_tried_for_ever(
    qtbot: QtBot, mortal: EngineProcess
) -> None:
    frame_of(qtbot, mortal, request(1, "crash"))
    mortal._crashes = 1
    with qtbot.waitSignals([mortal.failed, mortal.ready], timeout=WAIT):
        assert mortal._child is not None
        mortal._child._process.kill()
    frame_of(qtbot, mortal, request(2, "crash"))


def test_a_run_is_stopped_on_request(qtbot: QtBot, mortal: EngineProcess) -> None:
    """Its weights alone take minutes to make; it says how far it is, and then is silent."""
    deep = build(depth=3, base=128, size=256)
    long = request(1, "long", graph=deep, structure=deep.structure_hash)
    with qtbot.waitSignal(mortal.progress, timeout=WAIT) as caught:
        mortal.submit(long)
    assert caught.args[0].total > 1
    mortal.stop("long")
    assert not mortal._pending
    with qtbot.assertNotEmitted(mortal.failed):
        assert frame_of(qtbot, mortal, request(2, "long")).revision == 2


def test_the_window_never_imports_torch() -> None:
    code = "import viewer.engine.process, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_closing_leaves_no_child(qapp: QApplication) -> None:
    process = EngineProcess("cpu")
    process.start()
    pid = process.pid
    process.close()
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="shared memory has no folder here")
def test_shared_memory_has_no_name_that_could_be_left_behind() -> None:
    before = set(Path("/dev/shm").iterdir())
    ring = Ring.create()
    assert ring is not None
    assert set(Path("/dev/shm").iterdir()) <= before
    ring.close()


def test_effective_fields_come_beside_shares(qtbot: QtBot, engine: EngineProcess) -> None:
    wanted = request(1, "effective")
    frame_of(qtbot, engine, wanted)
    units = [(3, 3), (20, 20), (40, 41)]

    def is_last(found: object) -> bool:
        return (
            isinstance(found, Effective)
            and found.slot == "effective"
            and found.units == (units[-1],)
        )

    with (
        qtbot.waitSignal(engine.replied, timeout=WAIT, check_params_cb=is_shares),
        qtbot.waitSignal(engine.replied, timeout=WAIT, check_params_cb=is_last) as caught,
    ):
        engine.submit(MeasureRequest(1, "effective", wanted.structure, "share"))
        for unit in units:
            asked = EffectiveRequest(1, "effective", wanted.structure, "output", (unit,))
            engine.submit(asked)
    found = caught.args[0]
    assert isinstance(found, Effective)
    assert found.magnitude.shape == (64, 64)
    assert found.centre == (40, 41)
    assert not engine._asked
    assert not engine._pending


def test_numbers_of_a_layer_come_for_the_newest_question(
    qtbot: QtBot, engine: EngineProcess
) -> None:
    wanted = request(1, "numbers")
    frame_of(qtbot, engine, wanted)
    questions = [
        LayerNumbersRequest(1, "numbers", wanted.structure, "up1", (at, 40), 1) for at in (3, 9, 63)
    ]

    def is_last(found: object) -> bool:
        return isinstance(found, LayerNumbers) and found.answers(questions[-1])

    with (
        qtbot.waitSignal(engine.replied, timeout=WAIT, check_params_cb=is_shares),
        qtbot.waitSignal(engine.replied, timeout=WAIT, check_params_cb=is_last) as caught,
    ):
        engine.submit(MeasureRequest(1, "numbers", wanted.structure, "share"))
        for question in questions:
            engine.submit(question)
    found = caught.args[0]
    assert isinstance(found, LayerNumbers)
    assert found.equal
    assert found.x.shape == found.case.input_shape
    assert not engine._asked
    assert not engine._pending


def test_a_question_about_a_layer_that_fails_takes_nothing_else_along(
    qtbot: QtBot, engine: EngineProcess
) -> None:
    wanted = request(1, "refused")
    frame_of(qtbot, engine, wanted)
    question = LayerNumbersRequest(1, "refused", wanted.structure, "up1", (999, 0), 1)
    with (
        qtbot.waitSignal(engine.failed, timeout=WAIT) as caught,
        qtbot.waitSignal(engine.replied, timeout=WAIT, check_params_cb=is_shares),
    ):
        engine.submit(MeasureRequest(1, "refused", wanted.structure, "share"))
        engine.submit(question)
    failure = caught.args[0]
    assert failure.fault.code == "numbers-no-unit"
    assert failure.asked == question
    assert not engine._asked
    assert not engine._pending


def test_a_question_of_a_window_that_has_closed_is_not_waited_for(qapp: QApplication) -> None:
    process = EngineProcess("cpu")
    process.submit(request(1))
    question = EffectiveRequest(1, "one", "", "output", ((0, 0),))
    process.submit(question)
    assert process._asked
    process.forget("one")
    process.submit(question)
    assert not process._asked
    assert not process._pending
