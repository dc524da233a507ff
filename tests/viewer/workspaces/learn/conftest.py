"""One window for all lessons, and the hands that do what a step asks for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QDeadlineTimer, QEventLoop, QPoint, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QWidget,
)

from analysis.lessons.lesson import Step
from analysis.storage.blobs import BlobStore
from analysis.training.process.messages import (
    Order,
    Prepared,
    Progressed,
    Start,
    StateChanged,
    TwinFacts,
)
from analysis.training.record import Column
from tests.viewer.conftest import Desk
from tests.viewer.pointer import move_pointer
from viewer.engine.process import EngineProcess
from viewer.session.sample_document import sample_document
from viewer.session.view_state import ViewState
from viewer.shell.settings import Settings
from viewer.shell.window import Window
from viewer.workspaces.learn import locator
from viewer.workspaces.learn.course import Course
from viewer.workspaces.learn.ring import Ring
from viewer.workspaces.learn.strip import LessonStrip
from viewer.workspaces.train.lab.lab import Lab

LEFT = Qt.MouseButton.LeftButton
MOST_PRESSES = 12
WAIT = 10_000


class Pupil:
    """A window with a lesson, and a person who does what it says with the mouse."""

    def __init__(self, window: Window) -> None:
        self.window, self.session = window, window.session
        self.parts = window.contents["learn"].parts  # type: ignore[attr-defined]

    @property
    def course(self) -> Course:
        return self.parts.course

    @property
    def ring(self) -> Ring:
        return self.parts.ring

    @property
    def strip(self) -> LessonStrip:
        found = self.window.findChild(LessonStrip)
        assert found is not None
        return found

    def settle(self) -> None:
        """Let the window do what is due now."""
        for _ in range(2):
            QApplication.processEvents()

    def begin(self, name: str) -> None:
        self.session.history.setClean()
        self.course.begin_shipped(name)
        self.settle()
        assert self.course.folder is not None
        assert self.course.folder.name == name

    def enter(self, index: int) -> None:
        """Go to a step; its state is set and its control in sight."""
        self.course._enter(index)
        self.settle()

    def do(self, step: Step) -> None:
        """Do with the mouse what the step asks for, at the control that is ringed."""
        for _ in range(MOST_PRESSES):
            target = self.ring.target()
            assert target is not None, step.control
            assert target.named, f"{step.control} is behind a strip"
            self._use(target, step)
            self.settle()
            if step.control == "pad.line":
                self.wait_for_torch()
            if self.course.done or not isinstance(target.widget, QAbstractButton):
                return

    def wait_for_torch(self) -> None:
        """Until the engine has answered the line of the tensor pad."""
        late = QDeadlineTimer(WAIT)
        while not self.course.done and not late.hasExpired():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def _use(self, target: locator.Target, step: Step) -> None:
        widget, at = target.widget, target.rect.center()
        wanted = step.check[0].value
        box = widget.findChild(QAbstractSpinBox)
        if isinstance(widget, QAbstractSpinBox):
            box = widget
        if isinstance(widget, QLineEdit):
            widget.clear()
            QTest.mouseClick(widget, LEFT, pos=at)
            QTest.keyClicks(widget, step.show.get("pad", f"{wanted}"))
            QTest.keyClick(widget, Qt.Key.Key_Return)
        elif box is not None:
            _type(box, f"{wanted:g}" if isinstance(wanted, float) else wanted)
        elif isinstance(widget, QComboBox):
            _choose(widget, wanted)
        elif isinstance(widget, QCheckBox):
            QTest.mouseClick(widget, LEFT, pos=QPoint(8, widget.height() // 2))
        else:
            move_pointer(widget, at)
            QTest.mouseClick(widget, LEFT, pos=at)


def _type(box: QAbstractSpinBox, text: str) -> None:
    line = box.lineEdit()
    QTest.mouseDClick(line, LEFT, pos=line.rect().center())
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def _choose(box: QComboBox, value: object) -> None:
    index = next(i for i in range(box.count()) if box.itemData(i) == value)
    box.showPopup()
    view = box.view()
    view.scrollTo(view.model().index(index, 0))
    place = view.visualRect(view.model().index(index, 0)).center()
    move_pointer(view.viewport(), place)
    QTest.mouseClick(view.viewport(), LEFT, pos=place)


class TrainingStandIn:
    """Answers a lab as the process that trains does, at once and without training."""

    def __init__(self, lab: Lab) -> None:
        self._lab, self._run, self._step = lab, 0, 0
        self._names: tuple[str, ...] = ()

    def tell(self, order: object) -> None:
        match order:
            case Start():
                self._run, self._step = order.run, 0
                self._names = tuple(each.name for each in order.recipe.twins)
                twins = tuple(TwinFacts(name, 2, ("a", "b")) for name in self._names)
                self._answer(Prepared(order.run, twins, ("x",), ("y",), {}, {}, "photographs", 0))
                self._answer(StateChanged(order.run, "paused" if order.paused else "running", 0))
                if not order.paused:
                    self._go(20)
            case Order(what="go"):
                self._answer(StateChanged(self._run, "running", self._step))
                self._go(20)
            case Order(what="step"):
                self._go(1)
            case Order(what="stop"):
                self._answer(StateChanged(self._run, "stopped", self._step))

    def _go(self, steps: int) -> None:
        self._step += steps
        columns = tuple(Column(name, self._step, (1.0, 4.0), (0.1, 0.1)) for name in self._names)
        losses = dict.fromkeys(self._names, (0.5,) * steps)
        self._answer(Progressed(self._run, self._step, 1.0, losses, (), columns))

    def _answer(self, answer: object) -> None:
        QTimer.singleShot(0, self._lab, lambda: self._lab._take(answer))


@pytest.fixture(scope="module")  # a window that outlived it would take the pointer from others
def pupil(
    qapp: QApplication, engine: EngineProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pupil]:
    folder = tmp_path_factory.mktemp("learn")
    store = BlobStore(folder / "store")

    class Fresh(Settings):
        def __init__(self) -> None:
            self._store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)

    window = Window(sample_document(store), ViewState(), store, engine, Fresh())
    # The process that trains would outlive the test that shows it: one that answers stands for it.
    lab = window.contents["train"].lab  # type: ignore[attr-defined]
    lab.make_ready = lambda: None
    lab.process.tell = TrainingStandIn(lab).tell
    window.resize(1600, 1000)
    window.show()
    window.start()
    for _ in window._what_can_wait():
        pass
    made = Pupil(window)
    made.settle()
    yield made
    made.course.leave()
    window.session.history.setClean()
    window.close()


@pytest.fixture
def lesson(qtbot, pupil: Pupil, engine, unet):
    """The one window with a person's own network in it, its lessons ready."""
    desk = Desk(qtbot, pupil.window, pupil.window.store, engine)
    desk.course, desk.ring = pupil.course, pupil.ring
    desk.session.notifications.dismiss()
    desk.course.leave()
    desk.window.show_document(unet(), ViewState(workspace="build"), None)
    desk.window.resize(1600, 1000)
    pupil.settle()
    desk.window.activateWindow()
    desk.wait(desk.window.isActiveWindow)
    return desk


def clipped(widget: QWidget) -> bool:
    """Whether a widget that is shown has less room than its words need."""
    if not widget.isVisible():
        return False
    if widget.hasHeightForWidth():
        return widget.heightForWidth(widget.width()) > widget.height() + 1
    return widget.sizeHint().width() > widget.width() + 1
