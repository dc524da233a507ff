"""nnU-Net's plans are dropped: the network they describe is shown, with the checkpoint beside."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
import torch

from tests.analysis.exchange.nnunet_modules import (
    LABELS,
    UNet,
    arguments,
    configuration,
    write,
    write_checkpoint,
)

PLANS = {"2d": configuration(2, False), "3d_fullres": configuration(3, True)}


@pytest.fixture
def results(tmp_path):
    """A folder as a training leaves it."""
    folder = tmp_path / "nnUNetTrainer__nnUNetPlans__2d"
    folder.mkdir()
    torch.manual_seed(0)
    model = UNet(arguments(2, False), 2, 3, False)
    return write(folder, PLANS), write_checkpoint(folder, model)


def test_a_folder_of_results_opens_with_its_checkpoint(desk, results):
    desk.drop(results[0])
    desk.wait_told("fold_0/checkpoint_final.pth")
    document = desk.session.document
    assert document.title == "Dataset001_Toy 2d"
    assert document.unused_parameters == 8 * 3 + 3
    assert document.weights.name == "checkpoint_final.safetensors"
    frame = desk.wait_frame()
    assert frame.untrained == ()


def test_plans_of_several_ask_which_and_say_that_nothing_is_trained(desk, tmp_path):
    path = write(tmp_path, PLANS)
    desk.drop(path)
    desk.wait_told("Which network")
    desk.answer("3d_fullres")
    desk.wait_told("no checkpoint")
    assert desk.session.document.title == "Dataset001_Toy 3d_fullres"
    assert desk.session.document.weights is None


def test_plans_and_a_checkpoint_that_are_dropped_together_belong_together(desk, results, tmp_path):
    path = write(tmp_path, {"2d": PLANS["2d"]})
    weights = shutil.copy(results[1], tmp_path / "mine.pth")
    desk.drop(weights, path)
    desk.wait_told("mine.pth")
    assert desk.session.document.weights.name == "mine.safetensors"


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path: path.write_text("{"), "no plans file of nnU-Net"),
        (lambda path: (path.parent / "dataset.json").unlink(), "dataset.json"),
    ],
)
def test_what_cannot_be_opened_is_said(desk, tmp_path, damage, said):
    path = write(tmp_path, {"2d": PLANS["2d"]})
    damage(path)
    before = desk.session.document
    desk.drop(path)
    desk.wait_told(said)
    assert desk.session.document is before


def test_a_checkpoint_of_another_network_leaves_it_untrained_and_says_so(desk, tmp_path):
    path = write(tmp_path, {"2d": PLANS["2d"]})
    write_checkpoint(tmp_path, torch.nn.Linear(2, 2))
    desk.drop(path)
    desk.wait_told("No tensor of checkpoint_final.pth fits")
    assert desk.session.document.title == "Dataset001_Toy 2d"
    assert desk.session.document.weights is None


def alone(folder, file="mine.pth", **other):
    """A checkpoint as nnU-Net writes it, with what its trainer was made with, and with no file."""
    torch.manual_seed(0)
    plans = {"dataset_name": "Dataset001_Toy", "plans_name": "nnUNetPlans", "configurations": PLANS}
    made_with = {"plans": plans, "configuration": "2d", "fold": 0,
                 "dataset_json": {"labels": LABELS}, "device": torch.device("cpu")}  # fmt: skip
    held = {"network_weights": UNet(arguments(2, False), 2, 3, False).state_dict(),
            "_best_ema": np.float64(0.9), "init_args": made_with | other}  # fmt: skip
    torch.save(held, folder / file)
    return folder / file


def test_a_checkpoint_alone_opens_by_the_plans_that_it_holds(desk, tmp_path):
    path = alone(tmp_path)
    desk.drop(path)
    desk.wait_told("Its weights are those of")
    document = desk.session.document
    assert document.title == "Dataset001_Toy 2d"
    assert document.weights.name == "mine.safetensors"
    assert desk.wait_frame().untrained == ()
    desk.session.notifications.dismiss()
    desk.drop(path)  # over its own network it is weights
    desk.wait_told("tensors loaded")
    assert desk.session.document.graph == document.graph


def test_a_checkpoint_whose_plans_cannot_be_built_says_so_and_changes_nothing(desk, tmp_path):
    before = desk.session.document
    desk.drop(alone(tmp_path, "other.pth", configuration="3d_cascade"))
    desk.wait_told("has no configuration 3d_cascade")
    assert desk.session.document is before
