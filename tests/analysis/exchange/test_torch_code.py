"""Networks written as PyTorch code compute the same, run alone and open as the same graph."""

from __future__ import annotations

import keyword
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file
from torch import Tensor, nn

from analysis.blueprints import BLUEPRINTS
from analysis.exchange.torch_code import CodeError, source_of, write_code
from analysis.exchange.torch_code.identifiers import OF_MODULES, class_name, identifier
from analysis.exchange.torch_module import trace
from analysis.facts import Facts, analyse
from analysis.graph import Graph, Node
from analysis.network import Network
from analysis.network.weights import initial, load
from analysis.operators import Add, Convolution, Given, Input, Noise, Output, Pad, ReLU
from analysis.operators.contract import REGISTRY
from tests.analysis.exchange import models
from tests.analysis.exchange.test_torch_module import SIZES
from tests.analysis.operators import truth
from tests.analysis.operators.cases import CASES

MODELS = Path(models.__file__)
HOSTILE = (
    "import os; os.system('x')",
    '"""\nraise SystemExit',
    "class",
    "__init__",
    "self",
    "forward",
    "torch",
    "1st layer",
    "..",
    "ﬁlter",
    "编码 1",
    "\u202eevil\x00\n",
    "x" * 500,
)


def weights_of(graph: Graph, facts: Facts, seed: int = 0) -> dict[str, Tensor]:
    """Weights that no initialisation gives."""
    source = torch.Generator().manual_seed(seed)
    return {
        key: torch.rand(tensor.shape, generator=source) + 0.1
        for key, tensor in initial(graph, facts, seed).items()
    }


def written(folder: Path, graph: Graph, weights: dict[str, Tensor], title: str = "") -> nn.Module:
    """The module that `build()` of the written file gives."""
    facts, path = analyse(graph), folder / "net.py"
    stored = folder / "stored.safetensors"
    save_file(weights, stored)
    assert write_code(path, graph, facts, title, stored) == ()
    return built(path)


def built(path: Path) -> nn.Module:
    room: dict[str, object] = {"__file__": str(path), "__name__": "net"}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), room)  # noqa: S102
    model = room["build"]()  # type: ignore[operator]
    assert isinstance(model, nn.Module)
    assert not model.training
    return model.double()


def pictures(graph: Graph, facts: Facts) -> dict[str, Tensor]:
    source = torch.Generator().manual_seed(5)
    return {
        node.id: torch.rand((1, *facts.shapes[node.id]), generator=source, dtype=torch.float64)
        for node in graph.inputs
    }


