"""Trains what it is told to, tells how it goes, and keeps checkpoints; one training at a time."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TypeVar

import torch

from analysis.faults import Fault
from analysis.inference.failures import fault_of
from analysis.training.process import checkpoint
from analysis.training.process.augmentation import augmentation
from analysis.training.process.beginning import begin
from analysis.training.process.codes import codes_seen, is_coded
from analysis.training.process.inside_step import InsideStep
from analysis.training.process.messages import (
    Answer,
    Loaded,
    Order,
    PartOrder,
    Prepared,
    Progressed,
    Saved,
    Start,
    State,
    StateChanged,
    Told,
    TrainingFailure,
    TwinFacts,
    WatchOrder,
    WorthOrder,
)
from analysis.training.process.pictures import previews
from analysis.training.process.questions import Question, Questions
from analysis.training.process.spreads import spreads
from analysis.training.process.warming import warm_up
from analysis.training.run import TrainingRun
from analysis.training.skip_worth import can_be_weighed
from analysis.training.trainer import Diverged

T = TypeVar("T")
TELL_EVERY = 0.1
"""Seconds between two reports of losses."""
SAVE_EVERY = 20.0
"""Seconds between two checkpoints: a kill loses that much, and a step."""
SHOW_EVERY, SHOW_SHARE = 3.0, 20.0
"""What is measured so many seconds apart, and so many times what it costs, where nothing is due.

