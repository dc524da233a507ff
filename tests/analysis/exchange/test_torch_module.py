"""Models of Python files become graphs that compute the same, without running in this process."""

from __future__ import annotations

import os
import tempfile
import threading
from functools import cache
from pathlib import Path

import pytest
import torch

from analysis.exchange import tracer_process
from analysis.exchange.torch_module import Traced, TraceError, trace, trace_importable
from analysis.facts import analyse
from analysis.network import Network, weights
from analysis.network.weights import load
from tests.analysis.exchange import models

FILE = Path(models.__file__)
SIZES = {
    "InterpolatingUNet": (3, 32, 48),
    "Residual": (3, 33, 40),
    "Attention": (1, 64, 64),
    "Classifier": (3, 32, 32),
    "Pyramid": (3, 24, 24),
    "ValidUNet": (1, 44, 52),
    "Depthwise": (3, 16, 20),
    "Volume": (1, 8, 8, 12),
    "Writer": (2, 30),
    "Normed": (3, 20, 26),
    "Denoiser": (1, 24, 20),
    "ScaledResidual": (3, 18, 22),
    "MobileBlock": (3, 25, 32),
    "Shuffle": (3, 21, 40),
    "SpatialGate": (3, 24, 30),
    "SincFilter": (1, 64),
    "Coordinates": (3, 12, 16),
    "WindowMask": (3, 8, 12),
    "Recurrent": (3, 12, 16),
    "Tied": (3, 12, 16),
    "Blurred": (3, 12, 16),
    "NormedAgain": (3, 12, 16),
}
OPAQUE = {
    "Attention": {"flatten", "chunk", "einsum", "softmax"},
    "Coordinates": {"alias"},
}


COMPUTED = {"Normed": 2, "NormedAgain": 1, "SincFilter": 1, "Coordinates": 1, "WindowMask": 2}
"""Tensors that are none of the model's state: it computes them before any input comes."""


@cache
def traced(name: str) -> Traced:
    return trace(FILE, name, SIZES[name], seed=3)


