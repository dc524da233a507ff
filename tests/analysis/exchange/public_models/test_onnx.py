"""The public networks as the ONNX files that torch itself makes of them."""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path

import onnx
import pytest
import torch
from onnx import numpy_helper

from analysis.exchange.torch_module import trace
from analysis.facts import analyse
from analysis.network import Network
from analysis.network.weights import load
from tests.analysis.exchange.public_models.opened import (
    NAMES,
    Opened,
    image_of,
    module_of,
    why_not,
)
from tests.analysis.exchange.public_models.sizes import FURTHER
from tests.analysis.exchange.public_models.test_fields import check_inside
from tests.analysis.exchange.public_models.test_opening import NO_U, check_marks, check_u

OPAQUE = {
    # Adaptive pooling to sizes that do not divide the map's is written with a table of places.
    "smp_pspnet": {"index", "select"},
    "smp_upernet": {"index_select", "reshape", "index", "select"},
}
STATISTICS = ("running_mean", "running_var")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("onnx")


@cache
def exported(name: str, folder: Path) -> tuple[Path, Opened]:
    """The file that torch makes of a network, and that file opened."""
    module = module_of(name)
    if (why := why_not("onnxscript")) is not None:
        pytest.skip(why)
    path = folder / f"{name}.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        given = {"kwargs": FURTHER.get(name, {}), "external_data": False, "verbose": False}
        torch.onnx.export(module, (image_of(name),), str(path), dynamo=True, **given)
    found = trace(path, None)
    return path, Opened(module, found, analyse(found.graph))


@pytest.mark.parametrize("name", NAMES)
def test_the_file_opens_as_the_network(name: str, folder: Path) -> None:
    path, of = exported(name, folder)
    image = image_of(name)
    ends = [node.id for node in of.found.graph.outputs]
    with torch.inference_mode():
        wanted = list(of.answers(image, name).values())
        ours = Network(of.found.graph, load(of.found.weights)).run(image, wanted=ends)
    assert len(wanted) == len(ends)
    for tensor in wanted:
        scale = float(tensor.abs().max())
        alike = [each for each in ours.values() if each.shape == tensor.shape]
        nearest = min(float((each - tensor).abs().max()) for each in alike)
        assert nearest <= 1e-5 * scale
    assert of.facts.problems == ()
    assert set(of.found.opaque) == OPAQUE.get(name, set())
    check_marks(of)
    if name not in NO_U:
        check_u(of, name)
    counted, held = of.facts.parameters + of.found.unused_parameters, numbers_in(path)
    assert counted == held


def numbers_in(path: Path) -> int:
    """The floats of the file's tensors, but for statistics and single numbers of no layer."""
    graph = onnx.load(path).graph
    layers = [node for node in graph.node if node.op_type in ("Conv", "ConvTranspose", "PRelu")]
    learned = {name for node in layers for name in node.input[1:]}
    tensors = graph.initializer
    floats = [each for each in tensors if each.data_type == onnx.TensorProto.FLOAT]
    kept = [each for each in floats if not each.name.endswith(STATISTICS)]
    sizes = {each.name: numpy_helper.to_array(each).size for each in kept}
    return sum(int(n) for name, n in sizes.items() if n > 1 or name in learned)


@pytest.mark.parametrize("name", NAMES)
def test_units_inside_see_what_the_graphs_gradient_shows(name: str, folder: Path) -> None:
    check_inside(exported(name, folder)[1], name)
