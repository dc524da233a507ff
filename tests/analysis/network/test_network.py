"""The interpreter: gates, prefix cache, cancelling, agreement with torch's own modules."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from analysis.blueprints import BLUEPRINTS
from analysis.facts import Facts, analyse
from analysis.graph import Graph, Node
from analysis.graph.shared_weights import with_own_weights
from analysis.network import Cancelled, Network, NodeError, Prefix, weights
from analysis.network.checkpoint import WeightsError
from analysis.network.gates import Edge, Gates
from analysis.operators import Convolution, Input, ReLU


def network(name: str = "unet", **given_settings: object) -> tuple[Network, Facts, dict[str, Edge]]:
    blueprint = BLUEPRINTS[name]
    small = {"depth": 2, "base": 4, "size": 32} if name != "red_net" else {"size": 32}
    graph = blueprint.build(blueprint.complete({**small, **given_settings}))
    facts = analyse(graph)
    tensors, _ = weights.for_graph(graph, facts, 3)
    edges = {skip.name: (skip.join, skip.port) for skip in facts.skips}
    return Network(graph, tensors, edges.values()), facts, edges


def image(seed: int = 0, size: int = 32) -> Tensor:
    return torch.rand(1, 3, size, size, generator=torch.Generator().manual_seed(seed))


def output(net: Network, signal: Tensor, gates: Gates | None = None) -> Tensor:
    with torch.inference_mode():
        return net.run(signal, gates=gates or Gates())[net.graph.output.id]


@pytest.mark.parametrize("skip", ["concat", "add"])
def test_gates_of_one_change_no_bit(skip: str) -> None:
    net, _, edges = network(skip=skip)
    signal = image()
    bare = output(net, signal)
    assert torch.equal(output(net, signal, Gates(dict.fromkeys(edges.values(), 1.0))), bare)
    assert torch.equal(
        output(net, signal, Gates({edge: torch.ones(()) for edge in edges.values()})), bare
    )


@pytest.mark.parametrize("off", ["zero", "mean", "noise"])
def test_a_closed_gate_replaces_the_skip(off: str) -> None:
    net, facts, edges = network()
    gates = Gates({edges["skip1"]: 0.0}, off)  # type: ignore[arg-type]
    skip = facts.skips[0]
    with torch.inference_mode():
        values = net.run(image(), gates=gates, wanted=[skip.join, skip.source])
    source, joined = values[skip.source], values[skip.join]
    channels = source.shape[1]
    carried = joined[:, -channels:] if skip.port else joined[:, :channels]
    if off == "zero":
        assert not carried.any()
    else:
        torch.testing.assert_close(
            carried.mean((2, 3)), source.mean((2, 3)), atol=0.2 if off == "noise" else 1e-6, rtol=0
        )
        spread = carried.std((2, 3))
        assert bool((spread < 1e-6).all()) == (off == "mean")


def test_half_a_gate_is_half_a_skip() -> None:
    net, facts, edges = network(skip="add")
    skip = facts.skips[0]
    with torch.inference_mode():
        whole = net.run(image(), wanted=[skip.join, skip.source])
        half = net.run(image(), gates=Gates({edges["skip1"]: 0.5}), wanted=[skip.join])
    torch.testing.assert_close(half[skip.join], whole[skip.join] - whole[skip.source] / 2)


@settings(max_examples=25, deadline=None)
@given(
    moves=st.lists(
        st.tuples(
            st.sampled_from(["skip1", "skip2"]),
            st.sampled_from([0.0, 0.5, 1.0, 2.0]),
            st.sampled_from(["zero", "mean", "noise"]),
            st.integers(0, 1),
            st.sampled_from(["enc1.act1", "bottleneck.act2", "dec2.conv1", "join1", "up2"]),
        ),
        max_size=6,
    )
)
def test_the_prefix_cache_changes_nothing(
    moves: list[tuple[str, float, str, int, str]],
) -> None:
    net, _, edges = network()
    prefix, alpha = Prefix(), {}
    for skip, value, off, seed, tap in moves:
        alpha[edges[skip]] = value
        gates = Gates(dict(alpha), off)  # type: ignore[arg-type]
        wanted = [tap, net.graph.output.id]
        net.renew(prefix, seed, gates)
        with torch.inference_mode():
            cached = net.run(image(seed), gates=gates, wanted=wanted, prefix=prefix)
            fresh = net.run(image(seed), gates=gates, wanted=wanted)
        assert all(torch.equal(cached[node], fresh[node]) for node in wanted)


def test_a_moved_gate_runs_only_what_lies_behind_it() -> None:
    net, _, edges = network()
    prefix = Prefix()
    net.renew(prefix, "image", Gates())
    with torch.inference_mode():
        net.run(image(), prefix=prefix)
    stale = net.renew(prefix, "image", Gates({edges["skip1"]: 0.0}))
    assert stale == net.graph.descendants("join1")
    assert net.count([net.graph.output.id], prefix) == len(stale)
    assert net.renew(prefix, "image", Gates({edges["skip1"]: 0.0})) == frozenset()
    assert len(net.renew(prefix, "other", Gates())) == len(net.graph)


def test_a_cancelled_run_leaves_a_cache_that_still_holds() -> None:
    net, _, _ = network()
    prefix = Prefix()
    net.renew(prefix, 0)
    asked = iter([False] * 12 + [True])
    with torch.inference_mode(), pytest.raises(Cancelled):
        net.run(image(), prefix=prefix, cancelled=lambda: next(asked))
    net.renew(prefix, 0)
    with torch.inference_mode():
        after = net.run(image(), prefix=prefix)[net.graph.output.id]
    assert torch.equal(after, output(net, image()))


def test_visited_tensors_are_not_held() -> None:
    net, _, _ = network()
    seen: list[str] = []
    with torch.inference_mode():
        found = net.run(image(), wanted=["enc1.act1", "output"], visit=lambda n, _: seen.append(n))
    assert found == {}
    assert seen == ["enc1.act1", "output"]


def test_an_operator_that_cannot_run_is_named() -> None:
    net, _, _ = network()
    with pytest.raises(NodeError) as caught:
        net.run(torch.rand(1, 5, 32, 32))
    assert caught.value.node == "enc1.conv1"


def test_calibration_gives_every_normalised_channel_mean_zero_and_deviation_one() -> None:
    net, _, _ = network()
    norms = [node.id for node in net.graph.nodes if node.operator.key == "batch_norm"]
    net.calibrate(image(), norms)
    with torch.inference_mode():
        values = net.run(image(), wanted=norms)
    for value in values.values():
        assert value.mean((0, 2, 3)).abs().max() < 1e-4
        spread = value.var((0, 2, 3), correction=0)
        # A channel of hardly any variance stays below one, by the norm's epsilon.
        assert spread.max() < 1.001
        assert spread.median() > 0.9


def test_gradients_reach_every_weight_in_training() -> None:
    net, _, _ = network(norm="none")
    for tensor in net.tensors.values():
        tensor.requires_grad_()
    net.run(image(), training=True)["output"].square().sum().backward()
    assert all(tensor.grad is not None for tensor in net.tensors.values())


# ------------------------------------------------------------------ against torch's own modules
def _modules(graph: Graph, facts: Facts) -> dict[str, nn.Module]:
    made = {}
    for node in graph.nodes:
        shapes = facts.layers[node.id].inputs
        if node.operator.parameters(shapes):
            line = node.operator.torch_line(shapes)
            made[node.id] = eval(line, {"nn": nn, "torch": torch})  # noqa: S307 - our own text
    return made


@settings(max_examples=15, deadline=None)
@given(
    depth=st.integers(1, 3),
    convs=st.integers(1, 3),
    norm=st.sampled_from(["batch", "instance", "group", "none"]),
    activation=st.sampled_from(["relu", "leaky_relu", "elu", "silu", "gelu"]),
    down=st.sampled_from(["max", "average", "strided"]),
    seed=st.integers(0, 1000),
)
def test_a_drawn_unet_equals_the_one_written_in_torch(
    depth: int, convs: int, norm: str, activation: str, down: str, seed: int
) -> None:
    net, facts, _ = network(
        depth=depth, base=8, convs=convs, norm=norm, activation=activation, down=down
    )
    graph = net.graph
    modules = _modules(graph, facts)
    for node_id, module in modules.items():
        own = net.parameters_of(node_id)
        module.load_state_dict(dict(own), strict=False)
        module.eval()
    signal = image(seed)
    values: dict[str, Tensor] = {}
    act = {
        "relu": nn.ReLU(),
        "leaky_relu": nn.LeakyReLU(),
        "elu": nn.ELU(),
        "silu": nn.SiLU(),
        "gelu": nn.GELU(),
    }
    pool = {"max": nn.MaxPool2d(2), "average": nn.AvgPool2d(2)}
    with torch.inference_mode():
        for node in graph.nodes:
            read = [values[source] for source in node.inputs]
            if node.id == "input":
                values[node.id] = signal
            elif node.operator.key == "concat":
                values[node.id] = torch.cat(read, 1)
            elif node.operator.key == "output":
                values[node.id] = read[0]
            elif node.id in modules:
                values[node.id] = modules[node.id](read[0])
            elif node.operator.key == "instance_norm":
                values[node.id] = nn.InstanceNorm2d(read[0].shape[1])(read[0])
            elif node.operator.key in act:
                values[node.id] = act[node.operator.key](read[0])
            else:
                values[node.id] = pool[down](read[0])
        torch.testing.assert_close(output(net, signal), values["output"], rtol=1e-5, atol=1e-6)


# ------------------------------------------------------------------ weights
def test_weights_depend_on_the_id_and_the_seed_alone() -> None:
    _, facts, _ = network()
    _, deeper, _ = network(depth=3)
    one = weights.initial(facts.graph, facts, 0)
    again = weights.initial(deeper.graph, deeper, 0)
    other = weights.initial(facts.graph, facts, 1)
    assert torch.equal(one["enc1.conv1.weight"], again["enc1.conv1.weight"])
    assert not torch.equal(one["enc1.conv1.weight"], other["enc1.conv1.weight"])


def test_initial_weights_have_the_spread_of_torchs_own() -> None:
    _, facts, _ = network(base=16)
    made = weights.initial(facts.graph, facts, 0)
    theirs = nn.Conv2d(16, 32, 3).weight.detach().std()
    assert made["enc2.conv1.weight"].std().item() == pytest.approx(float(theirs), rel=0.1)
    up = nn.ConvTranspose2d(64, 32, 2, 2).weight.detach().std()
    assert made["up2.weight"].std().item() == pytest.approx(float(up), rel=0.1)


def test_after_an_edit_what_fits_is_kept_and_the_rest_named() -> None:
    _, facts, _ = network(norm="none")
    _, wider, _ = network(norm="none", base=8)
    old = weights.initial(facts.graph, facts, 5)
    found, untrained = weights.for_graph(wider.graph, wider, 0, old)
    assert set(found) == set(weights.wanted(wider))
    assert "enc1.conv1" in untrained
    same, none = weights.for_graph(facts.graph, facts, 0, old)
    assert none == ()
    assert all(torch.equal(same[key], old[key]) for key in old)


def test_weights_survive_a_file(tmp_path) -> None:
    net, _, _ = network()
    weights.save(net.tensors, tmp_path / "w.safetensors")
    loaded = weights.load(tmp_path / "w.safetensors")
    assert all(torch.equal(loaded[key], net.tensors[key]) for key in net.tensors)
    torch.save(net.tensors, tmp_path / "w.pt")
    assert set(weights.load(tmp_path / "w.pt")) == set(net.tensors)


@pytest.mark.parametrize("name", ["w.safetensors", "w.pt"])
def test_a_broken_or_missing_weights_file_is_a_fault(tmp_path, name: str) -> None:
    with pytest.raises(WeightsError) as missing:
        weights.load(tmp_path / name)
    assert missing.value.fault.code == "weights-missing"
    (tmp_path / name).write_bytes(b"\x00not weights")
    with pytest.raises(WeightsError) as broken:
        weights.load(tmp_path / name)
    assert broken.value.fault.code == "weights-unreadable"


class _Answers(Convolution):
    """Answers what is no tensor, or fails as operators from files may."""

    def apply(self, inputs, tensors, training=False):  # type: ignore[no-untyped-def]
        if self.channels == 1:
            return (inputs[0], inputs[0])
        raise {2: KeyError, 3: AttributeError, 4: TypeError}[self.channels]("no")


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_what_gives_no_tensor_is_named(channels: int) -> None:
    nodes = [Node("input", Input(3, (8, 8))), Node("odd", _Answers(channels), ("input",))]
    graph = Graph.of([*nodes, Node("behind", ReLU(), ("odd",))])
    with pytest.raises(NodeError) as found:
        Network(graph, {}).run(image(size=8))
    assert found.value.node == "odd"
    assert isinstance(found.value.__cause__, LookupError | AttributeError | TypeError)


def test_weights_made_ones_own_begin_as_the_shared_ones() -> None:
    _, facts, _ = network(block="recurrent")
    old = weights.initial(facts.graph, facts, 5)
    name = "enc1.conv1.1"
    held = {each.name: each.key for each in facts.tensors[name]}
    own = analyse(with_own_weights(facts.graph, name, held))
    found, untrained = weights.for_graph(own.graph, own, 5, old)
    assert untrained == ()
    assert len(found) == len(old) + 1
    signal = image()
    shared = output(Network(facts.graph, old), signal)
    assert torch.equal(output(Network(own.graph, found), signal), shared)
    fresh, _ = weights.for_graph(own.graph, own, 5)  # and so do those of the seed
    assert torch.equal(output(Network(own.graph, fresh), signal), shared)
    found[f"{name}.weight"] = found[f"{name}.weight"] + 1
    again, _ = weights.for_graph(own.graph, own, 5, found)  # once stored, they are what is used
    assert torch.equal(again[f"{name}.weight"], found[f"{name}.weight"])
    assert not torch.equal(output(Network(own.graph, again), signal), shared)
