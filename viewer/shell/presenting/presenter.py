"""Presents the window: full screen, large type, saved steps one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QGraphicsScene, QMainWindow, QToolTip, QWidget

from viewer.canvas import CanvasView
from viewer.look.type_size import LECTURE, USUAL, type_size
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.edits import presentation_steps
from viewer.session.presentation import Presentation
from viewer.shell.presenting.caption import StepCaption
from viewer.shell.presenting.keys import PresenterKeys
from viewer.shell.presenting.stage import Stage
from viewer.text.translation import tr


class Presenter(Guarded, QObject):
    """One window's presentation. `bars` are what is hidden for it: top bar and status bar."""

    def __init__(
        self, window: QMainWindow, session: Session, canvas: CanvasView, bars: tuple[QWidget, ...]
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._canvas, self._bars = window, session, canvas, bars
        self._before: tuple[Qt.WindowState, dict[str, Any]] | None = None
        self._region: presentation_steps.Region | None = None
        self._cancelled: Callable[[], None] = lambda: None
        self._follows_region = False
        """Whether the canvas shows the region of a step, in whatever size it comes to."""
        self.stage = Stage(session, canvas, window)
        self.caption = StepCaption(session)
        self.keys = PresenterKeys(
            window, lambda: bool(session.document.steps), self.act, self.stage.point
        )
        window.installEventFilter(self)
        canvas.installEventFilter(self)
        session.documentChanged.connect(self._keep_in_range)

    @property
    def now(self) -> Presentation:
        """Whether it presents, and how."""
        return self._session.live.part(Presentation)

    def _set(self, **changes: Any) -> None:
        live = self._session.live
        self._session.set_live(parts=live.parts.having(replace(self.now, **changes)))

    # ------------------------------------------------------------------ begin and end

    def toggle(self) -> None:
        """Begin, or end."""
        if self.now.active:
            self.end()
        else:
            self.start()

    def start(self) -> None:
        """Fill the screen; the first step is shown, or the canvas alone where there is none."""
        if self.now.active:
            return
        view = self._session.view
        kept = {"panels_hidden": view.panels_hidden, "bottom_folded": view.bottom_folded}
        self._before = (self._window.windowState(), kept)
        self._dress(True)
        self._session.notifications.dismiss()
        self._window.showFullScreen()
        self._set(active=True, at=None, blank=False)
        self.keys.listen(True)
        if self._session.document.steps:
            self.go(0)
        else:
            self._session.set_view(panels_hidden=True)
        self._cover()

    def end(self) -> None:
        """Back to the window as it was; the view stays with what was shown last."""
        if self.now.rehearsed:
            self.end_rehearsal()
        if not self.now.active or self._before is None:
            return
        self.keys.listen(False)
        self._set(active=False, at=None, blank=False)
        self._follows_region = False
        self.stage.hide()
        state, view = self._before
        self._before = None
        self._dress(False)
        self._window.setWindowState(state & ~Qt.WindowState.WindowFullScreen)
        self._window.show()
        self._session.set_view(**view)
        self._canvas.setFocus()

    def rehearse(self, cancelled: Callable[[], None]) -> None:
        """Show steps in the window as it is, with large type; Esc calls `cancelled`."""
        self._cancelled = cancelled
        self._dress(True)
        self._set(active=True, rehearsed=True, at=None, blank=False)
        self.stage.point(None)
        self.keys.listen(True)
        self._cover()

    def end_rehearsal(self) -> None:
        """Have the bars back."""
        self.keys.listen(False)
        self._set(active=False, rehearsed=False, at=None)
        self._follows_region = False
        self.stage.hide()
        self._dress(False)

    def area(self) -> QRect:
        """All of the window but its bars, where these are hidden."""
        return self._window.rect()

    @property
    def scene(self) -> QGraphicsScene:
        """What is drawn on the canvas."""
        return self._canvas.scene_of_network

    def show_region(self, region: presentation_steps.Region | None) -> None:
        """Show a part of the canvas; None is all of it."""
        self._canvas.show_region(region)

    def _dress(self, large: bool) -> None:
        """Hide the bars and show large type, or the other way round."""
        for bar in self._bars:
            bar.setVisible(not large)
        type_size.use(LECTURE if large else USUAL)

    # ------------------------------------------------------------------ steps

    def act(self, word: str) -> None:
        """What a key means."""
        if self.now.rehearsed:
            if word == "end":
                self._cancelled()
            return
        last = len(self._session.document.steps) - 1
        at = self.now.at
        match word:
            case "next":
                self.go(0 if at is None else min(at + 1, last))
            case "back":
                self.go(0 if at is None else max(at - 1, 0))
            case "first":
                self.go(0)
            case "last":
                self.go(last)
            case "end":
                self.end()
            case "spotlight" if not self.now.spotlight or self.stage.pointer is None:
                self._set(spotlight=True)
                self.stage.point(self._window.mapFromGlobal(QCursor.pos()))
                self.stage.update()
            case "spotlight" | "laser" | "blank":
                self._set(**{word: not getattr(self.now, word)})
                self.stage.update()
                self._cover()

    def go(self, at: int) -> None:
        """Show a step; nothing happens where there is none."""
        for _ in self.go_in_parts(at):
            pass

    def go_in_parts(self, at: int) -> Iterator[None]:
        """The same; what is iterated over is each part of it, when it is shown."""
        steps = self._session.document.steps
        if not 0 <= at < len(steps):
            return
        step = steps[at]
        QToolTip.hideText()  # what is under the pointer is of the step before
        if self.now.active:
            self._set(at=at, blank=False)
        yield from presentation_steps.show_in_parts(self._session, step)
        self._region, self._follows_region = step.region, True
        self._canvas.show_region(step.region)
        self.stage.find_unit()

    @property
    def region(self) -> presentation_steps.Region | None:
        """What is seen of the canvas; None where the whole network is fitted."""
        return self._canvas.region()

    def save_step(self) -> None:
        """Save what is shown as a step, behind the one that is shown or as the last."""
        place = presentation_steps.add(self._session, self.region, self.now.at)
        if self.now.active:
            self._set(at=place)
        text = tr("Saved as step {n} of {count}.", n=place + 1, count=self._count)
        self._session.notifications.post(text, "ok")

    @property
    def _count(self) -> int:
        return len(self._session.document.steps)

    def _keep_in_range(self, *_: object) -> None:
        """A step that was shown may have been deleted, by an undo too."""
        at, count = self.now.at, self._count
        if at is not None and at >= count:
            self._set(at=count - 1 if count else None)

    # ------------------------------------------------------------------ places

    def _cover(self) -> None:
        """Put what floats over all of the window."""
        if self.now.active:
            self.stage.setGeometry(self._window.rect())
            self.stage.show()
            self.stage.raise_()
            self.stage.find_unit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of window and canvas."""
        if event.type() == QEvent.Type.Resize and self.now.active:
            if watched is self._window:
                self._cover()
            elif self._follows_region and self._region is not None:
                self._canvas.show_region(self._region)
        return super().eventFilter(watched, event)
