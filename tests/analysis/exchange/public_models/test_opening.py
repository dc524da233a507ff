"""Networks that people install: opened, drawn as a U, counted, run and saved as what they are."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from analysis.facts import analyse
from analysis.graph.level_groups import coarsest_groups
from analysis.graph.scopes import contract
from analysis.layout import place
from analysis.layout.whole_u import overlaps
from analysis.network import Network
from analysis.network.weights import load
from analysis.operators.given import own_shape
from analysis.storage import document_file
from analysis.storage.blobs import BlobRef, BlobStore
from analysis.storage.document import Document
from tests.analysis.exchange.public_models.opened import NAMES, Opened, image_of, opened
from tests.analysis.exchange.public_models.sizes import size_of

OPAQUE: dict[str, set[str]] = {}
"""The operators of torch that we have no family for: each is marked and runs all the same."""
NO_U = {name for name in NAMES if name.startswith("timm")}
"""Encoders alone, which do not come up again."""
NO_SKIPS = {"diffusers_autoencoder", "smp_deeplab_v3"}


def outputs(of: Opened) -> dict[str, str]:
    """The output nodes by the name of what the module returns there."""
    return {node.operator.name: node.id for node in of.found.graph.outputs}


@pytest.mark.parametrize("name", NAMES)
def test_it_gives_what_the_module_gives(name: str) -> None:
    of = opened(name)
    image = image_of(name)
    ends = outputs(of)
    with torch.inference_mode():
        wanted = of.answers(image, name)
        ours = Network(of.found.graph, load(of.found.weights)).run(image, wanted=ends.values())
    assert set(ends) == set(wanted)
    for key, tensor in wanted.items():
        assert of.facts.shapes[ends[key]] == tuple(tensor.shape[1:])
        scale = float(tensor.abs().max())
        torch.testing.assert_close(ours[ends[key]], tensor, rtol=1e-5, atol=1e-5 * scale)


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_is_counted_once(name: str) -> None:
    of = opened(name)
    whole = sum(p.numel() for p in of.module.parameters())
    assert of.facts.parameters + of.found.unused_parameters == whole


@pytest.mark.parametrize("name", NAMES)
def test_every_shape_is_what_runs(name: str) -> None:
    of = opened(name)
    assert of.facts.problems == ()
    graph = of.found.graph
    ran: dict[str, tuple[int, ...]] = {}

    def look(node_id: str, tensor: torch.Tensor) -> None:
        ran[node_id] = own_shape(tuple(tensor.shape))

    with torch.inference_mode():
        network = Network(graph, load(of.found.weights))
        network.run(image_of(name), wanted=[node.id for node in graph.nodes], visit=look)
    assert {key: of.facts.shapes[key] for key in ran} == ran


@pytest.mark.parametrize("name", sorted(set(NAMES) - NO_U))
def test_it_is_drawn_as_a_u(name: str) -> None:
    check_u(opened(name), name)


def check_u(of: Opened, name: str) -> None:
    blocks = contract(of.found.graph, coarsest_groups(of.found.graph, of.facts.levels))
    placed = place(blocks, of.facts)
    assert placed.shape == "u"
    assert not overlaps(placed)
    skips = {route.skip for route in placed.routes if route.kind == "skip"}
    assert bool(skips) == (name not in NO_SKIPS)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_known_is_opaque_and_marked(name: str) -> None:
    of = opened(name)
    assert set(of.found.opaque) == OPAQUE.get(name, set())
    check_marks(of)


def check_marks(of: Opened) -> None:
    opaque = [node.id for node in of.found.graph.nodes if node.operator.key == "opaque"]
    seen = {of.facts.fields[each].exactness for each in opaque if each not in of.found.graph.apart}
    assert seen <= {"unknown"}
    assert bool(seen) == bool(of.found.opaque)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_saved_opens_as_the_same(name: str, tmp_path: Path) -> None:
    of = opened(name)
    store = BlobStore(tmp_path / "store")
    weights = BlobRef(store.put(of.found.weights), "weights.safetensors")
    document = Document(graph=of.found.graph, title=name, weights=weights)
    path = tmp_path / "saved.fieldglass"
    document_file.save(path, document, {}, store)
    other = BlobStore(tmp_path / "elsewhere")
    back = document_file.load(path, other)
    assert back.missing == ()
    assert back.document == document
    assert (
        analyse(back.document.graph).shapes[of.found.graph.output.id]
        == (of.facts.shapes[of.found.graph.output.id])
    )
    kept = load(other.path(weights.hash))
    assert kept.keys() == load(of.found.weights).keys()
    assert size_of(name) == of.facts.shapes[of.found.graph.inputs[0].id]
