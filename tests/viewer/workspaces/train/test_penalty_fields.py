"""The penalty on a code is chosen, weighed and placed in the recipe's form, and is trained with."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from analysis.training.objective.penalty import Penalty
from analysis.training.recipe import Evaluation, Twin
from viewer.controls import Choice
from viewer.workspaces.train.recipe.panel import RecipePanel

MODEL = "dense_autoencoder:hidden=16,code=4,size=16"


def field(desk, name: str) -> QWidget:
    """The newest of that name: one that was replaced lives until the next turn of the loop."""
    return desk.window.findChild(RecipePanel).findChildren(QWidget, f"recipe.{name}")[-1]


def choose(desk, name: str, value: str) -> None:
    """By the keyboard: down to the option's place."""
    choice = field(desk, name)
    assert isinstance(choice, Choice)
    choice.setFocus()
    desk.qtbot.keyClick(choice, Qt.Key.Key_Home)
    for _ in range(choice._values.index(value)):
        desk.qtbot.keyClick(choice, Qt.Key.Key_Down)


def typed(desk, name: str, text: str) -> None:
    line = field(desk, name)
    line.setFocus()
    line.selectAll()
    desk.qtbot.keyClicks(line, text)
    desk.qtbot.keyClick(line, Qt.Key.Key_Return)


def test_a_penalty_is_chosen_and_trained_with(train):
    desk, lab, here = train
    lab.set_recipe(task="reconstruct", model=MODEL, twins=(Twin("one"),), steps=2,
                   evaluate=Evaluation(every=2))  # fmt: skip
    assert not field(desk, "penalty.weight").isVisible()
    choose(desk, "penalty.kind", "sparse_kl")
    assert lab.recipe.penalty == Penalty("sparse_kl", 1e-2)
    typed(desk, "penalty.target", "0.1")
    typed(desk, "penalty.weight", "2")
    typed(desk, "penalty.layer", "enc1.act")
    assert lab.recipe.penalty == Penalty("sparse_kl", 2.0, 0.1, "enc1.act")
    typed(desk, "penalty.target", "1.5")
    assert lab.recipe.penalty.target == 0.1
    note = desk.window.findChild(RecipePanel).network.fields["penalty.target"].note
    assert "penalty.target is 1.5" in note.text()
    lab.start()
    here.turn(2)
    assert lab.log.state == "done"
    trainer = here.service._training.trainers["one"]
    assert len(trainer.penalties) == 2
    assert trainer.penalties[0] > 0
    choose(desk, "penalty.kind", "contractive")
    assert not field(desk, "penalty.target").isVisible()
    assert lab.recipe.penalty == Penalty("contractive", 0.1)


def test_twins_differ_in_their_penalty(train):
    desk, lab, _ = train
    choice = field(desk, "difference")
    choice.activated.emit(choice._values.index("penalty"))
    assert [(twin.name, twin.penalty.kind) for twin in lab.recipe.twins] == [
        ("dense", "none"), ("sparse", "sparse_l1"),
    ]  # fmt: skip
    choose(desk, "twin.B", "variational")
    assert lab.recipe.twins[1].penalty == Penalty("variational", 1.0)
    assert choice.value() == "penalty"
