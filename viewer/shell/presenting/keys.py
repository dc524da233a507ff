"""The keys of a presenter: which key means what while the window presents."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit, QWidget

from viewer.override_guard import Guarded

Key = Qt.Key
ALWAYS: dict[Qt.Key, str] = {
    Key.Key_PageDown: "next",
    Key.Key_PageUp: "back",
    Key.Key_Escape: "end",
    Key.Key_F5: "end",
}
"""Keys that mean the same wherever the keyboard is: those of a presenter's remote."""
WITH_STEPS: dict[Qt.Key, str] = {
    Key.Key_Right: "next",
    Key.Key_Down: "next",
    Key.Key_Space: "next",
    Key.Key_Left: "back",
    Key.Key_Up: "back",
    Key.Key_Backspace: "back",
    Key.Key_Home: "first",
    Key.Key_End: "last",
}
"""Keys that go through the steps, where there are any and nothing is typed."""
ELSE: dict[Qt.Key, str] = {
    Key.Key_S: "spotlight",
    Key.Key_L: "laser",
    Key.Key_B: "blank",
    Key.Key_Period: "blank",
}
"""Keys where nothing is typed."""
TYPED_IN = (QLineEdit, QAbstractSpinBox, QPlainTextEdit)


class PresenterKeys(Guarded, QObject):
    """Hears keys and pointer of one window before anything else does.

    `act` is called with the word of a key; `moved` with the place of the pointer in the window.
    """

    def __init__(
        self,
        window: QWidget,
        has_steps: Callable[[], bool],
        act: Callable[[str], None],
        moved: Callable[[QPoint], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._has_steps, self._act, self._moved = has_steps, act, moved
        self._listens = False

    def listen(self, listens: bool) -> None:
        """Begin or end."""
        application = QApplication.instance()
        if application is None or listens == self._listens:
            return
        self._listens = listens
        if listens:
            application.installEventFilter(self)
        else:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Act on a key of ours and keep it from everything else; no tip of a tool is shown."""
        kind = event.type()
        if kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._moved(self._window.mapFromGlobal(event.globalPosition().toPoint()))
        elif kind == QEvent.Type.ToolTip and isinstance(watched, QWidget):
            return watched.window() is self._window  # nothing lies over what is presented
        elif kind in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            if not isinstance(event, QKeyEvent) or not isinstance(watched, QWidget):
                return False
            if watched.window() is not self._window:
                return False
            word = self._word(event)
            if word is None:
                return False
            if kind == QEvent.Type.ShortcutOverride:
                event.accept()  # no shortcut of a menu takes it
            else:
                # Later: what it does may end this very window's full screen.
                QTimer.singleShot(0, self, lambda: self._act(word))
            return True
        return False

    def _word(self, event: QKeyEvent) -> str | None:
        key = Qt.Key(event.key()) if event.key() in _KNOWN else None
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if key is None or not plain:
            return None
        if key in ALWAYS:
            return ALWAYS[key]
        if isinstance(QApplication.focusWidget(), TYPED_IN):
            return None
        if key in WITH_STEPS:
            return WITH_STEPS[key] if self._has_steps() else None
        return ELSE.get(key)


_KNOWN = {int(key) for key in (*ALWAYS, *WITH_STEPS, *ELSE)}
