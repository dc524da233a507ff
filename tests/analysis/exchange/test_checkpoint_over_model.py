"""A checkpoint over a model that was opened: what its forward computes is kept, or made anew."""

import json
from pathlib import Path

import pytest
import torch

from analysis.exchange.torch_module import Traced, trace
from analysis.facts import analyse
from analysis.inference import fitting
from analysis.inference.fitting import FittingError, over_file
from analysis.network import Network
from analysis.network.over_traced import read_computed, record_beside
from analysis.network.weights import fitted, for_graph, load, save
from analysis.storage.weights_report import WeightsReport
from tests.analysis.exchange import computing, tokens

pytestmark = pytest.mark.filterwarnings("ignore:.*weight_norm. is deprecated:FutureWarning")
SIZES = {"ShiftedWindows": (3, 8, 10), "Masked": (3, 6, 9), "Normed": (3, 6, 9)}


def home(name: str):
    return tokens if hasattr(tokens, name) else computing


@pytest.fixture(scope="module")
def traced():
    found: dict[str, Traced] = {}

    def of(name: str) -> Traced:
        if name not in found:
            found[name] = trace(Path(home(name).__file__), name, SIZES[name], seed=3)
        return found[name]

    return of


def other(name: str) -> torch.nn.Module:
    """The model with weights that it was not traced with."""
    torch.manual_seed(8)
    return getattr(home(name), name)().eval()


def over(found: Traced, state: dict, folder: Path) -> tuple[Path, WeightsReport]:
    """As `over_file` does it, without a process for each."""
    torch.save({"state_dict": {f"module.{key}": each for key, each in state.items()}},
               folder / "ck.pt")  # fmt: skip
    asked = {"weights": str(folder / "ck.pt"), "wanted": wanted(found), "base": str(found.weights)}
    (folder / "request.json").write_text(json.dumps(asked))
    made = folder / "fitted.safetensors"
    fitting.main(str(folder / "request.json"), str(made))
    return made, fitted(made, analyse(found.graph))[1]


def wanted(found: Traced) -> dict:
    return {e.key: e.shape for each in analyse(found.graph).tensors.values() for e in each}


def output(found: Traced, path: Path, image: torch.Tensor) -> tuple[torch.Tensor, tuple[str, ...]]:
    facts = analyse(found.graph)
    tensors, untrained = for_graph(found.graph, facts, 0, fitted(path, facts)[0])
    return Network(found.graph, tensors).run(image)[found.graph.output.id], untrained


@pytest.mark.parametrize("name", SIZES)
def test_its_own_checkpoint_gives_the_modules_own_output(traced, tmp_path, name):
    found, model, image = traced(name), other(name), torch.rand(1, *SIZES[name])
    made, report = over(found, model.state_dict(), tmp_path)
    assert report.missing == report.other_shape == report.stale == report.unexpected == ()
    assert report.whole
    ours, untrained = output(found, made, image)
    assert untrained == ()
    with torch.no_grad():
        torch.testing.assert_close(ours, model(image), rtol=0, atol=1e-5)


def test_another_checkpoint_over_the_first_is_computed_anew_too(traced, tmp_path):
    found, image = traced("Normed"), torch.rand(1, *SIZES["Normed"])
    first, _ = over(found, other("Normed").state_dict(), tmp_path)
    again = Traced(found.graph, first.rename(tmp_path / "first"), "", (), False)
    torch.manual_seed(11)
    model = computing.Normed().eval()
    second, report = over(again, model.state_dict(), tmp_path)
    assert report.whole
    with torch.no_grad():
        torch.testing.assert_close(output(found, second, image)[0], model(image), rtol=0, atol=1e-5)


def trained_here(found: Traced, path: Path) -> Path:
    """Weights as a training of the opened model leaves them: every tensor but masks is another."""
    fixed = {node.key(own) for node in found.graph.nodes for own in node.fixed}
    held, (beside, record) = load(found.weights), record_beside(found.weights)
    trained = {key: each if key in fixed else each + 0.125 for key, each in held.items()}
    save({**trained, **beside}, path, record)
    return path


@pytest.mark.parametrize("name", ["Masked", "Normed"])
def test_trained_weights_are_taken_with_the_tensors_that_the_model_had_computed(
    traced, tmp_path, name
):
    from analysis.network.checkpoint import read
    from analysis.network.over_traced import over_traced

    found = traced(name)
    trained = trained_here(found, tmp_path / "trained")
    tensors, told = over_traced(
        found.weights, read_computed(found.weights), read(trained), wanted(found)
    )
    assert told.report.whole
    for key, tensor in load(trained).items():
        assert torch.equal(tensors[key], tensor), key


def test_a_checkpoint_over_trained_weights_is_computed_as_over_those_before(traced, tmp_path):
    found, image = traced("Normed"), torch.rand(1, *SIZES["Normed"])
    trained = trained_here(found, tmp_path / "trained")
    again, model = Traced(found.graph, trained, "", (), False), other("Normed")
    made, report = over(again, model.state_dict(), tmp_path)
    assert report.whole
    with torch.no_grad():
        torch.testing.assert_close(output(found, made, image)[0], model(image), rtol=0, atol=1e-5)


def test_a_parameter_that_is_absent_is_missing_and_what_was_made_of_it_is_stale(traced, tmp_path):
    found, state = traced("Normed"), other("Normed").state_dict()
    del state["first.weight_g"], state["second.bias"]
    made, report = over(found, state, tmp_path)
    assert set(report.missing) == {"first.weight_g", "second.bias"}
    assert report.loaded == report.wanted - 2
    assert len(report.stale) == 1
    assert not report.whole
    assert output(found, made, torch.rand(1, 3, 6, 9))[1] == ("second",)


def test_a_mask_is_no_tensor_that_a_checkpoint_could_lack(traced, tmp_path):
    found, state = traced("Masked"), other("Masked").state_dict()
    del state["held"]
    _, report = over(found, state, tmp_path)
    assert report.missing == ("held",)
    assert report.wanted == 3


def test_a_checkpoint_of_which_nothing_fits_is_refused(traced, tmp_path):
    found, file = traced("Masked"), tmp_path / "ck.pt"
    torch.save({"a": torch.zeros(3)}, file)
    with pytest.raises(FittingError) as raised:
        over_file(found.weights, file, wanted(found), tmp_path)
    assert raised.value.fault.code == "weights-fit-nothing"


def test_a_file_cannot_name_calls_that_do_more_than_compute(traced, tmp_path):
    from dataclasses import replace

    from analysis.network.checkpoint import read
    from analysis.network.over_traced import over_traced

    found = traced("Normed")
    computed = read_computed(found.weights)
    assert computed is not None
    bad = {"target": "aten.from_file.default", "args": [str(found.weights)], "kwargs": {}}
    computed = replace(computed, steps=tuple((name, bad) for name, _ in computed.steps))
    torch.save(other("Normed").state_dict(), tmp_path / "ck.pt")
    _, told = over_traced(found.weights, computed, read(tmp_path / "ck.pt"), wanted(found))
    assert told.report is not None
    assert len(told.report.stale) == 3
