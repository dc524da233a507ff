"""The training process: what it tells, how it stops, and that a cut makes no difference."""

import errno
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.torch import load

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.graph import Graph
from analysis.network import Network
from analysis.network.weights import save
from analysis.storage import atomic_file
from analysis.training.objective.penalty import Penalty
from analysis.training.process import checkpoint, service
from analysis.training.process.messages import (
    Order,
    PartOrder,
    Prepared,
    Previews,
    Progressed,
    Saved,
    Spreads,
    Start,
    StateChanged,
    TrainingFailure,
    TwinWeights,
    WatchOrder,
    WeightsOrder,
)
from analysis.training.process.service import TrainingService
from analysis.training.process.step_seen import StepSeen
from analysis.training.recipe import Evaluation, Recipe, Twin

SMALL = "unet:depth=2,base=2,norm=none,size=32"


@pytest.fixture(scope="module", autouse=True)
def pictures(tmp_path_factory) -> Path:
    """A folder of seven small pictures, each of its own colours."""
    folder = tmp_path_factory.mktemp("pictures")
    source = np.random.default_rng(0)
    for at in range(7):
        blocks = source.integers(0, 256, (8, 8, 3), dtype=np.uint8)
        Image.fromarray(blocks.repeat(4, 0).repeat(4, 1)).save(folder / f"{at}.png")
    Folder.path = str(folder)
    return folder


class Folder:
    """Where the pictures are."""

    path = ""


class Desk:
    """A service in this process, told by hand, one turn at a time, on a clock of its own."""

    def __init__(self) -> None:
        self.orders: SimpleQueue = SimpleQueue()
        self.answers: list = []
        self.now = 0.0
        self.service = TrainingService(self.answers.append, self.orders, lambda: self.now)

    def tell(self, order) -> None:
        self.orders.put(order)
        self.service.turn()

    def finish(self) -> None:
        while self.service._state == "running":
            self.service.turn()

    def of(self, kind) -> list:
        return [each for each in self.answers if isinstance(each, kind)]

    def losses(self, twin: str) -> list[float]:
        return [loss for each in self.of(Progressed) for loss in each.losses.get(twin, ())]


def start(recipe: Recipe, run: int = 1, **more) -> Start:
    name, chosen = parse(recipe.model)
    return Start(run, recipe, BLUEPRINTS[name].build(chosen), (name, chosen), **more)


def small(**changes) -> Recipe:
    made = {"model": SMALL, "data": Folder.path, "patch": 16, "batch": 2, "steps": 4,
            "evaluate": Evaluation(every=2)}  # fmt: skip
    return Recipe(**(made | changes))


TWINS = (Twin("with"), Twin("without", skip="none"))


def test_a_training_shows_pictures_first_and_tells_all_there_is() -> None:
    desk = Desk()
    desk.tell(start(small(twins=TWINS)))
    desk.finish()
    kinds = [type(each) for each in desk.answers]
    assert kinds[:4] == [StateChanged, Prepared, Previews, Spreads]
    assert [each.state for each in desk.of(StateChanged)] == ["preparing", "running", "done"]
    assert [each.step for each in desk.of(Previews)] == [0, 2, 4]
    prepared = desk.of(Prepared)[0]
    for twin in prepared.twins:
        assert len(desk.losses(twin.name)) == 4
        told = [m for each in desk.of(Progressed) for m in each.measured if m.twin == twin.name]
        assert [each.step for each in told] == [0, 2, 4]
        assert all(each.training is not None and each.loss > 0 for each in told)
        columns = [c for e in desk.of(Progressed) for c in e.columns if c.twin == twin.name]
        assert [each.step for each in columns] == [1, 2, 3, 4]
        assert all(len(each.gradients) == len(twin.layers) for each in columns)
        assert all(ratio > 0 for ratio in columns[0].updates)
        spread = desk.of(Spreads)[-1]
        assert set(spread.outputs[twin.name]) == set(twin.layers)
    picture = desk.of(Previews)[-1].pictures[0]
    assert picture.seen["with"].pixels.shape == picture.wanted.shape == (32, 32, 3)
    assert picture.seen["with"].pixels.dtype == np.uint8