Until then it is measured each time that the training is twice as old.
"""


class TrainingService:
    """Serves orders from a queue; `tell` takes each answer. `clock` counts seconds."""

    def __init__(
        self,
        tell: Callable[[Answer], object],
        orders: SimpleQueue[Told],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tell = tell
        self._orders = orders
        self._clock = clock
        self._started: Start | None = None
        self._training: TrainingRun | None = None
        self._questions: Questions | None = None
        self._state: State = "stopped"
        self._told_at = self._saved_at = self._shown_at = self._begun_at = 0.0
        self._show_cost = 0.0
        self._shown_step = -1
        self._told: dict[str, int] = {}
        self._told_penalties: dict[str, int] = {}
        self._told_measured = self._told_columns = 0
        self._remarked: set[Fault] = set()
        self._inside: InsideStep | None = None

    def serve(self) -> None:
        """Take orders and train, for ever."""
        # torch loads its compiler with the first optimiser: seconds that Start need not wait for.
        torch.optim.SGD([torch.zeros(1, requires_grad=True)])
        self._tell(Loaded(torch.get_num_threads(), torch.__version__))
        warm_up()
        while True:
            self.turn()

    def turn(self) -> None:
        """Take what was ordered, waiting for it while nothing runs; else one step."""
        try:
            while True:
                running = self._state == "running"
                self.take(self._orders.get_nowait() if running else self._orders.get())
                if self._state != "running" and self._orders.empty():
                    return
        except Empty:
            self._guarded(self._step)

    def take(self, order: Told) -> None:
        """Do what one order says; orders about an earlier training mean nothing."""
        if isinstance(order, Start):
            self._guarded(lambda: self._begin(order))
        elif self._started is None or order.run != self._started.run or self._training is None:
            return
        elif isinstance(order, Question):
            self._guarded(lambda: self._answer(order), ends=False)
        elif isinstance(order, WatchOrder):
            self._guarded(lambda: self._watch(order))
        elif isinstance(order, PartOrder):
            self._guarded(self._next_part)
        else:
            self._guarded(lambda: self._obey(order))

    # ------------------------------------------------------------------ orders

    def _begin(self, order: Start) -> None:
        self._started, self._training, self._questions, self._inside = order, None, None, None
        self._state = "preparing"
        self._tell(StateChanged(order.run, "preparing", 0))
        made = begin(order)
        if isinstance(made, Fault):
            self._fail(made)
            return
        self._training = made
        self._questions = Questions(order, made, self._clock)
        self._told = dict.fromkeys(made.trainers, 0)
        self._told_penalties = {}
        self._told_measured = self._told_columns = 0
        self._remarked = set()
        self._show_cost, self._shown_step = 0.0, -1
        self._tell(_prepared(made, order.run))
        self._show()
        self._tell(augmentation(made, order.run))
        self._told_at = self._saved_at = self._begun_at = self._clock()
        self._report()
        self._enter("done" if made.is_done else "paused" if order.paused else "running")

    def _obey(self, order: Order) -> None:
        if self._state not in ("running", "paused"):
            return
        if self._inside is not None:
            self._to_its_end(self._inside)
            if order.what == "step" or self._state != "paused":
                return
        match order.what:
            case "pause":
                self._show()
                self._report()
                self._save()
                self._enter("paused")
            case "go":
                self._enter("running")
            case "step":
                self._state = "paused"
                self._step()
            case "stop":
                self._show()
                self._report()
                self._forget_checkpoint()
                self._enter("stopped")

    def _answer(self, asked: Question) -> None:
        assert self._questions is not None
        found = self._questions.answer(asked)
        if found is not None:
            self._tell(found)

    def _watch(self, order: WatchOrder) -> None:
        run = self._training
        assert run is not None
        if self._state not in ("running", "paused") or order.twin not in run.trainers:
            return
        if self._inside is not None:
            self._to_its_end(self._inside)
        if run.is_done:
            return
        self._inside = InsideStep(run, order.twin)
        self._enter("paused")
        self._next_part()

    def _next_part(self) -> None:
        """Take the next part of the step that waits; with the last one it is like any other."""
        inside = self._inside
        if inside is None or self._started is None:
            return
        inside.go_on()
        self._tell(inside.seen(self._started.run))
        if inside.stands == "update":
            self._inside = None
            self._taken(measured=inside.measured)

    def _to_its_end(self, inside: InsideStep) -> None:
        while inside is self._inside:
            self._next_part()

    # ------------------------------------------------------------------ a step and its reports

    def _step(self) -> None:
        """One step; one that is taken alone is looked at whatever its number is."""
        run = self._training
        assert run is not None
        measured = len(run.record.measured)
        run.advance(observed=True, alone=self._state == "paused")
        self._taken(measured)

    def _taken(self, measured: int) -> None:
        """A step is over, before which there were so many measurements: show, report and save."""
        run = self._training
        assert run is not None
        self._remark(run)
        now = self._clock()
        age = max(0.0, self._shown_at - self._begun_at)
        due = now - self._shown_at > max(SHOW_EVERY, min(SHOW_SHARE * self._show_cost, age))
        shows = due or self._state == "paused" or len(run.record.measured) > measured
        if shows:
            self._show()
        if shows or now - self._told_at > TELL_EVERY:
            self._report()
        if run.is_done:
            self._forget_checkpoint()
            self._enter("done")
            self._guarded(self._show_codes, ends=False)
            assert self._started is not None
            self._orders.put(WorthOrder(self._started.run))  # after what was asked meanwhile
        elif self._state == "paused":
            self._enter("paused")
        elif self._clock() - self._saved_at > SAVE_EVERY:
            self._save()

    def _remark(self, run: TrainingRun) -> None:
        """Tell each thing once that is not as it was asked for, though the training goes on."""
        assert self._started is not None
        for fault in run.remarks():
            if fault not in self._remarked:
                self._remarked.add(fault)
                self._tell(TrainingFailure(self._started.run, fault, final=False))

    def _show(self) -> None:
        """Show the held-out pictures as the twins see them now, where they were not shown yet.

        They are measured for it, so that curves and pictures are always of the same step.
        """
        run, order = self._training, self._started
        assert run is not None
        assert order is not None
        if self._shown_step == run.step:
            return
        began = self._clock()
        measured = run.record.measured

        def show() -> None:
            self._tell(previews(run, order.run, run.judged))

        if run.judged and measured and measured[-1].step == run.step:
            show()
        else:
            run.evaluate(observed=True, tell=show)  # pictures first: they are waited for
        self._tell(spreads(run, order.run))
        self._shown_at, self._shown_step = self._clock(), run.step
        self._show_cost = self._shown_at - began

    def _show_codes(self) -> None:
        """Tell what the codes are good for, where there are some."""
        assert self._training is not None
        assert self._started is not None
        found = codes_seen(self._training, self._started.run)
        if found is not None:
            self._tell(found)

    def _report(self) -> None:
        """Tell what has been recorded since the last time."""
        run, order = self._training, self._started
        assert run is not None
        assert order is not None
        losses = {
            name: tuple(values[self._told[name] :]) for name, values in run.record.losses.items()
        }
        penalties = {
            name: tuple(each.penalties[self._told_penalties.get(name, 0) :])
            for name, each in run.trainers.items()
            if each.penalised
        }
        self._told_penalties = {n: len(each.penalties) for n, each in run.trainers.items()}
        measured = tuple(run.record.measured[self._told_measured :])
        columns = tuple(run.record.columns[self._told_columns :])
        self._told = {name: len(values) for name, values in run.record.losses.items()}
        self._told_measured = len(run.record.measured)
        self._told_columns = len(run.record.columns)
        self._told_at = self._clock()
        terms = {name: trainer.terms() for name, trainer in run.trainers.items()}
        patterns = {name: trainer.drop_pattern() for name, trainer in run.trainers.items()}
        self._tell(Progressed(
            order.run, run.step, run.seconds, losses, measured, columns,
            terms=_known(terms), penalties=penalties, patterns=_known(patterns),
        ))  # fmt: skip

    def _enter(self, state: State) -> None:
        assert self._started is not None
        self._state = state
        step = self._training.step if self._training else 0
        self._tell(StateChanged(self._started.run, state, step))

    # ------------------------------------------------------------------ what goes wrong, and disk

    def _guarded(self, work: Callable[[], object], ends: bool = True) -> None:
        """Whatever a training raises ends that training, not the process; `ends` says if it does.

        A question that fails is told, and the training goes on.
        """
        try:
            work()
        except Diverged as error:
            self._fail(error.fault)
        except Exception as error:  # noqa: BLE001 (said as a fault; the process goes on)
            traceback.print_exc()  # standard error is kept for whoever reports it
            fault = fault_of(error, 0, "cpu")
            if ends:
                self._fail(fault)
            elif self._started is not None:
                self._tell(TrainingFailure(self._started.run, fault, final=False))

    def _fail(self, fault: Fault) -> None:
        assert self._started is not None
        if self._training is not None and self._told:
            self._report()
        self._state, self._inside = "stopped", None
        self._tell(TrainingFailure(self._started.run, fault))

    def _save(self) -> None:
        run, order = self._training, self._started
        assert run is not None
        assert order is not None
        self._saved_at = self._clock()
        if order.folder is None:
            return
        try:
            checkpoint.save(run, Path(order.folder))
            self._tell(Saved(order.run, run.step))
        except OSError as error:
            fault = Fault("training-not-saved", (error.strerror or type(error).__name__,))
            self._tell(TrainingFailure(order.run, fault, final=False))

    def _forget_checkpoint(self) -> None:
        if self._started is not None and self._started.folder is not None:
            (Path(self._started.folder) / checkpoint.NAME).unlink(missing_ok=True)


def _known(found: Mapping[str, T | None]) -> dict[str, T]:
    """Without what is None."""
    return {name: each for name, each in found.items() if each is not None}


def _prepared(run: TrainingRun, number: int) -> Prepared:
    facts = tuple(
        TwinFacts(
            name, each.twin.facts.parameters, each.layers, is_coded(run, each),
            can_be_weighed(each),
        )
        for name, each in run.trainers.items()
    )  # fmt: skip
    return Prepared(
        number,
        facts,
        tuple(each.name for each in run.data.training),
        tuple(run.pictures),
        run.data.skipped,
        {} if run.recipe.task == "segment" else run.noisy_psnr(),
        run.data.source,
        run.step,
    )
