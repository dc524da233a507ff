"""How a network is captured on a GPU, with fakes in the place of what only a GPU has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
import torch

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.inference import cuda_graph, loaded_networks
from analysis.inference import engine as engine_module
from analysis.inference.cuda_graph import WARM_UP, Replay
from analysis.inference.device import Device, choose
from analysis.inference.engine import Engine
from analysis.inference.failures import EngineError
from analysis.inference.loaded_networks import NETWORKS_KEPT, LoadedNetworks
from analysis.network import Network, weights
from analysis.network.gates import Gates


class FakeCuda:
    """Notes what is entered and captured; a replay does on the processor what was captured."""

    def __init__(self, network: Network) -> None:
        self.entered: list[object] = []
        self.captured: list[tuple[object, ...]] = []
        self.again = network.run
        self.runs: list[dict[str, object]] = []
        network.run = self._run  # type: ignore[method-assign]

    def _run(self, inputs, **more):
        self.runs.append({"stream": self.entered[-1], "inputs": inputs, **more})
        return self.again(inputs, **more)

    @contextmanager
    def _within(self, what: object):
        self.entered.append(what)
        yield
        self.entered.pop()

    def device(self, device):
        return self._within(("device", device))

    def stream(self, stream):
        return self._within(stream)

    @contextmanager
    def graph(self, graph, stream=None):
        self.captured.append((graph, stream, *self.entered))
        with self._within(stream):
            yield

    def Stream(self, device):
        return SimpleNamespace(device=device, wait_stream=lambda _: None)

    def current_stream(self, device):
        return SimpleNamespace(device=device, wait_stream=lambda _: None)

    def CUDAGraph(self):
        return SimpleNamespace(replay=self._replay)

    def _replay(self) -> None:
        last = self.runs[WARM_UP]
        found = self.again(last["inputs"], gates=last["gates"], wanted=last["wanted"])
        self.replayed = found


@pytest.fixture
def network() -> Network:
    blueprint = BLUEPRINTS["unet"]
    graph = blueprint.build(blueprint.complete({"depth": 2, "base": 4, "size": 32}))
    facts = analyse(graph)
    edges = [(skip.join, skip.port) for skip in facts.skips]
    return Network(graph, weights.initial(graph, facts, 0), edges)


def test_a_gpu_captures_on_a_stream_of_its_own_and_replays_gates(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = network.run
    fake = FakeCuda(network)
    monkeypatch.setattr(cuda_graph.torch, "cuda", fake)
    picture = torch.rand(1, 3, 32, 32)
    wanted = frozenset([network.graph.output.id])
    with torch.inference_mode():
        replay = Replay(network, {"input": picture}, wanted)
        [(_, stream, *around)] = fake.captured
        assert stream is not None  # else torch takes one of the GPU that captured first
        assert ("device", network.device) in around
        assert [run["stream"] for run in fake.runs] == [stream] * (WARM_UP + 1)
        other = torch.rand(1, 3, 32, 32)
        [first, *_] = network.edges
        gates = Gates({first: 0.25})
        replay({"input": other}, gates)
        expected = plain({"input": other}, gates=gates, wanted=wanted)
        torch.testing.assert_close(fake.replayed, expected)
        replay({"input": other}, Gates())
        expected = plain({"input": other}, wanted=wanted)
        torch.testing.assert_close(fake.replayed, expected)


class FakeReplay:
    """Stands for a captured network, or refuses."""

    refuses = False

    def __init__(self, network: object, inputs: object, wanted: object) -> None:
        if FakeReplay.refuses:
            raise RuntimeError("not permitted while capturing")
        self.network = network


@pytest.fixture
def networks(monkeypatch: pytest.MonkeyPatch) -> LoadedNetworks:
    monkeypatch.setattr(loaded_networks, "Replay", FakeReplay)
    monkeypatch.setattr(FakeReplay, "refuses", False)
    return LoadedNetworks(Device(torch.device("cuda"), torch.float32, True, 1))


def of(networks: LoadedNetworks, key: str, network: object) -> FakeReplay | None:
    slot = SimpleNamespace(inputs={"input": torch.zeros(1, 1, 2, 2)})
    return networks.replay(slot, SimpleNamespace(key=key, network=network), frozenset("o"))  # type: ignore[arg-type, return-value]


def test_a_network_that_was_made_anew_is_captured_anew(networks: LoadedNetworks) -> None:
    one, other = object(), object()
    first = of(networks, "a", one)
    assert of(networks, "a", one) is first
    again = of(networks, "a", other)  # the same key, other tensors: the old graph reads freed ones
    assert again is not None
    assert again.network is other


def test_the_graph_that_was_used_least_lately_goes_first(networks: LoadedNetworks) -> None:
    made = {name: object() for name in "abcdefgh"[: NETWORKS_KEPT + 1]}
    names = list(made)
    kept = [of(networks, name, made[name]) for name in names[:-1]]
    assert of(networks, names[0], made[names[0]]) is kept[0]
    of(networks, names[-1], made[names[-1]])
    assert of(networks, names[0], made[names[0]]) is kept[0]
    assert of(networks, names[1], made[names[1]]) is not kept[1]


def test_what_cannot_be_captured_is_not_tried_with_every_frame(
    networks: LoadedNetworks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeReplay, "refuses", True)
    network = object()
    assert of(networks, "a", network) is None
    monkeypatch.setattr(FakeReplay, "refuses", False)
    assert of(networks, "a", network) is None


def test_captured_runs_are_given_back_where_memory_is_short(
    networks: LoadedNetworks, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine("cpu", threads=1)
    engine._networks = networks
    first = of(networks, "a", network := object())
    asked: list[bool] = []

    def free(_: object) -> int:
        asked.append(bool(networks._replays))
        return 0 if networks._replays else 1 << 40

    monkeypatch.setattr(engine_module, "free_bytes", free)
    engine._check_memory(1 << 30)
    assert asked == [True, False]
    assert of(networks, "a", network) is not first
    monkeypatch.setattr(engine_module, "free_bytes", lambda _: 0)
    with pytest.raises(EngineError):
        engine._check_memory(1 << 30)


@pytest.fixture
def tf32() -> Iterator[None]:
    """Allowed as torch allows it by itself for convolutions, and as it was afterwards."""
    kinds = (torch.backends.cudnn, torch.backends.cuda.matmul)
    before = [each.allow_tf32 for each in kinds]
    for each in kinds:
        each.allow_tf32 = True
    yield
    for each, was in zip(kinds, before, strict=True):
        each.allow_tf32 = was


def test_float32_on_a_gpu_is_not_rounded_to_tf32(
    tf32: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from analysis.inference import device

    monkeypatch.setattr(device.torch, "empty", lambda *_, **__: None)
    monkeypatch.setattr(device, "formats", lambda _: ("float32",))
    assert choose("cuda:0", precision="float32").precision == "float32"
    assert not torch.backends.cudnn.allow_tf32
    assert not torch.backends.cuda.matmul.allow_tf32