def test_an_update_ratio_is_that_of_plain_gradient_descent() -> None:
    """Of SGD's first step the update is rate × gradient: the ratio follows from both norms."""
    desk = Desk()
    rate = 10.0  # so that float32 holds the update well beside the weights
    desk.tell(start(small(twins=(Twin("a", optimiser="sgd", learning_rate=rate),)), paused=True))
    training = desk.service._training
    trainer = training.trainers["a"]
    sizes = {
        node: sum(float(t.detach().double().square().sum()) for t in (
            trainer.parameters[e.key] for e in trainer.twin.facts.tensors[node])) ** 0.5
        for node in trainer.layers
    }  # fmt: skip
    desk.tell(Order(1, "step"))
    column = training.record.columns[0]
    for node, gradient, ratio in zip(trainer.layers, column.gradients, column.updates, strict=True):
        assert ratio == pytest.approx(rate * gradient / sizes[node], rel=2e-3)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 2**31),
    cut=st.integers(1, 3),
    optimiser=st.sampled_from(["adam", "sgd", "rmsprop", "adamw"]),
    norm=st.sampled_from(["none", "batch"]),
)
def test_a_training_that_is_cut_off_goes_on_with_the_same_numbers(
    tmp_path_factory, seed, cut, optimiser, norm
) -> None:
    folder = str(tmp_path_factory.mktemp("run"))
    recipe = small(seed=seed, optimiser=optimiser, skip_dropout=(0.4,), schedule="one_cycle",
                   model=f"unet:depth=2,base=2,norm={norm},size=32")  # fmt: skip
    whole, first, second = Desk(), Desk(), Desk()
    whole.tell(start(recipe))
    whole.finish()
    first.tell(start(recipe, folder=folder, paused=True))
    for _ in range(cut):
        first.tell(Order(1, "step"))
    first.tell(Order(1, "pause"))
    assert first.of(Saved)[-1].step == cut
    second.tell(start(recipe, folder=folder, resume=True))
    second.finish()
    assert second.of(Prepared)[0].step == cut
    assert second.losses("network") == whole.losses("network")
    ends = [each.service._training.trainers["network"].network.tensors for each in (whole, second)]
    for key, tensor in ends[0].items():
        assert torch.equal(tensor, ends[1][key]), key
    measured = [[(m.step, m.score) for e in desk.of(Progressed) for m in e.measured]
                for desk in (whole, first, second)]  # fmt: skip
    assert [step for step, _ in measured[1]] == list(
        range(cut + 1)
    )  # each single step is looked at
    assert measured[2] == sorted({*measured[0], *measured[1]})


def test_a_kill_loses_no_more_than_half_a_minute(tmp_path) -> None:
    desk = Desk()
    desk.tell(start(small(steps=8), folder=str(tmp_path), paused=True))
    desk.service.take(Order(1, "go"))
    for _ in range(7):
        desk.now += 9.0
        desk.service.turn()
    saved = [each.step for each in desk.of(Saved)]
    assert saved == [3, 6]
    desk.finish()
    assert not (tmp_path / checkpoint.NAME).exists(), "a training that is done is not continued"


def test_a_full_disk_is_said_and_the_training_goes_on(tmp_path, monkeypatch) -> None:
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(atomic_file, "write", full)
    monkeypatch.setattr(service, "SAVE_EVERY", -1.0)
    desk = Desk()
    desk.tell(start(small(), folder=str(tmp_path)))
    desk.finish()
    failures = desk.of(TrainingFailure)
    assert failures
    assert not any(each.final for each in failures)
    assert failures[0].fault.numbers == ("No space left on device",)
    assert desk.of(StateChanged)[-1].state == "done"


