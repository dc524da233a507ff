"""A compiled training has the numbers of one that is not, and goes on where nothing compiles."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
import torch

from analysis.blueprints import BLUEPRINTS, parse
from analysis.faults import Fault
from analysis.training.recipe import Evaluation, Recipe, Twin
from analysis.training.run import TrainingRun, prepare

RECIPE = Recipe(model="unet:depth=2,base=4,norm=none,size=32", data="digits", patch=16, batch=2,
                steps=3, skip_dropout=(0.5,), twins=(Twin("a"), Twin("b", skip="none")),
                evaluate=Evaluation(every=3))  # fmt: skip


def trained(compiled: bool) -> TrainingRun:
    name, chosen = parse(RECIPE.model)
    recipe = replace(RECIPE, compile=compiled)
    made = prepare(recipe, BLUEPRINTS[name].build(chosen), (name, chosen))
    assert isinstance(made, TrainingRun)
    made.run()
    return made


def test_it_has_the_same_numbers_and_compiles_each_network_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Traced and differentiated as with a compiler, which would take seconds, and run by torch."""
    from torch._dynamo.testing import CompileCounterWithBackend

    counter = CompileCounterWithBackend("aot_eager")
    torch._dynamo.reset()
    monkeypatch.setattr(torch, "compile", partial(torch.compile, backend=counter))
    plain, compiled = trained(False), trained(True)
    for name in ("a", "b"):
        assert compiled.trainers[name].compiled.is_compiled
        assert compiled.trainers[name].losses == pytest.approx(
            plain.trainers[name].losses, rel=1e-5
        )
    assert counter.frame_count == 2
    assert compiled.remarks() == []


def test_without_a_compiler_it_goes_on_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(run: object, dynamic: bool) -> object:
        def call(*_: object) -> None:
            raise RuntimeError("No C++ compiler.\nlong story")

        return call

    monkeypatch.setattr(torch, "compile", broken)
    plain, compiled = trained(False), trained(True)
    assert compiled.trainers["a"].losses == plain.trainers["a"].losses
    assert compiled.remarks() == [
        Fault("train-not-compiled", (name, "No C++ compiler")) for name in ("a", "b")
    ]
    assert compiled.report({})["machine"]["remarks"] == ["train-not-compiled"] * 2


def test_a_python_that_compiles_nothing_is_said_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """torch raises there when it is asked to compile, not when the first step runs."""

    def refused(*_: object, **__: object) -> None:
        raise RuntimeError("torch.compile is not supported here")

    monkeypatch.setattr(torch, "compile", refused)
    name, chosen = parse(RECIPE.model)
    made = prepare(replace(RECIPE, compile=True), BLUEPRINTS[name].build(chosen), (name, chosen))
    assert isinstance(made, TrainingRun)
    assert not made.trainers["a"].compiled.is_compiled
    assert made.remarks() == [
        Fault("train-not-compiled", (each, "torch.compile is not supported here"))
        for each in ("a", "b")
    ]
