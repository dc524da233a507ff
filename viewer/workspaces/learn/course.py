"""The lesson that is under way: sets each step's state, checks it, asks the question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random

from PySide6.QtCore import QObject, Signal

from analysis.faults import Fault
from analysis.lessons import folder as lesson_folders
from analysis.lessons.checks import holds
from analysis.lessons.folder import LessonFolder
from analysis.lessons.lesson import Lesson, Step
from analysis.lessons.questions.contract import Drawn
from analysis.lessons.questions.table import QUESTIONS
from analysis.storage.blobs import BlobRef
from analysis.storage.document import Document
from viewer.override_guard import Guarded
from viewer.session.lesson_scene import LessonScene
from viewer.session.sample_document import sample_document, untrained_sample
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import language, tr
from viewer.workspaces.learn.folder_opening import open_folder
from viewer.workspaces.learn.own_document import OwnDocument, own_document
from viewer.workspaces.learn.progress import Progress
from viewer.workspaces.learn.session_state import (
    Sources,
    change_state,
    first_view,
    set_live,
    set_state,
    state_of,
)
from viewer.workspaces.services import Services


@dataclass(frozen=True)
class _Coming:
    """A lesson that begins at a step once its document is shown: one's own is seen to first."""

    folder: LessonFolder
    document: Document
    index: int
    own: OwnDocument | None
    """What is offered at the end of the lessons."""


