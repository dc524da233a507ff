"""The tracer that waits for a model: it serves one alone, ends with its maker, and is replaced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from analysis.exchange import tracer_process
from analysis.exchange.torch_module import trace
from analysis.exchange.tracer import description
from analysis.exchange.tracer_process import TIRED, TracerProcess
from analysis.network.weights import load

MODEL = """
import os, sys, torch
from pathlib import Path
assert not hasattr(torch, "seen_before"), "not the first"
torch.seen_before = True
with Path({place!r}).open("a") as file:
    file.write(f"{{os.getpid()}} {{sys.stdin.read()!r}} {{os.environ['TMPDIR']}}\\n")
def build():
    return torch.nn.Conv2d(1, 1, 1)
"""


@pytest.fixture(autouse=True)
def none_waits(started_tracers: None) -> Iterator[None]:
    tracer_process.dismiss()
    yield
    tracer_process.dismiss()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "net.py"
    path.write_text(MODEL.format(place=str(tmp_path / "ran")))
    return path


def test_the_one_that_waits_serves_one_model_and_is_gone(model: Path) -> None:
    tracer_process.prepare()
    (waiting,) = tracer_process._spare
    tracer_process.prepare()
    assert tracer_process._spare == [waiting]
    assert trace(model, None, (1, 4, 4)).graph
    assert tracer_process._spare == []
    assert not waiting.is_waiting
    assert trace(model, None, (1, 4, 4)).graph  # in a process that has seen no model
    first, second = (model.with_name("ran")).read_text().splitlines()
    assert first.split()[0] != second.split()[0]
    assert first.split()[1] == "''"
    assert first.split()[2] != second.split()[2]


def test_one_that_has_died_is_replaced(model: Path) -> None:
    tracer_process.prepare()
    (waiting,) = tracer_process._spare
    os.kill(waiting._child.pid, signal.SIGKILL)
    waiting._child.wait()
    assert trace(model, None, (1, 4, 4)).graph


def test_one_that_gives_up_as_it_is_asked_is_replaced(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Tired(TracerProcess):
        def ask(self, *_: object) -> int:
            self.end()
            return TIRED

    monkeypatch.setattr(tracer_process, "take", Tired)
    assert trace(model, None, (1, 4, 4)).graph


def test_dismissing_ends_it_and_all_it_is() -> None:
    tracer_process.prepare()
    (waiting,) = tracer_process._spare
    tracer_process.dismiss()
    with pytest.raises(ProcessLookupError):
        os.killpg(waiting._child.pid, 0)


@pytest.mark.skipif("sys.platform != 'linux'", reason="the warden is Linux's")
def test_it_ends_with_a_maker_that_is_killed() -> None:
    program = (
        "import os, signal\n"
        "from analysis.exchange import tracer_process as t\n"
        "t.prepare()\n"
        "print(t._spare[0]._child.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    command = [sys.executable, "-c", program]
    told = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path.cwd())
    waiter = os.pidfd_open(int(told.stdout)) if _lives(int(told.stdout)) else None
    if waiter is not None:
        import select

        ready, _, _ = select.select([waiter], [], [], 30)
        os.close(waiter)
        assert ready


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_tensors_are_written_whole_whatever_memory_they_share(tmp_path: Path) -> None:
    whole = torch.randn(4, 6, generator=torch.Generator().manual_seed(0))
    given = {
        "whole": whole,
        "again": whole,
        "turned": whole.t(),
        "part": whole[1:3],
        "one": torch.ones(()).expand(3, 2),
        "plain": torch.nn.Parameter(torch.arange(5.0)),
    }
    description.save_tensors(given, tmp_path / "t.safetensors")
    found = load(tmp_path / "t.safetensors")
    assert set(found) == set(given)
    for name, tensor in given.items():
        assert torch.equal(found[name], tensor.detach()), name
