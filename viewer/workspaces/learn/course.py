"""The lesson that is under way: sets each step's state, checks it, asks the question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random
from threading import Event

from PySide6.QtCore import QObject, Signal

from analysis.faults import Fault
from analysis.inference.protocol.runs import Noise
from analysis.lessons import folder as lesson_folders
from analysis.lessons.checks import holds
from analysis.lessons.folder import LessonFolder
from analysis.lessons.lesson import Lesson, Step
from analysis.lessons.questions.contract import Drawn
from analysis.lessons.questions.table import QUESTIONS
from analysis.storage.blobs import BlobRef
from analysis.storage.document import Document
from viewer.override_guard import Guarded
from viewer.session.sample_document import sample_document, untrained_sample
from viewer.session.view_state import ViewState
from viewer.text.escaping import name_text
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import language, mark, tr
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
class Own:
    """What was open before the lessons: it is offered again at their end."""

    document: Document
    view: ViewState
    path: Path | None
    noise: Noise


class Course(Guarded, QObject):
    """One for each window. The lesson's network is a document of its own."""

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
        self._own: Own | None = None
        self._waiting: tuple[LessonFolder, Document] | None = None
        self._sample: Document | None = None
        self._sources = Sources(untrained_sample())
        self._setting = False
        session = self._session
        session.documentChanged.connect(self._document_changed)
        for signal in (session.viewChanged, session.liveChanged, session.pictureChanged):
            signal.connect(self._look)
        language.changed.connect(self.changed)

    # ------------------------------------------------------------------ what is under way

    @property
    def lesson(self) -> Lesson | None:
        """The lesson in the language in use."""
        return self.folder.in_language(language.code) if self.folder is not None else None

    @property
    def step(self) -> Step | None:
        """The step; None at the question, and where there is no lesson."""
        lesson = self.lesson
        return lesson.steps[self.index] if lesson and self.index < len(lesson.steps) else None

    @property
    def right(self) -> bool:
        """Whether the question was answered, and rightly."""
        return self.drawn is not None and self.answer == self.drawn.answer

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
        store = self._services.store

        def read(_: Event) -> tuple[LessonFolder, dict[str, BlobRef]]:
            found = lesson_folders.read_folder(Path(path))
            pictures = {} if found.faults else found.pictures
            return found, {name: BlobRef(store.put(at), name) for name, at in pictures.items()}

        def done(found: tuple[LessonFolder, dict[str, BlobRef]]) -> None:
            if found[0].faults:
                self._refuse(found[0])
            else:
                self.begin(*found)

        self._services.background.start(read, done, self._fail)

    def _fail(self, error: Exception) -> None:
        said = mark("The lesson cannot be read: {error}")
        self._session.notifications.post(tr(said, error=error))

    def _refuse(self, found: LessonFolder) -> None:
        first = found.faults[0]
        said = tr(
            "{lesson}: {file}, line {line}: {fault}",
            lesson=name_text(found.name),
            file=name_text(first.file),
            line=first.line,
            fault=fault_sentence(first.fault),
        )
        self._session.notifications.post(said)

    def begin_shipped(self, name: str) -> None:
        """Begin one of the lessons that come with the program."""
        self.begin(lesson_folders.shipped(name))

    def begin(self, folder: LessonFolder, pictures: Mapping[str, BlobRef] | None = None) -> None:
        """Begin a lesson on a network of its own, once unsaved changes are seen to."""
        self._sources = Sources(self.sample, pictures or {})
        lesson = folder.in_language(language.code)
        settings = lesson.state_at(0)
        document = self._fresh(lesson, settings)
        if isinstance(document, Fault):
            self._session.notifications.post(fault_sentence(document))
            return
        if self.folder is None:
            path = self._services.saver.path
            self._own = Own(
                self._session.document, self._session.view, path, self._session.live.noise
            )
        else:
            self._session.history.setClean()  # what was done in a lesson is the lesson's
        self._waiting = (folder, document)
        view = first_view(self._session, settings)
        self._services.opener.documentOpened.emit(document, view, None)

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

    def _document_changed(self, _: Document, after: Document) -> None:
        if self._waiting is not None and after is self._waiting[1]:
            self.folder, self._waiting = self._waiting[0], None
            self._enter(0)
        else:
            self._look()

    def leave(self) -> None:
        """End the lesson where it is; what it has opened stays to play on with."""
        self.folder, self.drawn = None, None
        self.changed.emit()

    def list_lessons(self) -> None:
        """Go back to the list; the lesson stays under way."""
        self._session.set_view(workspace="learn")

    @property
    def can_go_home(self) -> bool:
        """Whether something else was open before the lessons."""
        return self._own is not None

    def go_home(self) -> None:
        """End the lesson and open what was open before."""
        own, self._own = self._own, None
        self._session.history.setClean()
        self.leave()
        if own is None:
            return
        self._session.set_live(noise=own.noise)
        if own.path is not None and own.path.exists():
            self._services.opener.open(str(own.path))
        else:
            self._services.opener.documentOpened.emit(own.document, own.view, None)

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
        self._session.history.setClean()
        self._look()

    def go_on(self) -> None:
        """To the next step, or to the question."""
        lesson = self.lesson
        if lesson is not None and self.index < len(lesson.steps):
            self._enter(self.index + 1)

    def go_back(self) -> None:
        """To the step before."""
        if self.lesson is not None and self.index > 0:
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
        if step is None or self._setting:
            return
        if not self.done and holds(step.check, state_of(self._session)):
            self.done = True
            assert self.folder is not None
            self.progress.reach(self.folder.name, self.index + 1)
            self._session.history.setClean()
            self.changed.emit()
        self.stateChanged.emit()

    # ------------------------------------------------------------------ the question

    def draw(self) -> None:
        """Ask the question with other numbers."""
        lesson, before = self.lesson, self.drawn
        if lesson is None or lesson.question is None:
            return
        row = QUESTIONS[lesson.question.kind]
        self.answer = None
        for _ in range(20):
            self.drawn = row.draw(self.random)
            if before is None or self.drawn.numbers != before.numbers:
                break
        self.changed.emit()

    def give_answer(self, answer: int) -> None:
        """Answer the question."""
        lesson = self.lesson
        if self.drawn is None or lesson is None or self.folder is None:
            return
        self.answer = answer
        if self.right:
            self.progress.reach(self.folder.name, len(lesson.steps), answered=True)
        self.changed.emit()
