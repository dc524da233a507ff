"""The canvas shows the network that trains, undoably, with the weights of the one looked at."""

from __future__ import annotations

from dataclasses import replace

from analysis.training.process.messages import WeightsOrder
from analysis.training.recipe import Twin
from viewer.session.trained_weights import TrainedWeights
from viewer.workspaces.train.workspace import heading, status

CHAIN = "symmetric_denoiser:layers=4,base=2,size=16"


def test_the_network_of_a_recipe_comes_to_the_canvas_and_undo_brings_back_the_other(train):
    desk, lab, here = train
    mine = desk.session.document
    lab.set_recipe(model=CHAIN, twins=(Twin("deep", settings={"layers": 6}), Twin("flat")))
    assert "the recipe trains" in heading(desk.session)[1]
    lab.start()
    shown = desk.session.document
    assert shown.blueprint[0] == "symmetric_denoiser"
    assert shown.blueprint[1]["layers"] == 6, "the first twin's network, not the model's"
    assert shown.graph.structure_hash == lab.log.structure
    here.turn(3)
    desk.wait(lambda: desk.session.live.part(TrainedWeights).twin == "deep")
    assert "weights of “deep” after step 3" in heading(desk.session)[1]
    desk.session.history.undo()
    assert desk.session.document == mine


def test_a_canvas_that_does_not_follow_keeps_its_network(train):
    desk, lab, _ = train
    mine = desk.session.document
    lab.set_view(follow=False)
    lab.set_recipe(model=CHAIN)
    lab.start()
    assert desk.session.document == mine


def test_the_canvas_has_the_weights_of_the_network_that_is_looked_at(train):
    desk, lab, here = train
    lab.set_recipe(
        twins=(Twin("slow"), Twin("fast", learning_rate=0.1), Twin("other", skip="none"))
    )
    lab.start()
    here.turn(3)
    followed = lambda: desk.session.live.part(TrainedWeights).twin  # noqa: E731
    desk.wait(lambda: followed() == "slow")
    lab.set_view(only=1)
    desk.wait(lambda: followed() == "fast")
    lab.set_view(only=2)  # has no skips: another network than the canvas's
    desk.wait(lambda: followed() == "slow")


def test_a_network_chosen_while_weights_are_on_their_way_is_followed_instead(train, monkeypatch):
    desk, lab, here = train
    lab.set_recipe(twins=(Twin("slow"), Twin("fast", learning_rate=0.1)))
    told, held, shown = here.tell, [], []

    def tell(order: object) -> None:
        (held.append if isinstance(order, WeightsOrder) else told)(order)

    monkeypatch.setattr(here, "tell", tell)
    desk.session.liveChanged.connect(lambda _, after: shown.append(after.part(TrainedWeights).twin))
    lab.start()
    here.turn(3)
    assert [order.twin for order in held] == ["slow"]
    lab.set_view(only=1)
    assert len(held) == 1, "one answer is awaited at a time"
    told(held[0])
    assert [order.twin for order in held] == ["slow", "fast"]
    told(held[1])
    desk.wait(lambda: desk.session.live.part(TrainedWeights).twin == "fast")
    assert "slow" not in shown, "nobody looks at it any more"


def test_what_belongs_to_no_network_stays_when_another_one_comes(train):
    desk, lab, _ = train
    mine = replace(desk.session.document, target_as="picture", off="mean", gates={"skip1": 0.5})
    desk.session.edit("mine", mine)
    lab.set_recipe(model=CHAIN)
    lab.start()
    shown = desk.session.document
    assert shown.graph != mine.graph
    assert (shown.target_as, shown.off, shown.image) == ("picture", "mean", mine.image)
    assert (shown.gates, shown.weights) == ({}, None)


def test_the_status_bar_has_the_steps_a_second_while_it_trains(train):
    desk, lab, here = train
    assert "steps/s" not in status(desk.session)
    lab.start()
    here.turn(3)
    lab.log.seconds, lab.log.step = 2.0, 43
    lab.changed.emit()
    assert status(desk.session).endswith("21.5 steps/s")
    lab._order("pause")
    assert "steps/s" not in status(desk.session)


def test_a_model_of_other_axes_leaves_the_canvas_as_it_is(train):
    desk, lab, _ = train
    mine = desk.session.document
    lab.set_recipe(model=CHAIN, twins=(Twin("a", settings={"axes": 3}),))
    lab.start()
    assert desk.session.document == replace(mine)
    assert lab.log.fault is not None
