"""Keeps an exception in a method that Qt calls from ending the program.

On Python 3.11 and older an exception raised in C (IndexError, ZeroDivisionError, OverflowError)
that leaves an override called by Qt, such as `paintEvent` or `redo`, is a segmentation fault in
PySide6. `Guarded` catches what is raised there, hands it to `sys.excepthook` and answers Qt with
a value it can go on with. Slots need no guard: PySide6 reports their exceptions itself.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from types import FunctionType
from typing import Any, ClassVar

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPainterPath, QPixmap, QValidator

FALLBACKS: dict[str, Callable[..., object]] = {
    "boundingRect": lambda *_: QRectF(),
    "clone": lambda *_: IconEngine().clone(),
    "columnCount": lambda *_: 0,
    "count": lambda *_: 0,
    "event": lambda *_: False,
    "eventFilter": lambda *_: False,
    "expandingDirections": lambda *_: Qt.Orientation(0),
    "fixup": lambda text: text,
    "flags": lambda *_: Qt.ItemFlag.NoItemFlags,
    "hasHeightForWidth": lambda *_: False,
    "heightForWidth": lambda *_: -1,
    "icon": lambda *_: QIcon(),
    "id": lambda *_: -1,
    "index": lambda *_: QModelIndex(),
    "isEmpty": lambda *_: True,
    "lessThan": lambda *_: False,
    "mergeWith": lambda *_: False,
    "minimumSize": lambda *_: QSize(),
    "minimumSizeHint": lambda *_: QSize(),
    "parent": lambda *_: QModelIndex(),
    "pixmap": lambda *_: QPixmap(),
    "rowCount": lambda *_: 0,
    "shape": lambda *_: QPainterPath(),
    "sizeHint": lambda *_: QSize(),
    "stepEnabled": lambda *_: _no_steps(),
    "textFromValue": str,
    "type": lambda *_: "",
    "validate": lambda text, position: (QValidator.State.Invalid, text, position),
    "viewportEvent": lambda *_: False,
}
"""Method name → what Qt is answered, given the call's arguments, when the method raised.

A method that is not listed answers None: an event is dropped, a cell is empty.
"""


def _no_steps() -> object:
    from PySide6.QtWidgets import QAbstractSpinBox  # the command line has no widgets

    return QAbstractSpinBox.StepEnabledFlag.StepNone


class Guarded:
    """Base of every class that derives from a Qt class: `class Panel(Guarded, QWidget)`.

    Each method that overrides one of Qt's is wrapped, in the class and in classes derived from it.
    """

    __slots__ = ()

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        for name, value in [*vars(cls).items()]:
            if isinstance(value, FunctionType) and overrides_qt(cls, name):
                setattr(cls, name, _guard(name, value))


def overrides_qt(cls: type, name: str) -> bool:
    """Whether a Qt class that `cls` derives from has a method called `name`."""
    if name.startswith("__"):
        return False
    return any(name in vars(base) for base in cls.__mro__ if base.__module__.startswith("PySide6."))


def is_guarded(method: object) -> bool:
    """Whether an exception raised in `method` is reported instead of reaching Qt."""
    return getattr(method, "_guarded", False) is True


def _guard(name: str, method: FunctionType) -> Callable[..., object]:
    if is_guarded(method):
        return method

    @wraps(method)
    def guarded(self: object, *arguments: Any, **named: Any) -> object:
        try:
            return method(self, *arguments, **named)
        except Exception as error:  # noqa: BLE001 (none may reach Qt)
            _report(error, arguments)
        fallback = FALLBACKS.get(name)
        return fallback(*arguments, **named) if fallback is not None else None

    guarded._guarded = True  # type: ignore[attr-defined]
    return guarded


def _report(error: Exception, given: tuple[object, ...]) -> None:
    """Report `error`, and let go of what its frames hold; `given` came from Qt and stays."""
    with suppress(Exception):
        sys.excepthook(type(error), error, error.__traceback__)
    _end_painters(error, given)
    traceback.clear_frames(error.__traceback__)


def _end_painters(error: Exception, given: tuple[object, ...]) -> None:
    """End each QPainter that was left open, before its paint device can be deleted.

    Otherwise Qt writes to a deleted device, which is a segmentation fault.
    """
    for frame, _ in reversed([*traceback.walk_tb(error.__traceback__)]):
        for value in frame.f_locals.values():
            if isinstance(value, QPainter) and not any(value is each for each in given):
                value.end()


class IconEngine(Guarded, QIconEngine):
    """Paints nothing; an engine that paints something is made of it, with `paint` and `copied`."""

    copies: ClassVar[list[QIconEngine]] = []
    """Qt owns a copy, but PySide6 deletes it with its last Python reference."""

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        pass

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, picture.rect(), mode, state)
        painter.end()
        return picture

    def copied(self) -> QIconEngine:
        """Another engine that paints the same."""
        return IconEngine()

    def clone(self) -> QIconEngine:
        self.copies.append(self.copied())
        return self.copies[-1]
