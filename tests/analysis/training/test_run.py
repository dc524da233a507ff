"""A training: twins on the same batches, torch's own steps, equal seeds, what does not fit."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional

from analysis.blueprints import BLUEPRINTS, parse
from analysis.faults import Fault
from analysis.training.datasets import open_data
from analysis.training.recipe import Evaluation, Recipe, Twin
from analysis.training.run import TrainingRun, prepare
from analysis.training.tasks import coarse, with_hole
from analysis.training.trainer import Diverged

SMALL = "unet:depth=2,base=4,norm=none,size=32"


def made(recipe: Recipe) -> TrainingRun | Fault:
    name, settings = parse(recipe.model)
    return prepare(recipe, BLUEPRINTS[name].build(settings), (name, settings))


def small(**changes) -> Recipe:
    recipe = Recipe(model=SMALL, data="cells", patch=16, batch=2, steps=3,
                    evaluate=Evaluation(every=2))  # fmt: skip
    return replace(recipe, **changes)


def test_twins_differ_in_their_skips_alone_and_are_measured_on_time() -> None:
    run = made(small(twins=(Twin("with", skip="concat"), Twin("without", skip="none"))))
    run.run()
    given, without = (run.trainers[name] for name in ("with", "without"))
    assert given.twin.skips
    assert not without.twin.skips
    assert given.twin.facts.parameters > without.twin.facts.parameters
    for name in ("with", "without"):
        report = run.report({})["twins"][name]
        assert len(report["losses"]) == 3
        assert report["evaluated_at"] == [2, 3]
        assert len(report["psnr"]["25"]) == 2
        layers = set(report["gradient_norms"]["first"])
        assert layers == {n for n, each in run.trainers[name].twin.facts.layers.items()
                          if each.parameters}  # fmt: skip
    json.dumps(run.report({}), allow_nan=False)


def test_equal_seeds_give_equal_numbers_and_others_do_not() -> None:
    losses = []
    for seed in (1, 1, 2):
        run = made(small(seed=seed))
        run.run()
        losses.append(run.trainers["network"].losses)
    assert losses[0] == losses[1] != losses[2]


def test_a_step_is_that_of_torch() -> None:
    """One step of SGD on one batch, done again by hand with autograd."""
    run = made(small(twins=(Twin("a", optimiser="sgd", learning_rate=0.05),)))
    trainer = run.trainers["a"]
    before = {key: tensor.detach().clone() for key, tensor in trainer.parameters.items()}
    batch = run.source.batch(1, 2)
    again = {key: tensor.clone().requires_grad_() for key, tensor in before.items()}
    graph = trainer.twin.graph
    from analysis.network import Network

    output = Network(graph, again).run(torch.from_numpy(batch.given), training=True)
    loss = functional.l1_loss(output[graph.output.id], torch.from_numpy(batch.wanted))
    gradients = torch.autograd.grad(loss, list(again.values()))
    assert trainer.train_step(run.source) == pytest.approx(loss.item(), rel=1e-5)
    for (key, tensor), gradient in zip(before.items(), gradients, strict=True):
        torch.testing.assert_close(
            trainer.parameters[key].detach(), tensor - 0.05 * gradient, rtol=1e-4, atol=1e-6
        )


def test_a_smaller_batch_holds_the_first_images_of_a_larger_one() -> None:
    run = made(small())
    few, many = run.source.batch(5, 2), run.source.batch(5, 4)
    np.testing.assert_array_equal(few.given, many.given[:2])
    assert not np.array_equal(few.given, run.source.batch(6, 2).given)


def test_a_loss_without_end_names_the_layer_and_a_lower_rate() -> None:
    run = made(small(twins=(Twin("a", optimiser="sgd", learning_rate=100.0),), steps=60))
    with pytest.raises(Diverged) as caught:
        run.run()
    name, step, layer, rate = caught.value.fault.numbers
    assert (name, rate) == ("a", 10.0)
    assert 1 < step <= 60
    assert layer in run.trainers["a"].twin.facts.layers


def test_segmentation_learns_cells_it_has_not_seen() -> None:
    run = made(small(task="segment", model="unet:depth=2,base=8,size=32,out=2",
                     steps=75, patch=32, batch=4, initialisation="he", learning_rate=0.003,
                     evaluate=Evaluation(every=75)))  # fmt: skip
    before = run.trainers["network"].measure(run.pictures)["0"]
    run.run()
    after = run.progress["network"].scores["0"][-1]
    assert after > max(before, 0.3)


def test_a_model_of_no_blueprint_is_trained_with_its_skips_closed() -> None:
    name, settings = parse(SMALL)
    recipe = small(twins=(Twin("with"), Twin("without", skip="none")))
    run = prepare(recipe, BLUEPRINTS[name].build(settings), None)
    run.advance()
    outputs = [each.outputs(np.zeros((3, 16, 16), np.float32)) for each in run.trainers.values()]
    assert run.trainers["without"].twin.closed
    assert not np.array_equal(*outputs)
    refused = prepare(small(twins=(Twin("a", skip="add"),)), BLUEPRINTS[name].build(settings), None)
    assert refused == Fault("twin-needs-blueprint", ("a", "skip=add"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"patch": 17}, "train-patch-clash"),
        ({"model": "unet:depth=2,base=4,out=2,size=32"}, "train-other-channels"),
        ({"model": "unet:depth=2,base=4,axes=1,size=32"}, "train-needs-one-picture"),
        ({"data": "/nowhere/at/all"}, "data-no-folder"),
        ({"twins": (Twin("a", settings={"colour": 3}),)}, "unknown-blueprint-setting"),
    ],
)
def test_what_does_not_fit_is_a_fault(changes, code: str) -> None:
    found = made(small(**changes))
    assert isinstance(found, Fault)
    assert found.code == code


def test_a_folder_is_split_and_what_cannot_be_read_is_named(tmp_path) -> None:
    source = np.random.default_rng(0)
    for at in range(6):
        pixels = source.integers(0, 256, (40, 40, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{at}.png")
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(tmp_path / "tiny.png")
    (tmp_path / "notes.txt").write_text("no picture")
    found = open_data(str(tmp_path), 16, False, 1, 0)
    assert [each.name for each in found.held_out] == ["4.png"]
    assert len(found.training) == 5
    assert {name: fault.code for name, fault in found.skipped.items()}.keys() == {
        "tiny.png", "notes.txt"}  # fmt: skip
    assert found.skipped["tiny.png"].code == "data-below-patch"
    (tmp_path / "tiny.png").rename(tmp_path / "4_tiny.png")
    moved = open_data(str(tmp_path), 16, False, 1, 0)
    assert [each.name for each in moved.held_out] == ["4.png"], "of the usable ones every fifth"
    refused = open_data(str(tmp_path), 300, False, 1, 0)
    assert refused == Fault("data-all-below-patch", (str(tmp_path), 7, 300))
    empty = tmp_path / "empty"
    empty.mkdir()
    assert open_data(str(empty), 16, False, 1, 0) == Fault("data-empty-folder", (str(empty),))


def test_masks_of_a_folder_are_labels_and_odd_ones_are_named(tmp_path) -> None:
    for part in ("images", "masks"):
        (tmp_path / part).mkdir()
    for at in range(3):
        Image.fromarray(np.full((40, 40, 3), 90, np.uint8)).save(tmp_path / f"images/{at}.jpg")
        mask = np.zeros((40, 40), np.uint8)
        mask[:, :20] = 255
        Image.fromarray(mask).save(tmp_path / f"masks/{at}.png")
    Image.fromarray(np.zeros((40, 30), np.uint8)).save(tmp_path / "masks/2.png")
    Image.fromarray(np.full((40, 40, 3), 90, np.uint8)).save(tmp_path / "images/alone.jpg")
    found = open_data(str(tmp_path), 16, True, 2, 0)
    codes = {name: fault.code for name, fault in found.skipped.items()}
    assert codes == {"2.jpg": "data-mask-other-size", "alone.jpg": "data-no-mask"}
    labels = found.training[0].labels
    assert (labels[:, :20] == 1).all()
    assert (labels[:, 20:] == 0).all()


def test_what_is_taken_from_an_image_is_half_its_detail_or_a_square_of_it() -> None:
    clean = np.random.default_rng(3).random((3, 9, 8), np.float32)
    blocks = coarse(clean)
    np.testing.assert_allclose(blocks[:, 0, 0], clean[:, :2, :2].mean((1, 2)), rtol=1e-6)
    assert (blocks[:, 0, 0] == blocks[:, 1, 1]).all()
    np.testing.assert_array_equal(blocks[:, 8], clean[:, 8])
    hole = with_hole(clean, np.random.default_rng(0))
    assert ((hole != clean).any(0)).sum() == 4


def test_a_measurement_that_is_not_due_has_todays_statistics() -> None:
    """Batch norms of weights that have moved on are given the statistics of those weights."""
    run = made(small(model="unet:depth=1,base=4,norm=batch", steps=12, learning_rate=0.02))
    assert not isinstance(run, Fault)
    for _ in range(11):
        run.advance()
    for name, seen in run.evaluate().items():
        trainer = run.trainers[name]
        trainer.calibrate(run.source)
        again = trainer.judge(run.pictures, 25.0)
        for picture, judged in seen.items():
            assert np.array_equal(judged.output, again[picture].output)
