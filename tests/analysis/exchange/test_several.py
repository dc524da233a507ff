"""Models that take or give several things: all are kept, run, and are what torch gives."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from analysis.exchange.torch_module import Traced, TraceError, trace
from analysis.facts import analyse
from analysis.facts.input_size import with_input_size
from analysis.facts.size_rule import size_rule
from analysis.graph import Graph
from analysis.network import Network
from analysis.network.weights import load
from analysis.operators import Given, Noise
from tests.analysis.exchange import several

FILE = Path(several.__file__)
SIZES = {"Sampling": (1, 8, 8), "Named": (1, 10, 12), "Noisy": (1, 8, 8)}
USUAL = (3, 12, 16)
STEP = {"t": {"value": 5}}
OUTPUTS = {
    "Supervised": {"output_0": 0, "output_1": 1, "output_3": 3, "output": 2},
    "Fields": {"deeper.0": "deeper.0", "deeper.1": "deeper.1", "output": "sample"},
    "Named": {"main.features": "main.features", "aux_output": "aux", "output": "main.logits"},
    "Sampling": {"output_1": 1, "output_2": 2, "output_3": 3, "output": 0},
}


@cache
def opened(name: str) -> Traced:
    return trace(FILE, name, SIZES.get(name, USUAL), given=STEP if name == "Stepped" else None)


def picture(name: str) -> Tensor:
    generator = torch.Generator().manual_seed(2)
    return torch.randn(1, *SIZES.get(name, USUAL), generator=generator, dtype=torch.float64)


def run(found: Traced, image: Tensor) -> dict[str, Tensor]:
    ends = [node.id for node in found.graph.nodes if node.operator.key == "output"]
    network = Network(found.graph, load(found.weights), dtype=torch.float64)
    return network.run(image, wanted=ends)


def follow(result: Any, path: int | str) -> Tensor:
    for part in str(path).split("."):
        if part.isdecimal():
            result = result[int(part)]
        else:
            result = result[part] if isinstance(result, dict) else getattr(result, part)
    return result


def agree(ours: Tensor, wanted: Tensor) -> None:
    torch.testing.assert_close(ours.double(), wanted.double(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", OUTPUTS)
def test_every_output_is_kept_under_its_name_and_is_torchs(name, monkeypatch) -> None:
    found = opened(name)
    ours = run(found, picture(name))
    assert list(ours) == list(OUTPUTS[name])
    assert found.graph.output.id == found.graph.nodes[-1].id == "output"
    drawn = [node for node in found.graph.nodes if isinstance(node.operator, Noise)]
    for node in drawn:
        kept = node.operator.apply([torch.zeros(1, 8, dtype=torch.float64)], {})
        monkeypatch.setattr(torch, "randn_like", lambda _, kept=kept: kept)
    model = getattr(several, name)().double().eval()
    with torch.inference_mode():
        wanted = model(picture(name))
    for output, path in OUTPUTS[name].items():
        agree(ours[output], follow(wanted, path))
    facts = analyse(found.graph)
    assert facts.parameters == sum(each.numel() for each in model.parameters())
    for output, tensor in ours.items():
        assert facts.shapes[output] == tuple(tensor.shape[1:])


def values(graph: Graph) -> dict[str, Given]:
    return {n.id: n.operator for n in graph.nodes if isinstance(n.operator, Given)}


def test_a_step_of_diffusion_is_given_and_the_picture_goes_to_the_other_input() -> None:
    found = opened("Stepped")
    assert values(found.graph) == {"t_input": Given((1,), "int64", (5,))}
    assert found.assumed == ()
    model = several.Stepped().eval()
    image = picture("Stepped").float()
    with torch.inference_mode():
        ours = Network(found.graph, load(found.weights)).run(image)["output"]
        agree(ours, model(torch.tensor([5]), image))
        assert not torch.allclose(ours, model(torch.tensor([6]), image))
        later = found.graph.with_operator("t_input", Given((1,), "int64", (6,)))
        ours = Network(later, load(found.weights)).run(image)["output"]
        agree(ours, model(torch.tensor([6]), image))


def test_a_step_of_diffusion_fixes_no_size_of_the_picture() -> None:
    found = opened("Stepped")
    assert not found.size_is_fixed
    rule = size_rule(analyse(found.graph))
    assert rule is not None
    assert rule.multiple_of == rule.least == (1, 1)
    image = torch.randn(1, 3, 9, 23)
    larger = with_input_size(found.graph, (9, 23))
    assert larger is not None
    with torch.inference_mode():
        ours = Network(larger, load(found.weights)).run(image)["output"]
        agree(ours, several.Stepped().eval()(torch.tensor([5]), image))


def test_what_is_made_of_given_values_alone_sees_nothing_of_the_picture() -> None:
    facts = analyse(opened("Stepped").graph)
    field = facts.fields["output"]
    assert (field.exactness, field.extent_max) == ("exact", (3, 3))


def test_a_mapping_is_asked_for_its_keys() -> None:
    found = opened("Batch")
    assert found.graph["input"].operator.shape(()) == USUAL
    given = values(found.graph)
    assert given == {
        "class": Given((1,), "int64", (0,)),
        "mask": Given((1, 1, *USUAL[1:]), "float32", (0.0,)),
    }
    assert {each.name: each.value for each in found.assumed} == {"class": "0", "mask": "0"}
    masked = found.graph.with_operator("mask", Given(given["mask"].size, "float32", (0.5,)))
    masked = masked.with_operator("class", Given((1,), "int64", (3,)))
    image = picture("Batch").float()
    batch = {"image": image, "mask": torch.tensor(0.5), "class": torch.tensor([3])}
    with torch.inference_mode():
        ours = Network(masked, load(found.weights)).run(image)["output"]
        agree(ours, several.Batch().eval()(batch)["mask"])


def test_an_object_is_asked_for_its_attributes_and_a_switch_is_part_of_the_graph() -> None:
    found = trace(FILE, "Attributes", USUAL, given={"scale": {"value": 3}})
    assert list(values(found.graph)) == ["scale", "reference"]
    constant = next(each for each in found.assumed if each.node is None)
    assert (constant.name, constant.value) == ("twice", "False")


def test_random_numbers_are_operators_with_a_seed_of_their_own() -> None:
    found = opened("Noisy")
    drawn = {n.id: n.operator for n in found.graph.nodes if isinstance(n.operator, Noise)}
    told = [(each.distribution, each.low, each.high, each.seed) for each in drawn.values()]
    assert told == [("bernoulli", 0.75, 1.0, 0), ("uniform", -0.5, 0.5, 1), ("normal", 0.0, 1.0, 2)]
    assert found.opaque == ("empty_like",)
    first, again = run(found, picture("Noisy")), run(found, picture("Noisy"))
    assert torch.equal(first["output"], again["output"])
    name = next(iter(drawn))
    other = Noise("bernoulli", 0.75, 1.0, 9)
    changed = Network(found.graph.with_operator(name, other), load(found.weights))
    assert not torch.equal(changed.run(picture("Noisy").float())["output"], first["output"].float())


@pytest.mark.parametrize(
    ("name", "given", "code", "said"),
    [
        ("Stepped", {"u": {"value": 5}}, "model-unknown-input", "u"),
        ("Stepped", {"t": {"value": [[1, 2], [3, 4]]}}, "model-arguments", "t, x"),
        ("Supervised", {"x": {"value": 0}}, "model-no-picture", None),
    ],
)
def test_what_cannot_be_given_is_said(name, given, code, said) -> None:
    with pytest.raises(TraceError) as caught:
        trace(FILE, name, USUAL, given=given)
    assert caught.value.fault.code == code
    assert said is None or caught.value.fault.numbers[1] == said


class Prompted(torch.nn.Module):
    """A step, a prompt and a switch beside the sample, as text-to-image models have them."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = torch.nn.Linear(40, 8), torch.nn.Linear(12, 8)
        self.body = torch.nn.Conv2d(8, 8, 3, padding=1)

    def forward(self, sample, timestep, encoder_hidden_states, extra: bool):
        self.seen = sample
        batch, _, _ = encoder_hidden_states.shape
        words = self.last(encoder_hidden_states).mean(1)
        step = self.first(timestep[:, None].float().expand(batch, 40))
        return self.body(sample) + (words + step)[:, :, None, None]


def test_likely_values_are_tried_first_and_leave_nothing_in_the_model() -> None:
    from analysis.exchange.tracer.arguments import Arguments

    model = Prompted().eval()
    arguments = Arguments(model, (8, 6, 6), {})
    tried = []
    for ranks in arguments.trials():
        tried.append(ranks)
        try:
            arguments.try_out(ranks)
        except (RuntimeError, ValueError, TypeError, AttributeError):
            continue
        break
    leaves = arguments.leaves(tried[-1])
    assert len(tried) < 6
    names = ["sample", "timestep", "encoder_hidden_states", "extra"]
    assert [leaf.name for leaf in leaves] == names
    shapes = [getattr(leaf.value, "shape", leaf.value) for leaf in leaves]
    assert shapes == [(1, 8, 6, 6), (1,), (1, 8, 12), False]
    assert arguments.picture(leaves) is leaves[0]
    assert not hasattr(model, "seen")
    with torch.inference_mode():
        assert model(*(leaf.value for leaf in leaves)).shape == (1, 8, 6, 6)
