"""The ring around the control that a step asks for; it follows it and lets every click through."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QTabBar, QWidget
from shiboken6 import isValid

from viewer.canvas import CanvasView
from viewer.controls import is_answered_later
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.workspaces.learn import locator
from viewer.workspaces.learn.course import Course
from viewer.workspaces.learn.locator import Target

OUTSIDE = 5
"""How far outside the control it is drawn, in pixels."""
MOST_PRESSES = 40
RADIUS, WIDTH, HALO = 7.0, 2.0, 5.0
SETTLING = 6
"""Looks after a step was entered, and after it was done, at which its control is scrolled to:
panels are laid out late."""
FOLLOW_MS = 120
"""Panels fold, scroll and open: the place is asked for again so often while a lesson runs."""


class Ring(Guarded, QWidget):
    """A child of the window, as large as the control and a little more."""

    def __init__(self, course: Course, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self._course, self._session = course, session
        self._found: QWidget | None = None
        """The widget that was found last: to look through the window takes milliseconds."""
        self._looks = 0
        """How often more the control is scrolled to where it is out of sight."""
        self._was_done = False
        self._timer = QTimer(self)
        self._timer.setInterval(FOLLOW_MS)
        self._timer.timeout.connect(self.follow)
        course.changed.connect(self.follow)
        course.entered.connect(self._enter)
        course.pressAsked.connect(self.press)
        theme.changed.connect(self.update)

    def target(self) -> Target | None:
        """Where the control of the step is now."""
        step, before = self._course.step, self._found
        if step is None:
            return None
        name = locator.name_of(step.control)
        known = before is not None and isValid(before) and before.objectName() == name
        if before is not None and known and before.isVisible():
            return Target(before, before.rect())
        found = locator.find(self.window(), self._session, step.control)
        self._found = found.widget if found is not None else None
        return found

    def _enter(self) -> None:
        """Scroll to the control of a new step once its panels stand."""
        self._looks, self._was_done = SETTLING, False
        QTimer.singleShot(0, self, self._scroll)

    def _scroll(self) -> None:
        target = self.target()
        if target is not None:
            locator.scroll_to(target)
        self.follow()

    def follow(self) -> None:
        """Take the place of the control; hide where it is not seen, and when it was used."""
        step = self._course.step
        if step is None:
            self._timer.stop()
            self.hide()
            return
        if not self._timer.isActive():
            self._timer.start()
        done = self._course.done
        if done and not self._was_done:
            self._looks = SETTLING  # what was done may have brought other rows above it
        self._was_done = done
        target = self.target() if self._looks or not done else None
        if self._looks and target is not None:
            self._looks -= 1
            if done or not locator.is_seen(target):
                locator.scroll_to(target)
        if done or target is None or target.rect.isEmpty() or not locator.is_seen(target):
            self.hide()
            return
        place = target.in_window().adjusted(-OUTSIDE, -OUTSIDE, OUTSIDE, OUTSIDE)
        if self.geometry() != place:
            self.setGeometry(place)
        self.show()
        self.raise_()

    def focus_target(self) -> None:
        """Give the keyboard to the control, so that it can be used without a mouse.

        Where another workspace is looked at, that of the step is shown first.
        """
        target, course = self.target(), self._course
        if target is None and course.show_its_workspace():
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            target = self.target()
        if target is None:
            return
        locator.scroll_to(target)
        self._give_keyboard(target.widget)
        canvas = target.widget.parentWidget()
        if target.block and isinstance(canvas, CanvasView):
            canvas.focus.move_to(target.block)  # from where a key pins the unit

    @staticmethod
    def _give_keyboard(widget: QWidget) -> None:
        proxy = widget.focusProxy() or widget
        for each in (proxy, *widget.findChildren(QWidget)):
            if each.isVisible() and each.focusPolicy() & Qt.FocusPolicy.TabFocus:
                each.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return
        parent = widget.parentWidget()
        if parent is not None:
            parent.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def press(self) -> None:
        """Press the control, a button or a tab, until the check of the step holds."""
        target, course, step = self.target(), self._course, self._course.step
        if target is None or step is None or not target.named:
            return
        if isinstance(target.widget, QTabBar):
            target.widget.setCurrentIndex(target.widget.tabAt(target.rect.center()))
        for _ in range(MOST_PRESSES):
            if course.done or not isinstance(target.widget, QAbstractButton):
                return
            target.widget.click()
            if is_answered_later(target.widget):
                return

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5)
        for color, width in (("surface", HALO), ("accent", WIDTH)):
            painter.setPen(QPen(theme.color(color), width))
            painter.drawRoundedRect(area, RADIUS, RADIUS)
        painter.end()
