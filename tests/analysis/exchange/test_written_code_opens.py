"""A network written as PyTorch code opens again as the graph that it was, names included."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.blueprints import BLUEPRINTS
from analysis.exchange.torch_code import write_code
from analysis.exchange.torch_module import trace
from analysis.facts import analyse
from analysis.graph import Graph
from analysis.operators import CropLike
from tests.analysis.exchange.test_torch_code import MODELS, built, drawn
from tests.analysis.exchange.test_torch_module import SIZES


def canonical(graph: Graph) -> dict[str, object]:
    """For each operator before the output what it computes of what, whatever it is called."""
    facts = analyse(graph)
    found: dict[str, object] = {}
    for node in graph.nodes:
        operator: object = node.operator
        if isinstance(operator, CropLike):
            before, after = (facts.shapes[each][1:] for each in (node.inputs[0], node.id))
            gaps = [n - m for n, m in zip(before, after, strict=True)]
            operator = ("crop", tuple(gap // 2 for gap in gaps), tuple(g - g // 2 for g in gaps))
            found[node.id] = hash((operator, found[node.inputs[0]]))
            continue
        if node.operator.key == "crop":
            operator = ("crop", node.operator.before, node.operator.after)
        read = facts.tensors.get(node.id, ())
        used = [(each.name, found[each.owner]) for each in read if each.owner != node.id]
        sources = [found[source] for source in node.inputs]
        found[node.id] = hash((operator, *sources, *node.fixed, *used))
    return found


@pytest.mark.parametrize("name", ["plain", "valid", "attention", "recurrent"])
def test_the_written_file_opens_as_the_same_graph(name: str, tmp_path: Path) -> None:
    opens_as_it_was(drawn(name), tmp_path)


NARROW = {"base": 4, "hidden": 16}
"""Settings that make a network quick to run and change nothing of how it is wired."""


RENAMED = {
    "u2net": (".in.", ".in_."),  # a word of Python's own
    "linknet": (".shortcut.norm", ".shortcut_norm"),  # `shortcut` is a layer, and holds no other
    "resnet": (".shortcut.norm", ".shortcut_norm"),
}
"""By blueprint what of its layers' names torch cannot have, and what stands there instead."""


@pytest.mark.parametrize("name", BLUEPRINTS)
def test_every_blueprint_opens_from_its_written_file_as_it_was_drawn(
    name: str, tmp_path: Path
) -> None:
    blueprint = BLUEPRINTS[name]
    known = {each.name for each in blueprint.settings if each.kind == "int"}
    chosen = {key: value for key, value in NARROW.items() if key in known}
    graph = blueprint.build(blueprint.complete(chosen))
    opens_as_it_was(graph, tmp_path, RENAMED.get(name))


def opens_as_it_was(graph: Graph, folder: Path, renamed: tuple[str, str] | None = None) -> None:
    """Write the graph as code, open that, and hold every operator, setting, wire and name."""
    facts, path = analyse(graph), folder / "net.py"
    write_code(path, graph, facts, "A net")
    found = trace(path, None, seconds=300)  # at the size that the file tells
    assert found.opaque == ()
    one, other = canonical(graph), canonical(found.graph)
    assert sorted(map(str, one.values())) == sorted(map(str, other.values()))
    assert one[graph.output.id] == other[found.graph.output.id]
    own = [node for node in graph.nodes if facts.layers[node.id].shares is None]
    layers = {node.id for node in own if node.operator.family in ("conv", "norm")}
    if renamed is not None:
        there = {each for each in layers if renamed[0] in each}
        assert there
        layers = (layers - there) | {each.replace(*renamed) for each in there}
    assert layers <= {node.id for node in found.graph.nodes}


@pytest.mark.parametrize("name", ["Blurred", "Recurrent", "Tied"])
def test_shared_weights_stay_shared_through_a_written_file(name: str, tmp_path: Path) -> None:
    first = trace(MODELS, name, SIZES[name], seed=3)
    path = tmp_path / "net.py"
    write_code(path, first.graph, analyse(first.graph), name, first.weights)
    second = trace(path, None, SIZES[name])
    one, other = canonical(first.graph), canonical(second.graph)
    assert one[first.graph.output.id] == other[second.graph.output.id]
    assert analyse(first.graph).parameters == analyse(second.graph).parameters
    model = built(path)
    assert sum(p.numel() for p in model.parameters()) == analyse(first.graph).parameters
