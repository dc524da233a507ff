"""What holds for every test: no screen, no settings of the person's, nothing left running."""

import atexit
import contextlib
import gc
import importlib.util
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from analysis.exchange import tracer_process
from tests.child_processes import running_children
from tests.forked_tracers.tracers import Origin

PATIENCE = 2.0
"""Seconds a child that was killed may take to be gone."""
START_TRACER = tracer_process.start


def _matplotlib_directory() -> str:
    """Where matplotlib keeps its list of fonts; it takes seconds to make a new one."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return str(Path(cache) / "matplotlib")


def _prepare_environment() -> None:
    """Before Qt or torch is imported; child processes inherit it."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for name in ("QT_SCALE_FACTOR", "QT_SCREEN_SCALE_FACTORS", "QT_FONT_DPI", "QT_STYLE_OVERRIDE"):
        os.environ.pop(name, None)
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("MPLCONFIGDIR", _matplotlib_directory())
    home = tempfile.mkdtemp(prefix="fieldglass-test-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        os.environ[f"XDG_{name}_HOME"] = str(Path(home) / name.lower())


_prepare_environment()


def pytest_collection_finish() -> None:
    """What is there before the first test stays; a full collection need not look at it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def qapp_cls() -> Callable[[list[str]], object]:
    """The application as it is started, in its own fonts and style: one serves every test."""
    from viewer.app import make_application

    return make_application


@pytest.fixture(scope="session")
def photograph() -> Path:
    """A 512 × 600 RGB photograph of a person, which every matplotlib carries."""
    specification = importlib.util.find_spec("matplotlib")
    assert specification is not None
    assert specification.origin is not None
    return Path(specification.origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"


@pytest.fixture(scope="session", autouse=True)
def forked_tracers() -> Iterator[None]:
    """Tracers are forked of one process; `started_tracers` is for tests of how they start."""
    if not sys.platform.startswith("linux"):
        yield
        return
    origin = Origin()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tracer_process, "start", origin.fork)
        yield
    tracer_process.dismiss()
    origin.close()


@pytest.fixture
def started_tracers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every tracer is started, as outside of tests."""
    monkeypatch.setattr(tracer_process, "start", START_TRACER)


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a child process, a thread or an open window behind.

    What a fixture of a wider scope started is there before the test and may stay.
    """
    children = set(running_children())
    threads = set(threading.enumerate())
    windows = _open_windows()
    yield
    new_children = _children_left(children)
    new_threads = [t for t in threading.enumerate() if t not in threads and not t.daemon]
    new_windows = [name for key, name in _open_windows().items() if key not in windows]
    assert not new_children, f"child processes left running: {new_children}"
    assert not new_threads, f"threads left running: {new_threads}"
    assert not new_windows, f"windows left open: {new_windows}"


def _children_left(known: set[int]) -> dict[int, str]:
    """Children beyond the known ones, after those that were told to end had time to; they end."""
    late = time.monotonic() + PATIENCE
    while new := {pid: words for pid, words in running_children().items() if pid not in known}:
        if time.monotonic() > late:
            break
        time.sleep(0.02)
    for pid in new:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return new


def _open_windows() -> dict[int, str]:
    """Visible top-level widgets, by identity; none where Qt was never loaded."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return {}
    return {id(w): repr(w) for w in widgets.QApplication.topLevelWidgets() if w.isVisible()}