def same_output(model: nn.Module, graph: Graph, weights: dict[str, Tensor]) -> None:
    """Every output that the written code returns; several come as a dict by their names."""
    fed = pictures(graph, analyse(graph))
    ends = {node.id: node.operator for node in graph.nodes if node.operator.key == "output"}
    with torch.inference_mode():
        network = Network(graph, weights, dtype=torch.float64)
        ours = network.run(fed, wanted=[*ends] or [graph.output.id])
        returned = model(*fed.values())
    theirs = returned if isinstance(returned, dict) else {"": returned}
    assert len(theirs) == max(1, len(ends))
    for node_id, value in ours.items():
        name = getattr(ends.get(node_id), "name", "") if isinstance(returned, dict) else ""
        given = theirs.get(name, theirs.get(node_id))
        assert given is not None, (node_id, name, [*theirs])
        torch.testing.assert_close(given, value, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("key", sorted(REGISTRY.keys() - {"input", "output", "given"}))
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_every_operator_computes_the_same_in_a_written_file(key, data, tmp_path_factory):
    case = CASES[key](data.draw)
    if not isinstance(case.operator.shape(case.inputs), tuple) or not case.inputs:
        return
    names = [f"picture{port}" for port in range(len(case.inputs))]
    ends = [Node(name, Input(s[0], s[1:])) for name, s in zip(names, case.inputs, strict=True)]
    graph = Graph.of(
        [
            *ends,
            Node("a.layer", case.operator, tuple(names)),
            Node("output", Output(), ("a.layer",)),
        ]
    )
    tensors = truth.tensors(case.operator, case.inputs)
    weights = {f"a.layer.{name}": tensor.float().contiguous() for name, tensor in tensors.items()}
    same_output(written(tmp_path_factory.mktemp("code"), graph, weights), graph, weights)


DRAWN = {
    "plain": ("unet", {"depth": 2, "base": 4, "size": 32}),
    "valid": ("unet", {"depth": 2, "base": 4, "size": 60, "padding": "valid"}),
    "attention": ("unet", {"depth": 2, "base": 4, "size": 32, "skip": "attention"}),
    "recurrent": ("unet", {"depth": 1, "base": 4, "size": 32, "block": "recurrent_residual"}),
    "added": ("unet", {"depth": 2, "base": 4, "size": 32, "skip": "add", "norm": "group"}),
    "volume": ("unet", {"depth": 1, "base": 4, "size": 16, "axes": 3}),
}


def drawn(name: str) -> Graph:
    blueprint, chosen = DRAWN[name]
    return BLUEPRINTS[blueprint].build(chosen)


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawn_network_computes_the_same(name: str, tmp_path: Path) -> None:
    graph = drawn(name)
    weights = weights_of(graph, analyse(graph))
    same_output(written(tmp_path, graph, weights), graph, weights)


@pytest.mark.parametrize("blueprint", BLUEPRINTS)
def test_every_blueprint_is_written_and_its_weights_keep_their_keys(blueprint: str) -> None:
    graph = BLUEPRINTS[blueprint].build({})
    facts = analyse(graph)
    source = source_of(graph, facts, blueprint)
    keys = source.keys
    room: dict[str, object] = {"__name__": "net"}
    exec(source.text, room)  # noqa: S102
    with torch.device("meta"):  # shapes alone: nothing is computed
        model = room["build"]()  # type: ignore[operator]
        given = model(*(torch.zeros(1, *facts.shapes[node.id]) for node in graph.inputs))
    assert tuple(given.shape[1:]) == facts.shapes[graph.output.id]
    assert sum(each.numel() for each in model.parameters()) == facts.parameters
    assert set(keys.values()) <= model.state_dict().keys()
    assert all(key == made for key, made in keys.items() if key.count(".") < 3)
    assert len(set(keys.values())) == len(keys)


OPENED = (
    "Blurred",
    "Recurrent",
    "Tied",
    "Attention",
    "Classifier",
    "Depthwise",
    "Pyramid",
    "ScaledResidual",
    "ValidUNet",
)
"""With opaque operators, loose parameters, several axes, slices, gates."""


@pytest.mark.parametrize("name", OPENED)
def test_an_opened_model_computes_the_same(name: str, tmp_path: Path) -> None:
    found = trace(MODELS, name, SIZES[name], seed=3)
    path = tmp_path / "net.py"
    write_code(path, found.graph, analyse(found.graph), name, found.weights)
    same_output(built(path), found.graph, load(found.weights))


SHARED = """
import torch
from torch import nn

class Twice(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, padding=1)
        self.own = nn.Conv2d(3, 3, 3, padding=1)
    def forward(self, x):
        return self.own(self.conv(torch.relu(self.conv(x))))
"""


def test_shared_weights_are_one_layer(tmp_path: Path) -> None:
    model = tmp_path / "twice.py"
    model.write_text(SHARED)
    found = trace(model, None, (3, 8, 8))
    path = tmp_path / "net.py"
    write_code(path, found.graph, analyse(found.graph), "Twice", found.weights)
    module = built(path)
    assert sum(each.numel() for each in module.parameters()) == 2 * (3 * 3 * 9 + 3)
    assert path.read_text().count("self.conv(") == 2
    same_output(module, found.graph, load(found.weights))


def test_it_runs_alone_in_another_process(tmp_path: Path) -> None:
    graph = drawn("plain")
    weights = weights_of(graph, analyse(graph))
    written(tmp_path, graph, weights, "U-Net")
    alone = "import sys; sys.modules['safetensors'] = sys.modules['analysis'] = None\n"
    run = (
        f"{alone}import runpy, torch\nmodel = runpy.run_path('net.py')['build']().double()\n"
        "print(model(torch.full((1, 3, 32, 32), 0.5, dtype=torch.float64)).sum().item())"
    )
    said = subprocess.run(
        [sys.executable, "-I", "-c", run], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    picture = torch.full((1, 3, 32, 32), 0.5, dtype=torch.float64)
    ours = Network(graph, weights, dtype=torch.float64).run(picture)["output"].sum().item()
    assert float(said.stdout) == pytest.approx(ours, rel=1e-10)
    shown = subprocess.run(
        [sys.executable, "-I", "net.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert shown.stdout == "(1, 3, 32, 32)\n"


# ------------------------------------------------------------------------------- hostile names


def hostile_graph() -> Graph:
    nodes = [Node(HOSTILE[0], Input(3, (8, 8)))]
    for name in HOSTILE[1:]:
        nodes.append(Node(name, Convolution(3, (3, 3), padding=((1, 1), (1, 1))), (nodes[-1].id,)))
        nodes.append(Node(f"{name}.class", ReLU(), (name,)))
        nodes.append(Node(f"{name} sum", Add(), (f"{name}.class", name)))
    return Graph.of([*nodes, Node("output", Output(), (nodes[-1].id,))])


def test_nothing_of_a_hostile_name_is_run(tmp_path: Path) -> None:
    graph = hostile_graph()
    weights = weights_of(graph, analyse(graph))
    title = 'A "net"""\nimport os\\'
    module = written(tmp_path, graph, weights, title)
    same_output(module, graph, weights)
    text = (tmp_path / "net.py").read_text(encoding="utf-8")
    assert "system('" not in text
    assert all(ord(each) >= 32 or each == "\n" for each in text)
    assert "\u202e" not in text


@given(st.text(max_size=40), st.sets(st.sampled_from(["a", "b", "layer", "a2"])))
def test_any_name_becomes_an_identifier(text: str, taken: set[str]) -> None:
    made = identifier(text, taken, OF_MODULES)
    assert made.isidentifier()
    assert not keyword.iskeyword(made)
    assert not made.startswith("_")
    assert made not in taken | OF_MODULES
    assert class_name(text).isidentifier()


def test_no_layer_is_called_like_an_attribute_of_its_holder() -> None:
    for kind in (nn.Module(), nn.Sequential(), nn.ModuleDict()):
        assert {each for each in dir(kind) if not each.startswith("_")} <= OF_MODULES


# ----------------------------------------------------------------------------------- refusals


def test_a_network_whose_shapes_clash_names_the_operator(tmp_path: Path) -> None:
    clash = [Node("in", Input(3, (8, 8))), Node("less", Pad((1, 1), (0, 0)), ("in",))]
    graph = Graph.of([*clash, Node("sum", Add(), ("in", "less"))])
    with pytest.raises(CodeError) as refused:
        write_code(tmp_path / "net.py", graph, analyse(graph))
    assert refused.value.node == "sum"
    assert list(tmp_path.iterdir()) == []


def test_what_the_output_does_not_read_is_left_out(tmp_path: Path) -> None:
    loose = [Node("in", Input(3, (8, 8))), Node("loose", Pad((9, 9), (0, 0), "reflect"), ("in",))]
    graph = Graph.of([*loose, Node("act", ReLU(), ("in",)), Node("output", Output(), ("act",))])
    write_code(tmp_path / "net.py", graph, analyse(graph))
    assert "loose" not in (tmp_path / "net.py").read_text()
    torch.testing.assert_close(
        built(tmp_path / "net.py")(torch.tensor([[[[-1.0]]]])), torch.tensor([[[[0.0]]]])
    )


def test_tensors_that_the_file_lacks_are_named(tmp_path: Path) -> None:
    graph = drawn("plain")
    weights = weights_of(graph, analyse(graph))
    del weights["head.bias"]
    save_file(weights, tmp_path / "stored.safetensors")
    path = tmp_path / "net.py"
    lacking = write_code(path, graph, analyse(graph), "", tmp_path / "stored.safetensors")
    assert lacking == ("head.bias",)
    built(path)


def test_further_inputs_have_their_value_and_every_output_is_returned(tmp_path: Path) -> None:
    large = torch.linspace(-1, 1, 48).reshape(1, 3, 4, 4)
    graph = Graph.of(
        [
            Node("input", Input(3, (4, 4))),
            Node("t.x", Given((1, 3, 1, 1), "float32", (0.5, 1.0, -2.0))),
            Node("kind", Given((1,), "int64", (2,))),
            Node("prior", Given((1, 3, 4, 4), "float32", (), stored=True)),
            Node("grain", Noise("uniform", -1.0, 1.0, 4, (3, 4, 4))),
            Node("a", Add(), ("input", "t.x", "prior", "grain")),
            Node("head", Convolution(2, (3, 3), padding=((1, 1), (1, 1))), ("a",)),
            Node("b", Convolution(3, (1, 1)), ("a",)),
            Node("aux", Output("features"), ("head",)),
            Node("same", Output(), ("input",)),
            Node("number", Output(), ("kind",)),
            Node("output", Output("mask"), ("b",)),
        ]
    )
    weights = weights_of(graph, analyse(graph)) | {"prior.value": large}
    model = written(tmp_path, graph, weights)
    image = torch.rand(1, 3, 4, 4, dtype=torch.float64)
    given = {"t_x": torch.tensor(2.0, dtype=torch.float64), "prior": image}
    with torch.inference_mode():
        ours = Network(graph, weights, dtype=torch.float64)
        wanted = ours.run(image, wanted=["aux", "same", "number", "output"])
        made, other = model(image), model(image, **given)
    assert list(made) == ["features", "same", "number", "mask"]
    for name, tensor in zip(made, wanted.values(), strict=True):
        torch.testing.assert_close(made[name], tensor, rtol=1e-11, atol=1e-11)
    assert not torch.allclose(made["mask"], other["mask"])
