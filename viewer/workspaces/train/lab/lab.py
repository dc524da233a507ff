"""Starts, steers and follows the training of one window; panels read its log and ask it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from analysis.faults import Fault
from analysis.storage.document import Document
from analysis.training.process.findings import (
    CodePair,
    CodesSeen,
    SizesSeen,
    SkipsSeen,
    TwinCodes,
)
from analysis.training.process.messages import (
    Augmentation,
    Loaded,
    Order,
    PartOrder,
    Prepared,
    Previews,
    Progressed,
    Saved,
    Spreads,
    Start,
    StateChanged,
    Told,
    TrainingFailure,
    TwinWeights,
    WatchOrder,
)
from analysis.training.process.step_seen import StepSeen
from analysis.training.recipe import Recipe
from viewer.engine.training_process import TrainingProcess
from viewer.override_guard import Guarded
from viewer.session.lesson_scene import LessonScene
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import tr
from viewer.workspaces.services import Services
from viewer.workspaces.train.lab.kept_training import KeptTraining
from viewer.workspaces.train.lab.lower_rate import with_rate
from viewer.workspaces.train.lab.models import first_network, is_own, model_of
from viewer.workspaces.train.lab.questions import Questions
from viewer.workspaces.train.lab.run_folder import CutOff, RunFolder
from viewer.workspaces.train.lab.shown_network import show_network
from viewer.workspaces.train.lab.skipped_pictures import skipped_sentence
from viewer.workspaces.train.lab.stopping import Stopping
from viewer.workspaces.train.lab.training_log import TrainingLog
from viewer.workspaces.train.lab.training_now import TrainingNow, training_now
from viewer.workspaces.train.lab.whose_training import WhoseTraining
from viewer.workspaces.train.view_part import TrainView

REMARKS = ("train-not-compiled", "train-parts-differ")


class Lab(Guarded, QObject):
    """The training of one window.

    changed(): the log has news of losses, scores or gradients. pictured(): it has other pictures
    and histograms. stateChanged(): the training began, stands, goes on or has ended.
    insideCame(): the log has a step from inside. codesCame(): the log has other codes of an
    auto-encoder, or another pair of them. lostFound(): a training that was cut off can be
    continued, or no longer.
    """

    changed = Signal()
    pictured = Signal()
    stateChanged = Signal()
    codesCame = Signal()
    insideCame = Signal()
    lostFound = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__(services.dialog_parent)
        self.services = services
        self.session = services.session
        self.log = TrainingLog()
        self.loaded: Loaded | None = None
        self.process = TrainingProcess(self)
        self.process.answered.connect(self._take)
        self.process.ended.connect(self._ended)
        self.process.cannotStart.connect(self._cannot_start)
        self.kept = KeptTraining(services, lambda: self.log.is_busy, self.lostFound.emit)
        self._held = False
        self._scene = 0
        """Of the lesson in which the training was begun; 0 is that it is the person's own."""
        self.ask = Questions(self._tell, lambda: self.log)
        self.stopping = Stopping(self._end_by_force, self)
        self._whose = WhoseTraining(self.session, lambda: self.log.run)
        self.changed.connect(self._tell_lessons)
        self.stateChanged.connect(self._tell_lessons)
        for changed in (self.session.documentChanged, self.session.liveChanged):
            changed.connect(self._leave_scene)
            changed.connect(self._count_anew)

    @property
    def lost(self) -> CutOff | None:
        """A training that was cut off and can go on."""
        return self.kept.lost

    # ------------------------------------------------------------------ the recipe

    @property
    def view(self) -> TrainView:
        """What Train keeps with the view."""
        return self.session.view.part(TrainView)

    @property
    def recipe(self) -> Recipe:
        """The recipe that the next training takes."""
        return self.view.recipe

    def set_view(self, **changes: Any) -> None:
        """Change fields of that part of the view by name."""
        parts = self.session.view.parts.having(replace(self.view, **changes))
        self.session.set_view(parts=parts)

    def set_recipe(self, **changes: Any) -> None:
        """Change fields of the recipe by name."""
        self.set_view(recipe=replace(self.recipe, **changes))

    # ------------------------------------------------------------------ orders

    def make_ready(self) -> None:
        """Train is shown: load PyTorch in its process, and look for what was cut off, once."""
        self.process.warm()
        self.kept.look()

    def start(self, paused: bool = False) -> None:
        """Begin a training of the recipe; one that was under way is over."""
        document = model_of(self.recipe, self.session.document)
        if isinstance(document, Fault):
            self._refuse(document)
            return
        folder = self.kept.renew(self.recipe, document)
        self._begin(self.recipe, document, folder, paused=paused)

    def continue_lost(self) -> None:
        """Go on with the training that was cut off."""
        lost = self.kept.taken()
        if lost is not None:
            self.set_view(recipe=lost.recipe)
            self._begin(lost.recipe, lost.document, self.kept.folder, resume=True)

    def forget_lost(self) -> None:
        """Nobody wants to go on with it."""
        if self.kept.taken() is not None:
            self.kept.drop()
            self.lostFound.emit()

    def toggle(self) -> None:
        """Start, pause or go on."""
        if self._is_left:
            self.start()
        elif self.log.state == "running":
            self._order("pause")
        elif self.log.state == "paused":
            self._mine_or(lambda: self._order("go"), self.start)
        elif self.log.state == "preparing":
            self._order("go")  # taken once it is ready, after a first step that was asked for
        else:
            self.start()

    @property
    def _is_left(self) -> bool:
        """Whether the training was begun in a lesson that has gone on to another network."""
        scene = self.session.live.part(LessonScene).number
        return 0 != self._scene != scene and self._is_of_another

    @property
    def _is_of_another(self) -> bool:
        """Whether it is of another network than the one of the document, which it began with."""
        if not is_own(self.log.recipe):
            return False
        return self.log.structure != self.session.document.graph.structure_hash

    def _leave_scene(self, *_: object) -> None:
        """End what a lesson has begun once it shows another network; what stays is the person's."""
        self._whose.put_away_if_left()
        if not self.session.live.part(LessonScene).number:
            self._scene = 0
        elif self.log.is_busy and not self.stopping.is_awaited and self._is_left:
            self.stop()

    def _count_anew(self, *_: object) -> None:
        """A step of a lesson has begun, or shows another network: what it asks counts from here."""
        asked = self.session.live.part(TrainingNow)
        foreign = self._is_of_another if self.log.run else False
        if self.log.run and (asked.run != self.log.run or foreign is bool(asked.state)):
            self._tell_lessons()

    def step(self) -> None:
        """One step of every twin; a training that is not there yet begins with it."""
        if self.log.is_busy and not self._is_left:
            self._mine_or(lambda: self._order("step"), self._first_step)
        else:
            self._first_step()

    def _first_step(self) -> None:
        self.start(paused=True)
        self._order("step")

    def _mine_or(self, mine: Callable[[], None], lessons: Callable[[], None]) -> None:
        """Go on with the training, unless a lesson is on another network: the person says whose."""
        if not self.session.live.part(LessonScene).number or not self._is_of_another:
            mine()
        else:
            self._whose.ask(mine, lessons)

    def watch_step(self) -> None:
        """Begin a step of every twin that waits inside the first one's, part after part."""
        if not self.log.is_busy:
            self.start(paused=True)
        if self.log.fault is None:
            first = self.log.recipe.twins[0].name if self.log.recipe.twins else "network"
            self.process.tell(WatchOrder(self.log.run, first))

    def next_part(self) -> None:
        """Take the next part of the step that waits."""
        self.process.tell(PartOrder(self.log.run))

    def stop(self) -> None:
        """End the training; what it has learnt can still be taken."""
        if self.log.state == "preparing":
            self._end_process()  # it listens to nothing yet
            self.process.warm()
            self.kept.give_up()
        elif self.log.is_busy and not self.stopping.is_awaited:
            self.stopping.begin()
            self._order("stop")
            self.stateChanged.emit()

    def try_lower_rate(self, rate: float) -> None:
        """Begin again with another learning rate, for all twins that had none of their own."""
        name = str(self.log.fault.numbers[0]) if self.log.fault else ""
        self.set_view(recipe=with_rate(self.recipe, rate, name))
        self.start()

    def _tell(self, order: Told) -> None:
        self.process.tell(order)

    def _order(self, what: Any) -> None:
        self._tell(Order(self.log.run, what))

    def _begin(
        self,
        recipe: Recipe,
        document: Document,
        folder: RunFolder | None,
        resume: bool = False,
        paused: bool = False,
    ) -> None:
        self.stopping.over()
        self.ask.forget()
        self._scene = 0 if resume else self.session.live.part(LessonScene).number
        first = first_network(recipe, document)
        if first is not None and self.view.follow and not is_own(recipe):
            show_network(self.session, first)
        structure = (first or document).graph.structure_hash
        weights = document.weights
        path = self.services.store.path(weights.hash) if weights else None
        held = str(path) if path is not None and path.is_file() else None
        self.log = TrainingLog(
            run=self.log.run + 1, recipe=recipe, structure=structure, state="preparing",
        )  # fmt: skip
        self._whose.put_away_if_left()
        self.process.tell(Start(
            self.log.run, recipe, document.graph, document.blueprint,
            held if self.view.own_weights else None,
            str(folder.path) if folder is not None else None, resume, paused, held,
        ))  # fmt: skip
        self.stateChanged.emit()
        self.changed.emit()
        self.pictured.emit()

    def _refuse(self, fault: Fault) -> None:
        """A training cannot begin: the log is that of none, and says why."""
        self.stopping.over()
        self.ask.forget()
        self.kept.leave()
        self.log = TrainingLog(run=self.log.run + 1, recipe=self.recipe, fault=fault)
        for changed in (self.stateChanged, self.changed, self.pictured):
            changed.emit()

    def _tell_lessons(self) -> None:
        live = self.session.live
        now = training_now(self.log, live.part(TrainingNow), self._is_of_another)
        self.session.set_live(parts=live.parts.having(now))

    # ------------------------------------------------------------------ answers

    def _take(self, answer: object) -> None:
        if isinstance(answer, Loaded):
            self.loaded = answer
            self.stateChanged.emit()  # another thing is waited for
        if getattr(answer, "run", None) != self.log.run:
            return
        log = self.log
        match answer:
            case Prepared():
                log.prepared, log.step = answer, answer.step
                if answer.skipped:
                    said = skipped_sentence(answer.skipped)
                    self.session.notifications.post(said, "warn")
                self.changed.emit()
            case Progressed():
                log.add(answer)
                self.changed.emit()
            case Previews() | Spreads() | Augmentation() | CodesSeen() | SizesSeen() | SkipsSeen():
                log.keep(answer)
                self.pictured.emit()
            case StepSeen():
                log.keep(answer)
                self.insideCame.emit()
            case TwinCodes() | CodePair():
                log.keep(answer)
                self.codesCame.emit()
            case StateChanged():
                log.state, log.step = answer.state, answer.step
                self._state_is_known()
            case Saved():
                log.saved_step = answer.step
            case TwinWeights():
                self.ask.came(answer)
            case TrainingFailure():
                self._failed(answer)

    def _state_is_known(self) -> None:
        if self.log.state in ("done", "stopped"):
            self.stopping.over()
            self.kept.drop()
        self.stateChanged.emit()

    def _failed(self, failure: TrainingFailure) -> None:
        if not failure.final:
            self.log.remarks += [failure.fault.code] * (failure.fault.code in REMARKS)
            self.session.notifications.post(fault_sentence(failure.fault), "warn")
            return
        self.log.state, self.log.fault = "stopped", failure.fault
        self.stopping.over()
        self.kept.drop()  # from there it would come to the same end
        self.stateChanged.emit()

    def _ended(self, words: str) -> None:
        """The process has ended, by itself or as it was told to, and its networks with it."""
        self.loaded = None
        self.ask.forget()
        told = self.stopping.is_awaited
        self.stopping.over()
        self.log.is_gone = True
        if self.log.is_busy:
            self.log.state = "stopped"
            if not told:
                self.log.fault = Fault("training-ended", (self.log.step,))
                self.log.details = words
            if self.log.saved_step is not None:
                self.kept.offer_own()
        self.stateChanged.emit()

    def _cannot_start(self, why: str) -> None:
        self._refuse(Fault("engine-cannot-start", (why,)))

    def _end_by_force(self) -> None:
        """It has not obeyed: a step takes for ever, or memory is swapped out."""
        self._end_process()
        self.session.notifications.post(tr(
            "The training did not answer, so its process was ended. Its curves stay; what its "
            "networks have learnt since the last checkpoint is gone."
        ), "warn")  # fmt: skip

    def _end_process(self) -> None:
        self.stopping.begin()
        self.process.kill()
        self._ended("")

    # ------------------------------------------------------------------ the end of the window

    def hold(self) -> None:
        """It is asked whether to close: what is done so far is kept, and the training waits."""
        self._held = self.log.state == "running"
        if self.log.is_busy:
            self._order("pause")

    def release(self) -> None:
        """The window stays open."""
        if self._held:
            self._held = False
            self._order("go")

    def close(self) -> None:
        """The window closes: the process ends; the last checkpoint stays if it was under way."""
        self.stopping.over()
        cut_off = self.log.is_busy or self.lost is not None
        self.process.close()
        self.kept.close(cut_off)