def answers(name: str) -> tuple[torch.Tensor, torch.Tensor]:
    """(the module's own output, our interpreter's) for the same random input."""
    found = traced(name)
    torch.manual_seed(3)
    model = getattr(models, name)().eval()
    image = torch.randn(1, *SIZES[name], generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        wanted = model(image.clone())
        wanted = wanted["out"] if isinstance(wanted, dict) else wanted
        ours = Network(found.graph, load(found.weights)).run(image)
    return wanted, ours[found.graph.output.id]


@pytest.mark.parametrize("name", SIZES)
def test_the_graph_computes_what_the_module_computes(name: str) -> None:
    wanted, ours = answers(name)
    torch.testing.assert_close(ours, wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", SIZES)
def test_every_shape_is_what_runs(name: str) -> None:
    found = traced(name)
    facts = analyse(found.graph)
    assert facts.problems == ()
    ids = [node.id for node in found.graph.nodes]
    image = torch.zeros(1, *SIZES[name])
    with torch.inference_mode():
        run = Network(found.graph, load(found.weights)).run(image, wanted=ids)
    for node_id, tensor in run.items():
        batchless = tensor.shape[1:] if tensor.shape[0] == 1 else tensor.shape
        assert facts.shapes[node_id] == tuple(batchless), node_id


@pytest.mark.parametrize("name", SIZES)
def test_only_unknown_operators_are_opaque(name: str) -> None:
    assert set(traced(name).opaque) <= OPAQUE.get(name, set())


@pytest.mark.parametrize("name", SIZES)
def test_the_weights_are_those_of_the_graph(name: str) -> None:
    found = traced(name)
    facts = analyse(found.graph)
    assert load(found.weights).keys() == weights.wanted(facts).keys()
    model = getattr(models, name)()
    assert len(load(found.weights).keys() - model.state_dict().keys()) == COMPUTED.get(name, 0)
    parameters = sum(p.numel() for p in model.parameters())
    assert facts.parameters + found.unused_parameters == parameters


def operators(name: str) -> list[str]:
    return [node.operator.key for node in traced(name).graph.nodes]


def test_what_no_input_reaches_is_computed_and_not_drawn() -> None:
    assert operators("SincFilter") == ["input", "conv", "conv", "output"]
    facts = analyse(traced("SincFilter").graph)
    kernels = [node.operator.kernel for node in facts.graph.nodes if node.operator.key == "conv"]
    assert kernels == [(7,), (5,)]
    fields = [facts.fields[node.id] for node in facts.graph.nodes]
    assert [field.extent_max for field in fields] == [(1,), (7,), (11,), (11,)]
    kinds = ["input", "conv", "parameter_arithmetic", "parameter_arithmetic", "output"]
    assert operators("WindowMask") == kinds


def test_coordinates_joined_to_a_map_are_one_block_and_no_parameters() -> None:
    facts = analyse(traced("Coordinates").graph)
    assert operators("Coordinates") == ["input", "conv", "opaque", "concat", "conv", "output"]
    opaque = next(node for node in facts.graph.nodes if node.operator.key == "opaque")
    assert facts.layers[opaque.id].parameters == 0


def test_what_is_drawn_at_random_is_no_constant() -> None:
    graph = trace(FILE, "Drawn", (3, 4, 4), seed=3).graph
    drawn = next(node for node in graph.nodes if node.id.startswith("randn"))
    assert graph.consumers[drawn.id]


def test_nodes_keep_the_paths_of_their_modules() -> None:
    graph = traced("InterpolatingUNet").graph
    assert {n.id: n.scope for n in graph.nodes if n.id.startswith("enc1")} == {
        "enc1.conv": "enc1",
        "enc1.bn": "enc1",
        "enc1.act": "enc1",
        "enc1.second": "enc1",
        "enc1.relu": "enc1",
    }
    assert {"input", "cat", "cat2", "upsample", "upsample2", "output"} <= {
        n.id for n in graph.nodes
    }
    assert graph["output.conv"].operator.key == "conv"
    assert graph.output.id == "output"
    assert graph.output.operator.key == "output"


def test_a_module_used_twice_is_two_nodes_with_the_same_weights() -> None:
    found = traced("Residual")
    assert {"norm", "norm2", "body.0", "body.1"} <= {node.id for node in found.graph.nodes}
    facts = analyse(found.graph)
    assert facts.layers["norm2"].shares == "norm"
    assert facts.layers["norm2"].parameters == 0
    assert facts.tensors["norm2"] == facts.tensors["norm"]


@pytest.mark.parametrize("name", ["Recurrent", "Tied"])
def test_what_uses_one_weight_adds_its_gradients(name: str) -> None:
    found = traced(name)
    torch.manual_seed(3)
    model = getattr(models, name)().double().eval()
    image = torch.randn(1, *SIZES[name], dtype=torch.float64)
    tensors = {key: tensor.double() for key, tensor in load(found.weights).items()}
    read = (each for stored in analyse(found.graph).tensors.values() for each in stored)
    parameters = {each.key: tensors[each.key].requires_grad_() for each in read if each.trained}
    ours = Network(found.graph, tensors, dtype=torch.float64).run(image)["output"]
    wanted = model(image)
    torch.testing.assert_close(ours, wanted, rtol=1e-10, atol=1e-12)
    weight = torch.randn_like(wanted)
    (wanted * weight).sum().backward()
    (ours * weight).sum().backward()
    theirs = dict(model.named_parameters(remove_duplicate=False))
    used = {id(each) for each in theirs.values() if each.grad is not None}
    assert len(used) == len(parameters)
    for key, tensor in parameters.items():
        torch.testing.assert_close(tensor.grad, theirs[key].grad, rtol=1e-9, atol=1e-12)


def test_what_no_operator_reads_is_counted_beside() -> None:
    assert traced("Recurrent").unused_parameters == 4 + 1
    assert traced("Blurred").unused_parameters == 0
    facts = analyse(traced("Blurred").graph)
    assert facts.parameters == 3 * 4 * 9 + 4
    sharers = analyse(traced("Tied").graph).sharers
    assert sharers["down"] == ("transposed_conv",)
    assert sharers["inner"][0] == "wide"
    assert len(sharers["inner"]) == 2  # a module under a second name is itself once more


def test_skips_of_an_opened_unet_are_found() -> None:
    skips = analyse(traced("InterpolatingUNet").graph).skips
    assert [(skip.source, skip.join, skip.how) for skip in skips] == [
        ("enc1.relu", "cat2", "concat"),
        ("enc2.relu", "cat", "concat"),
    ]


def test_a_whole_factor_is_read_out_of_a_size() -> None:
    found = traced("InterpolatingUNet")
    assert found.graph["upsample"].operator.scale == (2.0, 2.0)
    assert analyse(found.graph).fields["output"].exactness == "exact"
    assert not found.size_is_fixed


def test_sliced_crops_are_one_crop() -> None:
    graph = traced("ValidUNet").graph
    crops = [node.operator for node in graph.nodes if node.operator.key == "crop"]
    assert len(crops) == 1
    assert crops[0].before == (4, 4)
    assert crops[0].after == (4, 4)


@pytest.mark.parametrize(
    ("name", "fixed"),
    [("Classifier", True), ("Attention", True), ("Residual", False), ("ValidUNet", False)],
)
def test_it_says_whether_the_size_is_fixed(name: str, fixed: bool) -> None:
    assert traced(name).size_is_fixed is fixed


# ------------------------------------------------------------------------- files with faults


def opened(tmp_path: Path, source: str, name: str | None = None, **limits: float) -> Traced:
    path = tmp_path / "model.py"
    path.write_text(source)
    return trace(path, name, **limits)  # type: ignore[arg-type]


def refusal(tmp_path: Path, source: str, name: str | None = None, **limits: float) -> TraceError:
    with pytest.raises(TraceError) as caught:
        opened(tmp_path, source, name, **limits)
    return caught.value


HEAD = "import torch\nfrom torch import nn\n"
NET = """
class Part(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)
    def forward(self, x):
        return self.conv(x)
class Net(nn.Module):
    def __init__(self, width=2):
        super().__init__()
        self.part = Part()
    def forward(self, x):
        return self.part(x)
"""


@pytest.mark.usefixtures("started_tracers")
def test_the_outermost_class_is_the_model_and_no_code_runs_here(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    source = f"{HEAD}import os\nopen({str(marker)!r}, 'w').write(str(os.getpid()))\n"
    found = opened(tmp_path, source + NET)
    import os

    assert found.name == "Net"
    assert found.graph.inputs[0].operator.shape(()) == (1, 256, 256)
    assert int(marker.read_text()) != os.getpid()
    assert "model" not in __import__("sys").modules
    assert not (tmp_path / "__pycache__").exists()


@pytest.mark.usefixtures("started_tracers")
def test_the_model_runs_beside_nothing_of_ours(tmp_path: Path) -> None:
    """Neither packages of the program nor a neighbour of the tracer takes a name of the model's."""
    room = tracer_process.PROGRAM.parent
    ours = sorted(
        {each.stem for each in room.rglob("*.py")} | {each.name for each in room.glob("*/")}
    )
    assert {"export", "exporting", "limits", "run"} < set(ours)
    for name in (*ours, "tracer"):
        if not name.startswith("__"):
            (tmp_path / f"{name}.py").write_text("made_by_the_person = True\n")
    names = [each for each in ours if not each.startswith("__")]
    source = (
        "import importlib, sys\n"
        "assert not {'analysis', 'viewer', 'PySide6'} & set(sys.modules), 'loaded'\n"
        f"for name in {[*names, 'tracer']!r}:\n"
        "    assert importlib.import_module(name).made_by_the_person, name\n"
    )
    assert opened(tmp_path, source + HEAD + NET).name == "Net"


def test_several_models_are_choices(tmp_path: Path) -> None:
    error = refusal(tmp_path, HEAD + NET + "class Other(Part):\n    pass\n")
    assert error.fault.code == "model-several"
    assert [offer.name for offer in error.offers] == ["Net", "Other"]


def test_a_function_goes_before_the_class_it_makes(tmp_path: Path) -> None:
    found = opened(tmp_path, HEAD + NET + "def build():\n    return Net(4)\n")
    assert found.graph["part.conv"].scope == "part"


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        ("raise RuntimeError('no disk\\nat all')", "model-raised-at", "no disk"),
        ("this is no Python", "model-raised-at", "SyntaxError"),
        ("import sys; sys.exit(3)", "model-exits", 1),
        ("import os; os._exit(3)", "model-ended", 3),
        ("import os; os.kill(os.getpid(), 9)", "model-ended", -9),
        ("x = 1", "model-none", None),
        ("import torch\nclass N(torch.nn.Module):\n  def __init__(self, n): pass",
         "model-needs-arguments", "N(n=…)"),
        (HEAD + "class N(nn.Module):\n  def forward(self): return torch.zeros(1)",
         "model-inputs", 0),
    ],
)  # fmt: skip
def test_what_cannot_be_opened_is_said(
    tmp_path: Path, source: str, code: str, said: str | int | None
) -> None:
    fault = refusal(tmp_path, source).fault
    assert fault.code == code
    assert fault.numbers[0] == "model.py"
    if isinstance(said, str):
        assert said in str(fault.numbers[-1])
        assert "\n" not in str(fault.numbers[-1])
    elif said is not None:
        assert fault.numbers[-1] == said


@pytest.mark.parametrize(
    ("name", "code"),
    [("Nett", "model-unknown-name"), ("torch", "model-no-module"), ("len", "model-unknown-name")],
)
def test_a_wrong_name_is_said(tmp_path: Path, name: str, code: str) -> None:
    assert refusal(tmp_path, HEAD + NET, name).fault.code == code


def test_a_size_the_model_refuses_is_said() -> None:
    with pytest.raises(TraceError) as caught:
        trace(FILE, "Classifier", (3, 20, 20))
    assert caught.value.fault.code == "model-size-other"
    assert caught.value.fault.numbers[1:3] == ("3 × 20 × 20", "models.py")
    assert caught.value.fault.numbers[-1] == "3 × 32 × 32"


@pytest.mark.usefixtures("started_tracers")
def test_a_hanging_file_is_ended(tmp_path: Path) -> None:
    error = refusal(tmp_path, "while True: pass", seconds=0.5)
    assert error.fault.code == "model-too-slow"


@pytest.mark.usefixtures("started_tracers")
def test_opening_can_be_cancelled(tmp_path: Path) -> None:
    cancelled = threading.Event()
    cancelled.set()
    (tmp_path / "model.py").write_text("while True: pass")
    with pytest.raises(TraceError) as caught:
        trace(tmp_path / "model.py", None, cancelled=cancelled)
    assert caught.value.fault.code == "model-cancelled"


@pytest.mark.skipif("sys.platform != 'linux'", reason="the limit is Linux's")
@pytest.mark.usefixtures("started_tracers")
def test_a_greedy_file_is_ended(tmp_path: Path) -> None:
    error = refusal(tmp_path, "held = bytearray(2 << 30)", megabytes=512)
    assert error.fault.code == "model-too-large"


@pytest.mark.skipif("sys.platform != 'linux'", reason="the limit is Linux's")
@pytest.mark.parametrize(
    "made",
    [
        "held = torch.empty(50 << 30, dtype=torch.uint8)",
        "class Net(nn.Linear):\n  def __init__(self): super().__init__(1 << 17, 1 << 17)",
    ],
)
def test_whoever_finds_memory_full_says_our_sentence(tmp_path: Path, made: str) -> None:
    error = refusal(tmp_path, f"{HEAD}{made}\n", megabytes=512)
    assert error.fault.code == "model-too-large"
    assert error.fault.numbers == ("model.py", 512)


class Seen(threading.Event):
    """Is set once a file is there."""

    def __init__(self, place: Path) -> None:
        super().__init__()
        self._place = place

    def is_set(self) -> bool:
        return self._place.exists()


LEAVES_A_CHILD = """
import os, subprocess, sys
from pathlib import Path
child = subprocess.Popen(["sleep", "600"], start_new_session=True)
Path({place!r} + ".part").write_text(str(child.pid))
os.replace({place!r} + ".part", {place!r})
"""


@pytest.mark.skipif("sys.platform != 'linux'", reason="elsewhere only the group is ended")
@pytest.mark.parametrize(
    "end", ["while True: pass", "os._exit(3)", "os.kill(os.getpid(), 9)", HEAD + NET]
)
@pytest.mark.usefixtures("started_tracers")
def test_nothing_that_a_model_starts_outlives_it(tmp_path: Path, end: str) -> None:
    place = tmp_path / "pid"
    source = LEAVES_A_CHILD.format(place=str(place)) + end
    if end.startswith("import"):
        opened(tmp_path, source)
    else:
        refusal(tmp_path, source, cancelled=Seen(place) if end.startswith("while") else None)
    with pytest.raises(ProcessLookupError):
        os.kill(int(place.read_text()), 0)


@pytest.mark.usefixtures("started_tracers")
def test_what_is_left_in_the_temporary_folder_is_our_own_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither torch's caches nor what the model leaves, and no output however much it prints."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    monkeypatch.setenv("TMPDIR", str(place))
    noisy = "import sys, tempfile\nfor _ in range(9): sys.stderr.write('x' * (1 << 20))\n"
    opened(tmp_path, f"{noisy}tempfile.mkstemp()\n{HEAD}{NET}")
    assert all(each.name.startswith("fieldglass-model-") for each in place.iterdir())
    assert sum(each.stat().st_size for each in place.rglob("*") if each.is_file()) < 1 << 20


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(TraceError) as caught:
        trace(tmp_path / "none.py", None)
    assert caught.value.fault.code == "model-not-found"


def test_an_importable_module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "nets").mkdir()
    (tmp_path / "nets" / "small.py").write_text(HEAD + NET)
    monkeypatch.chdir(tmp_path)
    assert "part.conv" in trace_importable("nets.small", "Net", (1, 16, 16)).graph
