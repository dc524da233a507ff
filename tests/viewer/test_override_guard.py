"""No exception in a method that Qt calls ends the program."""

import importlib
import json
import pkgutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType, ModuleType

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget
from shiboken6 import Shiboken

import viewer
from viewer.app import Faults
from viewer.override_guard import FALLBACKS, Guarded, is_guarded, overrides_qt

RAISING = Path(__file__).with_name("raising_overrides.py")
PYTHON_ONLY = {"setAccessibleName", "setText"}
"""Not virtual: only Python calls them by these names."""


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(viewer.__path__, "viewer."):
        yield importlib.import_module(found.name)


@pytest.fixture(scope="module")
def overrides() -> list[tuple[type, str, object]]:
    """Every method of every class of the viewer that overrides one of Qt's."""
    found = {
        value: None
        for module in modules()
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Shiboken.Object)
        if value.__module__.startswith("viewer.")
    }
    return [
        (cls, name, method)
        for cls in found
        for name in {name for base in cls.__mro__ for name in vars(base)}
        if isinstance(method := getattr(cls, name), FunctionType) and overrides_qt(cls, name)
    ]


def test_every_override_is_guarded(overrides) -> None:
    assert len(overrides) > 150
    bare = [f"{cls.__qualname__}.{name}" for cls, name, m in overrides if not is_guarded(m)]
    assert not bare, f"derive these classes from Guarded: {bare}"


def test_what_qt_gets_instead_is_of_the_type_it_asks_for(overrides) -> None:
    for cls, name, method in overrides:
        annotation = method.__annotations__.get("return", "None")
        nothing = annotation in {"None", "Any", "object"} or annotation.endswith("| None")
        assert (name in FALLBACKS) != nothing, f"{cls.__name__}.{name} -> {annotation}"
        if name in FALLBACKS and annotation != "QIconEngine":
            count = method.__wrapped__.__code__.co_argcount - 1
            answer = FALLBACKS[name](*(("12", 1) if name == "validate" else ("12",) * count))
            assert type(answer).__name__ == annotation.partition("[")[0].rpartition(".")[2]


@pytest.mark.parametrize(
    "error", ["IndexError", "ZeroDivisionError", "ValueError", "OverflowError", "AttributeError"]
)
def test_a_process_lives_on_whatever_override_raises(error: str, overrides) -> None:
    ended = subprocess.run(
        [sys.executable, RAISING, error], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    tried = set(json.loads(ended.stdout.splitlines()[-1]))
    kinds = {name for _, name, _ in overrides} - PYTHON_ONLY
    assert kinds <= tried, f"raising_overrides.py does not try {kinds - tried}"


@pytest.fixture
def told(qapp) -> Iterator[list[tuple[str, bool]]]:
    """What reached the person, and whether that was on the GUI thread."""
    lines: list[tuple[str, bool]] = []
    before = sys.excepthook
    Faults(lambda line: lines.append((line, threading.current_thread() is threading.main_thread())))
    yield lines
    sys.excepthook = before


class Broken(Guarded, QWidget):
    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.red)
        raise ZeroDivisionError("by none")


def test_what_a_repaint_raised_is_told_after_it(qtbot, told, capfd) -> None:
    widget = Broken()
    qtbot.addWidget(widget)
    widget.show()
    widget.repaint()
    assert told == []
    qtbot.waitUntil(lambda: bool(told))
    assert told[0] == ("ZeroDivisionError: by none", True)
    assert "raise ZeroDivisionError" in capfd.readouterr().err


def test_the_painter_that_was_left_open_is_closed(qtbot, told, capfd) -> None:
    widget = Broken()
    qtbot.addWidget(widget)
    assert widget.grab().toImage().pixelColor(2, 2) == Qt.GlobalColor.red
    widget.grab()
    assert "QPainter" not in capfd.readouterr().err.replace("painter = QPainter(self)", "")


def test_what_a_thread_raised_is_told_on_the_gui_thread(qtbot, told, capfd) -> None:
    def run() -> None:
        sys.excepthook(IndexError, IndexError("far"), None)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(told))
    assert told == [("IndexError: far", True)]


def test_a_fault_in_telling_is_not_told_for_ever(qapp, qtbot, capfd) -> None:
    before = sys.excepthook
    calls: list[str] = []

    def tell(line: str) -> None:
        calls.append(line)
        raise IndexError(line)

    Faults(tell)
    try:
        sys.excepthook(IndexError, IndexError("first"), None)
        qtbot.waitUntil(lambda: bool(calls))
        for _ in range(5):
            qapp.processEvents()
    finally:
        sys.excepthook = before
    assert calls == ["IndexError: first"]


def test_a_guarded_method_is_wrapped_once_where_it_is_inherited() -> None:
    class Derived(Broken):
        paintEvent = Broken.paintEvent

    assert Derived.paintEvent is Broken.paintEvent


def test_only_what_qt_calls_is_guarded() -> None:
    class Panel(Guarded, QWidget):
        def __init__(self) -> None:
            super().__init__()
            raise IndexError

        def fill(self) -> None:
            raise IndexError

    make: Callable[[], object] = Panel
    with pytest.raises(IndexError):
        make()
    assert not is_guarded(Panel.fill)
