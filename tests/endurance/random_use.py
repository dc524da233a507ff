"""Uses the real window at random and reports every traceback: `random_use.py SEED MINUTES`.

Clicks, keys, wheels, drags, typed text, dropped files, commands and menus over all workspaces, on
a real engine, in a data folder of its own. The same seed takes the same actions as far as the
engine's timing lets it. Ends with 1 if anything was raised; the last actions before it are told.
"""

from __future__ import annotations

import collections
import faulthandler
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import numpy as np
from PIL import Image
from PySide6.QtCore import (
    QByteArray,
    QEvent,
    QMimeData,
    QObject,
    QPoint,
    QPointF,
    Qt,
    QTimer,
    QUrl,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QDesktopServices,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QSpinBox, QWidget
from shiboken6 import isValid

from analysis.blueprints import BLUEPRINTS
from analysis.graph.templates import block_templates, operator_templates
from analysis.storage.blobs import BlobStore
from analysis.storage.document import Document, to_json
from viewer.app import make_application
from viewer.engine.process import EngineProcess
from viewer.files.data_folder import data_folder
from viewer.session.edits.insert import MIME
from viewer.session.sample_document import first_noise, sample_document
from viewer.session.view_state import ViewState
from viewer.shell.settings import Settings
from viewer.shell.window import Window

_home = tempfile.TemporaryDirectory(prefix="fieldglass-random-use-")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for _name in ("CONFIG", "DATA", "STATE", "CACHE"):
    os.environ[f"XDG_{_name}_HOME"] = str(Path(_home.name) / _name.lower())

BUTTONS = (Qt.MouseButton.LeftButton,) * 6 + (
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
)
MODIFIERS = (Qt.KeyboardModifier.NoModifier,) * 5 + (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
KEYS = (
    "Left", "Right", "Up", "Down", "Home", "End", "PageUp", "PageDown", "Return", "Escape", "Tab",
    "Backtab", "Space", "Delete", "Backspace", "F2", "F10", "Plus", "Minus", "0", "1", "2", "3",
    "A", "C", "D", "F", "G", "K", "N", "P", "R", "S", "V", "W", "X", "Z", "Menu",
)  # fmt: skip
TEXTS = (
    "0", "7", "-3", "1e9", "99999999999", "nan", "inf", "3 x 5", "2 + 1 × 1 + 0", "conv", "unet",
    "深度", "a" * 300, "<b>", "\u202e", "=1+1", ",", "",
)  # fmt: skip
TEMPLATES = [each.key for each in (*block_templates(), *operator_templates())] + ["no such"]
HANGS_AFTER = 60
"""Seconds of one action, after which where it stands is told and the program ends."""
NEVER = {"quit", "close"}
"""Commands that end the window."""


class Faults:
    """What was raised, each place once, with the actions that came before it."""

    def __init__(self) -> None:
        self.places: collections.Counter[str] = collections.Counter()
        self.messages: collections.Counter[str] = collections.Counter()
        self.actions: collections.deque[str] = collections.deque(maxlen=12)
        sys.excepthook = self._hook
        qInstallMessageHandler(self._message)

    def _hook(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        frames = traceback.extract_tb(trace)
        place = f"{kind.__name__} at {frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
        self.places[place] += 1
        if self.places[place] == 1:
            traceback.print_exception(kind, error, trace)
            print("after:", *self.actions, sep="\n    ", file=sys.stderr, flush=True)

    def _message(self, kind: object, context: object, text: str) -> None:
        self.messages[text.partition("\n")[0][:120]] += 1


class Opened(QObject):
    """Takes the addresses that would open another program."""

    @Slot(QUrl)
    def take(self, address: QUrl) -> None:
        """Do nothing with it."""


class Person:
    """Somebody who does anything."""

    def __init__(self, window: Window, chance: random.Random, faults: Faults) -> None:
        self.window, self.chance, self.faults = window, chance, faults
        self.files = _files(Path(_home.name))
        self.acts: tuple[tuple[int, Callable[[], None]], ...] = (
            (24, self.click), (14, self.key), (10, self.wheel), (10, self.drag), (10, self.hover),
            (6, self.type), (4, self.set_a_number), (5, self.workspace), (8, self.undo_or_redo),
            (6, self.command), (4, self.menu), (3, self.context_menu), (2, self.drop),
            (1, self.resize), (1, self.blueprint), (4, self.idle), (1, self.stop_the_engine),
            (6, self.drop_a_template), (8, self.draw_a_wire), (4, self.draw_a_rectangle),
        )  # fmt: skip

    def act(self) -> None:
        """One thing, whatever it is."""
        weights, acts = zip(*self.acts, strict=True)
        act = self.chance.choices(acts, weights)[0]
        self.faults.actions.append(act.__name__)
        try:
            act()
        except RuntimeError as gone:  # the widget that was about to be used went meanwhile
            if "already deleted" not in str(gone):
                raise

    def say(self, *words: object) -> None:
        """Add to the last action told."""
        self.faults.actions[-1] += " " + " ".join(map(str, words))

    def widget(self) -> QWidget:
        """One that can be seen; the canvas oftener than others."""
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.window
        if top is self.window and self.chance.random() < 0.35:
            return self.window.canvas.viewport()
        seen = [w for w in top.findChildren(QWidget) if w.isVisible() and not w.isWindow()]
        return self.chance.choice(seen or [top])

    def point(self, widget: QWidget) -> QPoint:
        """Somewhere inside."""
        width, height = max(widget.width(), 1), max(widget.height(), 1)
        return QPoint(self.chance.randrange(width), self.chance.randrange(height))

    def click(self) -> None:
        """One button, once or twice."""
        widget = self.widget()
        button, point = self.chance.choice(BUTTONS), self.point(widget)
        self.say(type(widget).__name__, widget.objectName(), point.toTuple(), button.name)
        does = QTest.mouseDClick if self.chance.random() < 0.15 else QTest.mouseClick
        does(widget, button, self.chance.choice(MODIFIERS), point)

    def key(self) -> None:
        """A key, with or without another held."""
        name, held = self.chance.choice(KEYS), self.chance.choice(MODIFIERS)
        target = QApplication.focusWidget() or self.window
        if name == "F4" or (held == Qt.KeyboardModifier.ControlModifier and name in {"Q", "W"}):
            return
        self.say(name, held.name, type(target).__name__)
        QTest.keyClick(target, getattr(Qt.Key, f"Key_{name}"), held)

    def wheel(self) -> None:
        """Some notches."""
        widget = self.widget()
        at, turn = (
            QPointF(self.point(widget)),
            QPoint(0, self.chance.choice((-360, -120, 120, 360))),
        )
        self.say(type(widget).__name__, turn.y())
        event = QWheelEvent(
            at, QPointF(widget.mapToGlobal(at.toPoint())), QPoint(), turn,
            Qt.MouseButton.NoButton, self.chance.choice(MODIFIERS), Qt.ScrollPhase.NoScrollPhase,
            False,
        )  # fmt: skip
        QApplication.sendEvent(widget, event)

    def drag(self) -> None:
        """Press, move, release."""
        widget = self.widget()
        button, held = self.chance.choice(BUTTONS), self.chance.choice(MODIFIERS)
        self.say(type(widget).__name__, button.name, held.name)
        QTest.mousePress(widget, button, held, self.point(widget))
        for _ in range(self.chance.randrange(8)):
            if not isValid(widget):
                return
            QTest.mouseMove(widget, self.point(widget))
            QApplication.processEvents()
        if isValid(widget):
            QTest.mouseRelease(widget, button, held, self.point(widget))

    def drop_a_template(self) -> None:
        """Drag an operator or a block from the palette to anywhere on the canvas."""
        port, data = self.window.canvas.viewport(), QMimeData()
        key = self.chance.choice(TEMPLATES)
        data.setData(MIME, QByteArray(key.encode()))
        self.say(key)
        held = Qt.KeyboardModifier.NoModifier
        left, copy = Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
        for kind in (QDragEnterEvent, QDragMoveEvent, QDragMoveEvent):
            QApplication.sendEvent(port, kind(self.point(port), copy, data, left, held))
        at = QPointF(self.point(port))
        if self.chance.random() < 0.8:
            QApplication.sendEvent(port, QDropEvent(at, copy, data, left, held))
        else:
            QApplication.sendEvent(port, QDragLeaveEvent())

    def draw_a_wire(self) -> None:
        """From a port to another, or to anywhere."""
        canvas = self.window.canvas
        port, ports = canvas.viewport(), canvas.scene_of_network.hits.ports()
        if not ports:
            return
        start = canvas.to_viewport(self.chance.choice(ports).at).toPoint()
        end = canvas.to_viewport(self.chance.choice(ports).at).toPoint()
        if self.chance.random() < 0.3:
            end = self.point(port)
        self.say(start.toTuple(), end.toTuple())
        self._drag_from(start, end, Qt.KeyboardModifier.NoModifier)

    def draw_a_rectangle(self) -> None:
        """A rubber band over the canvas, or whatever a drag there means."""
        port = self.window.canvas.viewport()
        self._drag_from(self.point(port), self.point(port), self.chance.choice(MODIFIERS))

    def _drag_from(self, start: QPoint, end: QPoint, held: Qt.KeyboardModifier) -> None:
        port = self.window.canvas.viewport()
        QTest.mousePress(port, Qt.MouseButton.LeftButton, held, start)
        for step in range(1, 5):
            QTest.mouseMove(port, start + (end - start) * step / 4)
            QApplication.processEvents()
        if self.chance.random() < 0.05:
            QTest.keyClick(self.window.canvas, Qt.Key.Key_Escape)
        QTest.mouseRelease(port, Qt.MouseButton.LeftButton, held, end)

    def hover(self) -> None:
        """Move over something."""
        widget = self.widget()
        for _ in range(4):
            if isValid(widget):
                QTest.mouseMove(widget, self.point(widget))
                QApplication.processEvents()

    def type(self) -> None:
        """Text into whatever has the focus."""
        target, text = QApplication.focusWidget() or self.window, self.chance.choice(TEXTS)
        self.say(type(target).__name__, repr(text[:20]))
        _type(target, text)
        if self.chance.random() < 0.6 and isValid(target):
            QTest.keyClick(target, Qt.Key.Key_Return)

    def set_a_number(self) -> None:
        """A number box to any of its values."""
        boxes = [b for b in self.window.findChildren(QSpinBox) if b.isVisible() and b.isEnabled()]
        lines = [b for b in self.window.findChildren(QLineEdit) if b.isVisible() and b.isEnabled()]
        if boxes and self.chance.random() < 0.7:
            box = self.chance.choice(boxes)
            low, high = box.minimum(), box.maximum()
            value = self.chance.choice(
                (low, high, low + 1, self.chance.randint(low, max(low, min(high, 99))))
            )
            if value > 64:
                return  # networks of gigabytes are another script's
            self.say(box.accessibleName(), value)
            box.setValue(value)
        elif lines:
            line = self.chance.choice(lines)
            line.setFocus()
            line.selectAll()
            _type(line, self.chance.choice(TEXTS))
            if isValid(line):
                QTest.keyClick(line, Qt.Key.Key_Return)

    def workspace(self) -> None:
        """Another workspace, by its key."""
        key = self.chance.choice((Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4))
        self.say(key.name)
        QTest.keyClick(self.window, key, Qt.KeyboardModifier.ControlModifier)

    def undo_or_redo(self) -> None:
        """Some steps one way."""
        history = self.window.session.history
        step = self.chance.choice((history.undo, history.undo, history.redo))
        for _ in range(self.chance.choice((1, 1, 2, 7))):
            step()

    def command(self) -> None:
        """A command of the palette."""
        actions = self.window.commands.actions
        name = self.chance.choice(sorted(set(actions) - NEVER))
        self.say(name)
        if actions[name].isEnabled():
            actions[name].trigger()

    def menu(self) -> None:
        """An entry of an open menu, else of any menu."""
        popup = QApplication.activePopupWidget()
        menus = [popup] if isinstance(popup, QMenu) else self.window.findChildren(QMenu)
        ending = {
            self.window.commands.actions[name] for name in NEVER & set(self.window.commands.actions)
        }
        entries: list[QAction] = [
            entry for menu in menus for entry in menu.actions()
            if entry.isEnabled() and entry not in ending and entry.menu() is None
        ]  # fmt: skip
        if entries:
            entry = self.chance.choice(entries)
            self.say(entry.text())
            entry.trigger()
        if isinstance(popup, QMenu) and isValid(popup):
            popup.close()

    def context_menu(self) -> None:
        """A menu at a point, left open for what comes next."""
        widget = self.widget()
        point = self.point(widget)
        self.say(type(widget).__name__)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, widget.mapToGlobal(point))
        QApplication.sendEvent(widget, event)

    def drop(self) -> None:
        """A file over the canvas, let go or not."""
        data, path = QMimeData(), self.chance.choice(self.files)
        data.setUrls([QUrl.fromLocalFile(str(path))])
        self.say(path.name)
        target, none = self.window.canvas.viewport(), Qt.KeyboardModifier.NoModifier
        at, left, copy = target.rect().center(), Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
        entered = QDragEnterEvent(at, copy, data, left, none)
        QApplication.sendEvent(target, entered)
        if entered.isAccepted() and self.chance.random() < 0.8:
            QApplication.sendEvent(target, QDropEvent(QPointF(at), copy, data, left, none))
        else:
            QApplication.sendEvent(target, QDragLeaveEvent())

    def resize(self) -> None:
        """Another size, or the one it began with."""
        size = self.chance.choice(((1440, 900), (960, 560), (1280, 720), (2200, 1300)))
        self.say(*size)
        self.window.resize(*size)

    def blueprint(self) -> None:
        """A small network of any blueprint, as a new document."""
        name = self.chance.choice(sorted(BLUEPRINTS))
        settings = BLUEPRINTS[name].complete({"depth": self.chance.choice((2, 3)), "base": 4})
        self.say(name)
        graph = BLUEPRINTS[name].build(settings)
        self.window.session.open(
            Document(graph=graph, blueprint=(name, settings)), self.window.session.view
        )

    def stop_the_engine(self) -> None:
        """Kill the engine's process, seldom."""
        child = self.window._process.pid
        if child is not None and self.chance.random() < 0.2:
            self.say("now")
            os.kill(child, signal.SIGKILL)

    def idle(self) -> None:
        """Let timers and the engine go on."""
        QTest.qWait(self.chance.choice((20, 60, 250)))

    def answer_what_waits(self) -> None:
        """Called by a timer: a menu or dialog with an event loop of its own waits for this."""
        popup, dialog = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        if isinstance(popup, QMenu) and self.chance.random() < 0.5:
            QTest.keyClick(popup, Qt.Key.Key_Down)
            if isValid(popup):
                QTest.keyClick(popup, Qt.Key.Key_Return)
        elif popup is not None:
            popup.close()
        elif dialog is not None:
            dialog.close()


def _type(target: QWidget, text: str) -> None:
    """Any letters: QTest knows those of a keyboard only."""
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            if isValid(target):
                event = QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, letter)
                QApplication.sendEvent(target, event)


def _files(folder: Path) -> list[Path]:
    """Files to drop: pictures, a document, and what is neither."""
    chance = np.random.default_rng(5)
    made = []
    for name, size in (("small.png", (40, 30)), ("wide.jpg", (300, 20)), ("dot.png", (1, 1))):
        Image.fromarray(chance.integers(0, 255, (size[1], size[0], 3), np.uint8)).save(
            folder / name
        )
        made.append(folder / name)
    for name, content in (
        ("broken.png", b"\x89PNG\r\n"), ("no.fieldglass", b"{}"), ("text.txt", b"hello"),
        ("weights.safetensors", b"\0" * 9), ("weights.pt", b"PK\3\4"),
        ("model.py", b"raise SystemExit"),
    ):  # fmt: skip
        (folder / name).write_bytes(content)
        made.append(folder / name)
    settings = BLUEPRINTS["unet"].complete({"depth": 2, "base": 4, "size": 64})
    document = Document(graph=BLUEPRINTS["unet"].build(settings), blueprint=("unet", settings))
    (folder / "small.fieldglass").write_bytes(to_json(document))
    return [*made, folder / "small.fieldglass", folder, folder / "missing.png"]


def main() -> None:
    """Use the window for so many minutes."""
    seed, minutes = int(sys.argv[1]), float(sys.argv[2])
    faulthandler.enable()
    QDrag.exec = lambda *_: Qt.DropAction.IgnoreAction  # its loop waits for a person's release
    os.chdir(_home.name)  # what a dialog saves without a folder lands here
    app = make_application(sys.argv[:1])
    opened = Opened()
    for scheme in ("file", "http", "https"):
        QDesktopServices.setUrlHandler(scheme, opened, "take")
    store = BlobStore(data_folder() / "blobs")
    process = EngineProcess("cpu")
    window = Window(
        sample_document(store), ViewState(), store, process, Settings(), first_noise(), welcome=True
    )
    faults = Faults()
    window.resize(1440, 900)
    window.show()
    window.start()
    QTest.qWait(500)
    person = Person(window, random.Random(seed), faults)
    waiting = QTimer()
    waiting.timeout.connect(person.answer_what_waits)
    waiting.start(150)
    count, end = 0, time.monotonic() + 60 * minutes
    while time.monotonic() < end and isValid(window) and window.isVisible():
        faulthandler.dump_traceback_later(HANGS_AFTER, exit=True)
        person.act()
        app.processEvents()
        count += 1
    waiting.stop()
    faulthandler.cancel_dump_traceback_later()
    if isValid(window):
        window.end_at_once()
    process.close()
    print(f"seed {seed}: {count} actions; raised: {sum(faults.places.values())}")
    for title, told in (("raised", faults.places), ("Qt says", faults.messages)):
        for text, times in told.most_common(20):
            print(f"    {title} {times} times: {text}")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1 if faults.places else 0)  # widgets of closed menus may go in any order


if __name__ == "__main__":
    main()