def test_a_loss_that_is_no_number_ends_it_and_what_came_before_is_told() -> None:
    desk = Desk()
    desk.tell(
        start(small(twins=(Twin("a", optimiser="sgd", learning_rate=100.0),), steps=60, loss="mse"))
    )
    desk.finish()
    failure = desk.of(TrainingFailure)[-1]
    name, step, _, rate = failure.fault.numbers
    assert failure.fault.code == "train-diverged"
    assert (name, rate) == ("a", 10.0)
    assert len(desk.losses("a")) == step - 1
    desk.tell(start(small(steps=1), run=2))
    desk.finish()
    assert desk.of(StateChanged)[-1] == StateChanged(2, "done", 1)


@pytest.mark.parametrize("taken", [0, 1])
def test_no_terms_are_told_of_a_step_that_came_to_nothing(taken: int) -> None:
    """What was made in it would stand beside the loss of the step before."""
    desk = Desk()
    recipe = Recipe(model="dense_autoencoder:hidden=8,code=4,size=16", task="reconstruct", patch=16,
                    data=Folder.path, batch=2, steps=6, loss="mse", penalty=Penalty("sparse_l1"),
                    evaluate=Evaluation(every=6))  # fmt: skip
    desk.tell(start(recipe, paused=True))
    trainer = desk.service._training.trainers["network"]
    for _ in range(taken):
        desk.tell(Order(1, "step"))
    with torch.no_grad():
        next(iter(trainer.parameters.values())).fill_(torch.nan)
    desk.tell(Order(1, "step"))
    [failure] = desk.of(TrainingFailure)
    assert failure.final
    assert (failure.fault.code, failure.fault.numbers[1]) == ("train-diverged", taken + 1)
    assert len(desk.losses("network")) == taken
    told = [p for each in desk.of(Progressed) for p in each.penalties["network"]]
    assert len(told) == taken
    terms = desk.of(Progressed)[-1].terms
    assert [each.step for each in terms.values()] == [1] * taken
    for each in terms.values():
        assert each.squares / (each.pictures * each.numbers) == pytest.approx(each.loss, rel=1e-5)
        assert [each.penalty] == told


def test_each_remark_is_told_once(monkeypatch) -> None:
    def refused(*_, **__):
        raise RuntimeError("not with this Python")

    monkeypatch.setattr(torch, "compile", refused)
    desk = Desk()
    desk.tell(start(small(twins=TWINS, compile=True)))
    desk.finish()
    failures = desk.of(TrainingFailure)
    assert [each.fault.numbers[0] for each in failures] == ["with", "without"]
    assert {each.fault.code for each in failures} == {"train-not-compiled"}
    assert not any(each.final for each in failures)
    assert desk.of(StateChanged)[-1].state == "done"


def test_pause_step_and_stop_are_obeyed_and_old_orders_are_not() -> None:
    desk = Desk()
    desk.tell(start(small(), paused=True))
    assert desk.of(StateChanged)[-1].state == "paused"
    desk.tell(Order(1, "step"))
    assert len(desk.losses("network")) == 1
    assert desk.of(StateChanged)[-1] == StateChanged(1, "paused", 1)
    assert desk.of(Previews)[-1].step == 1
    desk.tell(Order(7, "go"))
    assert desk.service._state == "paused"
    desk.tell(Order(1, "stop"))
    assert desk.of(StateChanged)[-1] == StateChanged(1, "stopped", 1)