class Course(Guarded, QObject):
    """The lesson that a window is taking; its network is a document of its own.

    No step touches another document: where one is opened meanwhile, or the lesson's is saved and so
    becomes the person's, the lesson is paused until it is asked to go on.
    """

    changed = Signal()
    """Another lesson, step or language; a check that holds now; an answer."""
    stateChanged = Signal()
    """The session has changed: numbers in a text may read otherwise."""
    entered = Signal()
    """A step was entered, and its state set."""
    pressAsked = Signal()
    """The control of the step is to be pressed until its check holds."""
    asked = Signal(str)
    """The person wants to know a term of the glossary."""

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._session = services.session
        self.progress = Progress(services.remembered, services.remember)
        self.folder: LessonFolder | None = None
        self.index = 0
        """Of the step; the number of steps stands for the question."""
        self.done = False
        """Whether the check of the step held, at this moment or earlier in it."""
        self.drawn: Drawn | None = None
        self.answer: int | None = None
        """What was answered last."""
        self.random = Random()
        self._own: OwnDocument | None = None
        self._home: OwnDocument | None = None
        """What the person goes back to, until it is shown."""
        self._coming: _Coming | None = None
        self._ours = False
        """Whether what is shown is the lesson's document."""
        self._opened = self._session.opened
        self._sample: Document | None = None
        self._sources = Sources(untrained_sample())
        self._setting = False
        session = self._session
        services.saver.otherShown.connect(self._other_shown)
        for signal in (
            session.documentChanged,
            session.viewChanged,
            session.liveChanged,
            session.pictureChanged,
        ):
            signal.connect(self._look)
        language.changed.connect(self.changed)

    # ------------------------------------------------------------------ what is under way

    @property
    def lesson(self) -> Lesson | None:
        """The lesson in the language in use."""
        return self.folder.in_language(language.code) if self.folder is not None else None

    @property
    def paused(self) -> bool:
        """Whether something else is shown than the lesson's own document."""
        return self.folder is not None and not self._ours

    @property
    def step(self) -> Step | None:
        """The step; None at the question, in a pause, and where there is no lesson."""
        lesson = self.lesson
        if lesson is None or self.paused or self.index >= len(lesson.steps):
            return None
        return lesson.steps[self.index]

    @property
    def right(self) -> bool:
        """Whether the question was answered, and rightly."""
        return self.drawn is not None and self.answer == self.drawn.answer

    @property
    def wrong(self) -> bool:
        """Whether the question was answered, and wrongly: it is explained, and asked anew."""
        return self.drawn is not None and self.answer not in (None, self.drawn.answer)

    @property
    def follows(self) -> str:
        """The name of the lesson after this one; empty after the last, and after others' own."""
        names = lesson_folders.shipped_names()
        name = self.folder.name if self.folder is not None else ""
        at = names.index(name) + 1 if name in names else len(names)
        return names[at] if at < len(names) else ""

    # ------------------------------------------------------------------ beginning and end

    def open(self, path: str) -> None:
        """Begin the lesson of a folder, or say in which line of it something is wrong."""
        open_folder(self._services, Path(path), self.begin)

    def begin_shipped(self, name: str) -> None:
        """Begin one of the lessons that come with the program."""
        self.begin(lesson_folders.shipped(name))

    def begin(
        self, folder: LessonFolder, pictures: Mapping[str, BlobRef] | None = None, index: int = 0
    ) -> None:
        """Begin a lesson on a network of its own, once unsaved changes are seen to."""
        self._sources = Sources(self.sample, pictures or {})
        lesson = folder.in_language(language.code)
        settings = lesson.state_at(index)
        document = self._fresh(lesson, settings)
        if isinstance(document, Fault):
            self._session.notifications.post(fault_sentence(document))
            return
        own = self._own if self._ours else own_document(self._services)
        self._coming = _Coming(folder, document, index, own)
        view = first_view(self._session, settings)
        self._services.opener.documentOpened.emit(document, view, None)

    def resume(self) -> None:
        """End a pause: the step it came in begins anew, on a document of the lesson's own."""
        if self.folder is not None and self.paused:
            self.begin(self.folder, self._sources.pictures, self.index)

    def _fresh(self, lesson: Lesson, settings: Mapping[str, str]) -> Document | Fault:
        """A document of the lesson's own on the image there is."""
        sample = self.sample
        image = self._session.document.image or sample.image
        reading = self._session.document.image_reading
        start = replace(sample, title=lesson.title, image=image, image_reading=reading)
        return self._sources.changed(settings, start)

    @property
    def sample(self) -> Document:
        """The network that comes with the program; untrained where its weights cannot be kept."""
        if self._sample is None:
            try:
                self._sample = sample_document(self._services.store)
            except OSError:
                self._sample = untrained_sample()
        return self._sample

    def _other_shown(self) -> None:
        """What is shown now is the lesson's, what the person goes back to, or another document."""
        services, coming, home = self._services, self._coming, self._home
        shown = self._session.document
        if coming is not None and coming.own is not None and shown is coming.own.document:
            if services.saver.path is not None:  # saved before the lesson takes its place
                self._coming = replace(coming, own=coming.own.saved_as(services.saver.path))
            return
        self._ours = coming is not None and shown is coming.document and not services.saver.path
        if self._ours and coming is not None:
            self.folder, self._own, self._coming = coming.folder, coming.own, None
            self._opened = self._session.opened
            self._tell_workspaces(coming.folder)
            self._enter(coming.index)
            self._session.notifications.settle()
        elif home is not None and home.is_shown(services):
            self._home = self._own = None
            self.leave()
            home.settle(services)
        elif self.folder is not None:
            self.changed.emit()

    def _tell_workspaces(self, folder: LessonFolder) -> None:
        """Let the workspaces that the lesson leads through make themselves ready."""
        states = (step.state for step in folder.in_language(language.code).steps)
        named = frozenset(state["workspace"] for state in states if "workspace" in state)
        live = self._session.live
        scene = replace(live.part(LessonScene), workspaces=named)
        self._session.set_live(parts=live.parts.having(scene))

    def leave(self) -> None:
        """End the lesson where it is; what it has opened stays to play on with."""
        self.folder, self.drawn, self._ours = None, None, False
        self._session.set_live(parts=self._session.live.parts.having(LessonScene()))
        self.changed.emit()

    def end(self) -> None:
        """Leave the lesson, and offer the way back to what was open before."""
        self.leave()
        if self.can_go_home:
            text = tr("The lesson has ended. Its network stays, to play on with.")
            home = (tr("Back to my network"), self.go_home)
            self._session.notifications.post(text, "ok", (home,))

    def list_lessons(self) -> None:
        """Go back to the list; the lesson stays under way."""
        self._session.set_view(workspace="learn")

    def workspace_title(self, key: str) -> str:
        """The name of a workspace in the language in use."""
        return tr(self._session.workspaces.row(key).title)

    def show_its_workspace(self) -> bool:
        """Show the workspace of the step, with its panels; False where nothing changes by it."""
        lesson, view = self.lesson, self._session.view
        if lesson is None or self.step is None:
            return False
        wanted = lesson.state_at(self.index).get("workspace", view.workspace)
        self._session.set_view(workspace=wanted, panels_hidden=False)
        return self._session.view is not view

    def show_workspace(self, key: str) -> None:
        """Go where a term is shown; the lesson stays under way."""
        self._session.set_view(workspace=key)

    @property
    def can_go_home(self) -> bool:
        """Whether something else was open before the lessons."""
        return self._own is not None

    def go_home(self) -> None:
        """Open what was open before; the lesson ends once that is shown."""
        if self._own is not None:
            self._home = self._own
            self._own.ask_for(self._services)

    # ------------------------------------------------------------------ from step to step

    def _enter(self, index: int) -> None:
        """Set the state of a step, or ask the question."""
        lesson = self.lesson
        assert lesson is not None
        self.index, self.done, self.answer = index, False, None
        if index < len(lesson.steps):
            self.drawn = None
            title = lesson.steps[index].title
            self._put(partial(set_state, self._session, title, lesson.state_at(index)))
        else:
            self.draw()
        self.changed.emit()
        self.entered.emit()

    def _put(self, put: Callable[[Sources], None]) -> None:
        """Set a state without looking at every change on the way; it is no work of the person's."""
        self._setting = True
        try:
            put(self._sources)
        finally:
            self._setting = False
        self._services.saver.begin_here()
        self._look()

    def go_on(self) -> None:
        """To the next step, to the question, to the next lesson; in a pause, on with this one."""
        lesson = self.lesson
        if self.paused:
            self.resume()
        elif lesson is not None and self.index < len(lesson.steps):
            self._enter(self.index + 1)
        elif lesson is not None and self.follows:
            self.begin_shipped(self.follows)

    def go_back(self) -> None:
        """To the step before."""
        if self.lesson is not None and self.index > 0 and not self.paused:
            self._enter(self.index - 1)

    def again(self) -> None:
        """Set the state of this step once more."""
        if self.step is not None:
            self._enter(self.index)

    def show_me(self) -> None:
        """Do what the step asks for: as its settings say, else by pressing its control."""
        step = self.step
        if step is not None and not step.show:
            self.pressAsked.emit()
        elif step is not None:
            set_live(self._session, step.show, afresh=False)
            self._put(partial(change_state, self._session, step.title, step.show))

    def _look(self, *_: object) -> None:
        """Answer the check of the step anew."""
        step = self.step
        if step is None or self._setting or self._session.opened is not self._opened:
            return
        if not self.done and holds(step.check, state_of(self._session)):
            self.done = True
            assert self.folder is not None
            self.progress.reach(self.folder.name, self.index)
            self._services.saver.begin_here()
            self.changed.emit()
        self.stateChanged.emit()

    # ------------------------------------------------------------------ the question

    def draw(self) -> None:
        """Ask the question with other numbers; 0 stands in the box at first and answers none."""
        lesson, before = self.lesson, self.drawn
        if lesson is None or lesson.question is None:
            return
        row = QUESTIONS[lesson.question.kind]
        self.answer = None
        for _ in range(20):
            self.drawn = row.draw(self.random)
            other = before is None or self.drawn.numbers != before.numbers
            if other and self.drawn.answer:
                break
        self.changed.emit()

    def give_answer(self, answer: int) -> None:
        """Answer the question, once: what is right is said after a wrong answer."""
        if self.drawn is None or self.folder is None or self.wrong:
            return
        self.answer = answer
        if self.right:
            self.progress.answer(self.folder.name)
        self.changed.emit()
