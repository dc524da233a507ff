"""Dropout as the thinner network: the picture shows what the step dropped, and inference whole."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from analysis.training.recipe import Evaluation, Twin
from viewer.workspaces.train.results.dropout_view import DropoutView

MODEL = "dense_autoencoder:hidden=12,code=4,size=16,activation=relu"


@pytest.fixture
def dropping(train):
    desk, lab, here = train
    twins = tuple(Twin(f"dropout {rate}", settings={"dropout": rate}) for rate in (0, 50))
    lab.set_recipe(
        task="reconstruct", model=MODEL, twins=twins, steps=9, evaluate=Evaluation(every=9)
    )
    return desk, lab, here


def test_each_step_shows_its_own_thinner_network(dropping):
    desk, lab, _ = dropping
    view = desk.window.findChild(DropoutView)
    assert not view.isVisible()
    lab.step()
    assert view.isVisible()
    name, pattern = view.shown
    assert name == "dropout 50"
    hidden = next(layer for layer in pattern.layers if layer.name == "enc1.linear")
    assert len(hidden.kept) == 12
    left, _ = pattern.weights
    assert f"step 1, first picture of the batch: {left} of" in view.words.text().replace(
        "\N{NARROW NO-BREAK SPACE}", "")  # fmt: skip
    assert "1/(1 − 0.5) = 2.00" in view.words.text()
    first = view.picture.grab().toImage()
    kept = [hidden.kept]
    for _ in range(3):
        lab.step()
        layers = view.shown[1].layers
        kept.append(next(layer.kept for layer in layers if layer.name == "enc1.linear"))
    assert len(set(kept)) > 1, "every step has its own"
    assert view.picture.grab().toImage() != first
    desk.qtbot.mouseClick(view.when.buttons[1], Qt.MouseButton.LeftButton)
    assert view.words.text().startswith("At inference all")
    whole = view.picture.grab().toImage()
    lab.step()
    assert view.picture.grab().toImage() == whole


def test_networks_without_dropout_have_no_such_picture(train):
    desk, lab, _ = train
    lab.step()
    assert not desk.window.findChild(DropoutView).isVisible()
