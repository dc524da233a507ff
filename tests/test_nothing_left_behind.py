"""What a test leaves running is seen, however it was started."""

import multiprocessing
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from analysis.exchange.tracer_process import TracerProcess
from tests.child_processes import running_children

SLEEPS = [sys.executable, "-I", "-c", "import time; time.sleep(600)"]


def by_subprocess() -> tuple[int, Callable[[], object]]:
    child = subprocess.Popen(SLEEPS)

    def end() -> None:
        child.kill()
        child.wait()

    return child.pid, end


def by_multiprocessing() -> tuple[int, Callable[[], object]]:
    child = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(600,))
    child.start()
    assert child.pid is not None

    def end() -> None:
        child.kill()
        child.join()

    return child.pid, end


def by_forking_a_tracer() -> tuple[int, Callable[[], object]]:
    tracer = TracerProcess()
    return tracer._child.pid, tracer.end


@pytest.mark.skipif("sys.platform != 'linux'", reason="/proc is Linux's")
@pytest.mark.parametrize("start", [by_subprocess, by_multiprocessing, by_forking_a_tracer])
def test_a_child_is_seen_while_it_runs(start: Callable) -> None:
    pid, end = start()
    try:
        assert pid in running_children()
    finally:
        end()
    assert pid not in running_children()
