"""A stack trained layer by layer takes the very steps that torch's own modules take."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.faults import Fault
from analysis.training.objective.stack import pairs_of
from analysis.training.recipe import Recipe, read_recipe
from analysis.training.run import TrainingRun, prepare

MODEL = "dense_autoencoder:hidden=12-9,code=5,activation=tanh,size=8"
GIVEN = {
    "task": "reconstruct", "model": MODEL, "data": "digits", "patch": 8, "batch": 4, "steps": 8,
    "loss": "mse", "learning_rate": 0.5, "optimiser": "sgd", "stacking": "layer_by_layer",
    "evaluate": {"every": 8}, "twins": [{"name": "stack"}],
}  # fmt: skip


def prepared(**changes: object) -> TrainingRun | Fault:
    recipe = read_recipe({**GIVEN, **changes})
    assert isinstance(recipe, Recipe)
    name, chosen = parse(recipe.model)
    chosen = BLUEPRINTS[name].complete(chosen)
    return prepare(recipe, BLUEPRINTS[name].build(chosen), (name, chosen))


@pytest.fixture(autouse=True)
def few_digits(monkeypatch) -> None:
    monkeypatch.setattr("analysis.training.datasets.DIGITS_LEARNT", 2)
    monkeypatch.setattr("analysis.training.datasets.DIGITS_TESTED", 1)


def linear(run: TrainingRun, node: str) -> nn.Linear:
    """A module of torch's own with the weights that this layer has now."""
    held = run.trainers["stack"].network.parameters_of(node)
    made = nn.Linear(held["weight"].shape[1], held["weight"].shape[0])
    with torch.no_grad():
        made.weight.copy_(held["weight"])
        made.bias.copy_(held["bias"])
    return made


def test_every_part_takes_the_steps_of_torchs_own_modules() -> None:
    run = prepared()
    assert isinstance(run, TrainingRun)
    outer = linear(run, "enc1.linear"), nn.Sequential(linear(run, "head"), nn.Sigmoid())
    middle = linear(run, "enc2.linear"), nn.Sequential(linear(run, "dec1.linear"), nn.Tanh())
    inner = linear(run, "code"), nn.Sequential(linear(run, "dec2.linear"), nn.Tanh())
    encoders = (
        nn.Sequential(outer[0], nn.Tanh()), nn.Sequential(middle[0], nn.Tanh()),
        nn.Sequential(inner[0]),
    )  # fmt: skip
    decoders = (outer[1], middle[1], inner[1])
    whole = nn.Sequential(*encoders, *reversed(decoders))
    steps = torch.optim.SGD(whole.parameters(), 0.5, momentum=0.9)
    trainer = run.trainers["stack"]
    for step in range(1, 9):
        picture = torch.from_numpy(run.source.batch(step, 4).given).flatten(1)
        pair = (step - 1) // 2
        if pair < 3:
            with torch.no_grad():
                read = picture
                for below in encoders[:pair]:
                    read = below(read)
            loss = nn.functional.mse_loss(decoders[pair](encoders[pair](read)), read)
        else:
            loss = nn.functional.mse_loss(whole(picture), picture)
        steps.zero_grad()
        loss.backward()
        steps.step()
        run.advance()
        assert trainer.losses[-1] == pytest.approx(float(loss.detach()), rel=1e-5)
        terms = trainer.terms()
        assert terms is not None
        assert (terms.pair, terms.pairs) == ((pair + 1) % 4, 3)
        assert terms.squares == pytest.approx(terms.loss * 4 * terms.numbers, rel=1e-5)
        assert terms.numbers == (64, 12, 9, 64)[pair]
    for mine, node in zip((outer[0], middle[0], inner[0]), ("enc1.linear", "enc2.linear", "code"),
                          strict=True):  # fmt: skip
        found = trainer.network.parameters_of(node)["weight"].detach()
        assert torch.allclose(found, mine.weight.detach(), atol=1e-6)


@pytest.mark.parametrize(
    ("text", "layers"),
    [
        (MODEL, ["enc1.linear", "enc2.linear", "code", "dec2.linear", "dec1.linear", "head"]),
        ("convolutional_autoencoder:channels=4-8,size=16", 4),
        ("convolutional_autoencoder:channels=4-8,code=6,size=16", 6),
        ("unet:depth=2", None),
        ("variational_autoencoder", None),
        ("classifier", None),
    ],
)
def test_what_is_a_stack(text: str, layers: object) -> None:
    name, chosen = parse(text)
    found = pairs_of(analyse(BLUEPRINTS[name].build(chosen)))
    if layers is None:
        assert found is None
    elif isinstance(layers, int):
        assert len(found[1]) == layers
    else:
        assert [each[0].id for each in found[1]] == layers


def test_what_is_no_stack_is_said() -> None:
    fault = Fault("stack-no-mirror", ("stack",))
    assert prepared(model="unet:depth=2,size=8,in=1,out=1") == fault
    assert prepared(twins=[{"name": "a", "stacking": "at_once"}]).__class__ is TrainingRun


def test_of_noise_a_pair_rebuilds_the_code_of_the_clean_picture() -> None:
    run = prepared(task="denoise")
    assert isinstance(run, TrainingRun)
    run.advance()
    trainer, batch = run.trainers["stack"], run.source.batch(1, 4)
    first = trainer.stack.ends(1, *(torch.from_numpy(e) for e in (batch.given, batch.wanted)))
    encoder = nn.Sequential(nn.Flatten(), linear(run, "enc1.linear"), nn.Tanh())
    assert torch.allclose(first[1], encoder(torch.from_numpy(batch.wanted)), atol=1e-6)
    assert not torch.allclose(first[1], encoder(torch.from_numpy(batch.given)), atol=1e-3)


def test_a_pair_that_is_trained_alone_pays_no_penalty() -> None:
    run = prepared(penalty={"kind": "sparse_l1", "weight": 0.5})
    assert isinstance(run, TrainingRun)
    run.run()
    penalties = run.trainers["stack"].penalties
    assert [each > 0 for each in penalties] == [False] * 6 + [True] * 2
    assert len(penalties) == len(run.trainers["stack"].losses)