@pytest.mark.parametrize("what", ["pause", "stop"])
def test_who_ends_between_two_measurements_is_measured_there(what) -> None:
    """Curves, pictures and report are of one step, whenever somebody looks."""
    desk = Desk()
    desk.tell(start(small(steps=50, twins=TWINS, evaluate=Evaluation(every=25))))
    for _ in range(2):  # after the first step, which the start takes
        desk.service.turn()
    desk.tell(Order(1, what))
    told = [(m.twin, m.step) for each in desk.of(Progressed) for m in each.measured]
    assert told == [(twin, step) for step in (0, 3) for twin in ("with", "without")]
    last = {m.twin: m for each in desk.of(Progressed) for m in each.measured}
    shown = desk.of(Previews)[-1]
    assert shown.step == 3
    for twin, found in last.items():
        scores = [each.seen[twin].score for each in shown.pictures]
        assert found.score == pytest.approx(np.mean(scores))
        assert found.training is not None
        assert found.seconds > 0


def test_first_looks_come_soon_and_later_ones_cost_a_twentieth() -> None:
    """A look takes 2 s here, as on a busy machine, and a step 1 s."""
    desk = Desk()
    desk.tell(start(small(steps=400, evaluate=Evaluation(every=400)), paused=True))
    run = desk.service._training
    evaluate = run.evaluate

    def slow(observed: bool = False, tell: Callable[[], object] | None = None):
        desk.now += 2.0
        return evaluate(observed, tell)

    run.evaluate = slow
    desk.tell(Order(1, "go"))
    while run.step < 200:
        desk.now += 1.0
        desk.service.turn()
    steps = [each.step for each in desk.of(Previews)]
    gaps = np.diff(steps)
    assert steps[1] <= 5
    assert (np.diff(gaps) >= 0).all()
    assert gaps[-1] == 41  # seconds, one more than 20 times what it costs


def test_weights_are_handed_out_with_the_network_that_they_fit() -> None:
    desk = Desk()
    recipe = small(twins=TWINS, steps=1)
    desk.tell(start(recipe))
    desk.finish()
    desk.tell(WeightsOrder(1, "without"))
    answer = desk.of(TwinWeights)[-1]
    facts = analyse(answer.graph)
    assert facts.shapes[answer.graph.output.id][1:] == (32, 32)
    tensors = load(answer.content)
    picture = torch.rand(1, 3, 32, 32)
    output = Network(answer.graph, tensors).run(picture)[answer.graph.output.id]
    trained = desk.service._training.trainers["without"]
    np.testing.assert_allclose(
        output[0].numpy(), trained.outputs(picture[0].numpy()), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("stacking", ["at_once", "layer_by_layer"])
def test_every_penalty_is_told_once(stacking) -> None:
    desk = Desk()
    recipe = Recipe(model="dense_autoencoder:hidden=8,code=4,size=16", task="reconstruct", patch=16,
                    data=Folder.path, batch=2, steps=6, evaluate=Evaluation(every=2),
                    stacking=stacking, penalty=Penalty("sparse_l1"))  # fmt: skip
    desk.tell(start(recipe))
    desk.finish()
    told = [p for each in desk.of(Progressed) for p in each.penalties["network"]]
    assert told == desk.service._training.trainers["network"].penalties
    assert told


def test_weights_say_which_order_they_answer() -> None:
    desk = Desk()
    desk.tell(start(small(), paused=True))
    for number in (1, 2):
        desk.tell(WeightsOrder(1, "network", number))
        desk.tell(Order(1, "step"))
    assert [(each.number, each.step) for each in desk.of(TwinWeights)] == [(1, 0), (2, 1)]


def test_codes_that_cannot_be_told_leave_a_training_done(monkeypatch) -> None:
    def fail(*_):
        raise ValueError("no codes")

    monkeypatch.setattr(service, "codes_seen", fail)
    desk = Desk()
    desk.tell(start(small(steps=1)))
    desk.finish()
    assert desk.of(StateChanged)[-1].state == desk.service._state == "done"
    assert [each.final for each in desk.of(TrainingFailure)] == [False]
    desk.tell(WeightsOrder(1, "network"))
    assert desk.of(TwinWeights), "what it has learnt can still be taken"


def test_weights_that_it_begins_with_are_those_of_the_file(tmp_path) -> None:
    desk = Desk()
    desk.tell(start(small(steps=1, seed=3)))
    desk.finish()
    desk.tell(WeightsOrder(1, "network"))
    path = tmp_path / "w.safetensors"
    path.write_bytes(desk.of(TwinWeights)[-1].content)
    other = Desk()
    other.tell(start(small(seed=4), weights=str(path), paused=True))
    tensors = other.service._training.trainers["network"].network.tensors
    for key, tensor in load(path.read_bytes()).items():
        assert torch.equal(tensors[key].detach(), tensor)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"data": "/nowhere"}, "data-no-folder"),
        ({"batch": 65536, "patch": 2048}, "training-too-large"),
    ],
)
def test_what_cannot_begin_says_why(changes, code) -> None:
    desk = Desk()
    recipe = small(**changes)
    desk.tell(start(recipe))
    assert desk.of(TrainingFailure)[-1].fault.code == code
    assert desk.of(TrainingFailure)[-1].final


def test_a_damaged_checkpoint_is_a_fault(tmp_path) -> None:
    (tmp_path / checkpoint.NAME).write_bytes(b"no checkpoint")
    desk = Desk()
    desk.tell(start(small(), folder=str(tmp_path), resume=True))
    assert desk.of(TrainingFailure)[-1].fault.code == "training-other-checkpoint"


def test_what_no_training_changes_is_that_of_the_opened_model(tmp_path) -> None:
    recipe = small()
    begun = start(recipe, paused=True)
    node = next(each for each in begun.graph.nodes if each.operator.key == "conv")
    held = replace(node, fixed=("weight",))
    graph = Graph.of([held if each is node else each for each in begun.graph.nodes])
    weights = {
        each.key: torch.full(each.shape, 0.5)
        for found in analyse(graph).tensors.values()
        for each in found
    }
    save(weights, tmp_path / "own.safetensors")
    desk = Desk()
    desk.tell(replace(begun, graph=graph, fixed=str(tmp_path / "own.safetensors")))
    tensors = desk.service._training.trainers["network"].network.tensors
    mask, learnt = held.key("weight"), held.key("bias")
    assert torch.equal(tensors[mask].detach(), weights[mask])
    assert not torch.equal(tensors[learnt].detach(), weights[learnt])
    desk.tell(Order(1, "step"))
    assert torch.equal(tensors[mask].detach(), weights[mask])


def test_who_waits_inside_steps_has_the_numbers_of_who_does_not() -> None:
    plain, waits = Desk(), Desk()
    for desk in (plain, waits):
        desk.tell(start(small(twins=TWINS), paused=True))
    for _ in range(4):
        plain.tell(Order(1, "step"))
    waits.tell(WatchOrder(1, "with"))
    for part in ("forward", "loss", "backward"):
        seen = waits.of(StepSeen)[-1]
        assert (seen.stands, seen.step, waits.losses("with")) == (part, 1, [])
        waits.tell(PartOrder(1))
    assert waits.of(StepSeen)[-1].stands == "update"
    assert len(waits.losses("without")) == 1
    waits.tell(WatchOrder(1, "without"))
    waits.tell(WatchOrder(1, "with"))  # the one before is taken to its end
    waits.tell(PartOrder(1))
    waits.tell(WeightsOrder(1, "with"))  # asked in the middle, and changes nothing
    assert waits.of(TwinWeights)[-1].step == 2, "the third step has not changed them yet"
    waits.tell(Order(1, "pause"))
    assert len(waits.losses("with")) == 3
    waits.tell(WatchOrder(1, "with"))
    waits.tell(Order(1, "go"))
    waits.finish()
    for twin in ("with", "without"):
        assert waits.losses(twin) == plain.losses(twin)
        assert len(plain.losses(twin)) == 4
    assert waits.of(StateChanged)[-1].state == "done"
    waits.tell(WatchOrder(1, "with"))
    assert waits.of(StateChanged)[-1].state == "done", "there is no step left"
