"""What the review says of a run, with an image or random numbers, against the module's own run.

`python -m tests.analysis.review.public_modules.observed IMAGE [NAME …]` prints, for each network,
what its layers, its output and its gradient show when the module itself is run: channels that are
constant or copies, what each skip brings to the output, saturation, a shift by a pixel, dead ReLUs,
and how gradient and numbers change from the first layer to the last under PyTorch's
initialisation. At its end it counts networks and rows. Networks written by hand need no package.
"""

from __future__ import annotations

import copy
import sys
import tempfile
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from _pytest.outcomes import Skipped
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from analysis.exchange.torch_module import TraceError
from analysis.facts import Facts, analyse
from analysis.inference.engine import Engine
from analysis.inference.observing.dead_relus import BATCH, DRAWS, FEWEST, dead_relus, drawn
from analysis.inference.observing.gradient import SEED
from analysis.inference.observing.random_run import random_run
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.review import ReviewNumbers, ReviewRequest
from analysis.inference.protocol.runs import RunRequest
from analysis.network import Network
from analysis.network.weights import initial, save
from analysis.operators import Softmax, Tanh
from analysis.review import OnImage, Signal, Subject, review
from tests.analysis.exchange.public_models import opened as packages
from tests.analysis.exchange.public_models.sizes import FURTHER
from tests.analysis.review.public_modules.measured import _training
from tests.analysis.review.public_modules.networks import NAMES
from tests.data.models.encoder_decoders import NETWORKS
from tests.data.models.traced import traced

NONLINEAR = frozenset(
    (
        "relu",
        "relu_",
        "leaky_relu",
        "leaky_relu_",
        "silu",
        "gelu",
        "elu",
        "prelu",
        "sigmoid",
        "tanh",
    )
)
WEIGHTED = (nn.Conv2d, nn.Conv3d, nn.ConvTranspose2d, nn.ConvTranspose3d, nn.Linear)
CATS = ("cat", "concat", "concatenate")
STEP = 1e-5
"""By which part a skip is made larger and smaller: no activation turns over on so short a way."""
Row = tuple[str, float, float, bool]
"""What it is, as the review has it, as the module shows it, and whether they agree."""


class Recorder(TorchFunctionMode):
    """While it is entered, keeps the answer of each activation, with its name."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[tuple[str, Tensor]] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        answer = func(*args, **(kwargs or {}))
        name = getattr(func, "__name__", "")
        if name in NONLINEAR:
            self.answers.append((name.rstrip("_"), answer.detach().clone()))
        return answer


@dataclass(frozen=True)
class Run:
    """A module, the graph that was opened of it, and a file with the module's weights."""

    module: nn.Module
    facts: Facts
    weights: Path
    further: Mapping[str, Any]

    def answer(self, picture: Tensor, module: nn.Module | None = None) -> Tensor:
        """What the module, or one like it, gives as the graph's main output."""
        return _tensors((module or self.module)(picture, **self.further))[self.main]

    @cached_property
    def main(self) -> int:
        """Which of the module's answers the graph's main output is: that with the same numbers."""
        graph = self.facts.graph
        torch.manual_seed(2)
        picture = torch.randn(1, *self.facts.shapes[graph.inputs[0].id])
        with torch.no_grad():
            answers = _tensors(self.module.eval()(picture, **self.further))
            if len(answers) == 1:
                return 0
            ran = Network(graph, load_file(self.weights), []).run(picture)[graph.output.id]
        alike = [n for n, each in enumerate(answers) if each.shape == ran.shape]
        return min(alike, key=lambda n: float((answers[n] - ran).abs().max()))


def _tensors(found: Any) -> list[Tensor]:
    """The tensors that a module returned, in their order."""
    if isinstance(found, Tensor):
        return [found]
    values = found.values() if isinstance(found, Mapping) else found
    return [t for v in values if isinstance(v, Tensor | Sequence | Mapping) for t in _tensors(v)]


def run_of(name: str) -> Run:
    """A network by name. Skips where its package cannot be used, or weights have other names."""
    if name not in NETWORKS:
        found = packages.opened(name)
        weights = Path(str(found.found.weights))
        return Run(found.module.eval(), found.facts, weights, FURTHER.get(name, {}))
    torch.manual_seed(0)
    module, facts = NETWORKS[name][0]().eval(), analyse(traced(name))
    own = module.state_dict()
    wanted = initial(facts.graph, facts, 0)
    if not wanted.keys() <= own.keys():
        raise Skipped("the layers of its graph are not called as its modules are")
    file = Path(tempfile.mkdtemp()) / "weights.safetensors"
    save({key: own[key].clone() for key in wanted}, file)
    return Run(module, facts, file, {})


def on_image(found: Run, image: str) -> tuple[OnImage, Tensor]:
    """What the engine observes of an image with the module's weights, and the input it ran on."""
    graph, engine = found.facts.graph, Engine()
    request = RunRequest(
        revision=0, slot="public", structure=graph.structure_hash, graph=graph,
        image=ImageSource("image", image), weights=str(found.weights),
    )  # fmt: skip
    engine.run(request)
    answer = engine.reply(ReviewRequest(0, "public", graph.structure_hash))
    assert isinstance(answer, ReviewNumbers), answer
    [picture] = engine._slots["public"].inputs.values()
    return answer.on_image, picture.clone()


def image_rows(found: Run, image: str) -> Iterator[Row]:
    """The numbers of the image's rules."""
    seen, picture = on_image(found, image)
    found.module.eval()
    _ = found.main  # a run of its own, which is not to be recorded
    with torch.no_grad(), Recorder() as recorder:
        output = found.answer(picture)
    shapes = {*found.facts.shapes.values()}
    kept = [_channels_first(each[0], shapes) for _, each in recorder.answers if each.ndim > 2]
    maps = [each.flatten(1).double().numpy() for each in kept]
    maps = [each for each in maps if each.shape[1] >= 16]
    yield from _channel_rows(seen, maps)
    if seen.saturated is not None:
        low = -1.0 if isinstance(found.facts.graph[seen.saturated[0]].operator, Tanh) else 0.0
        ends = (output - low < 1e-3) | (1 - output < 1e-3)
        if isinstance(found.facts.graph[seen.saturated[0]].operator, Softmax):
            ends = 1 - output.amax(1) <= 1e-3
        share = float(ends.double().mean())
        yield "saturated", seen.saturated[1], share, abs(seen.saturated[1] - share) < 1e-4
    yield from _skip_rows(found, seen, picture)
    if seen.moved is not None:
        moved = torch.cat((picture[..., :1], picture[..., :-1]), -1)
        with torch.no_grad():
            after = found.answer(moved).roll(-1, -1)
        quarter = [length // 4 for length in output.shape[2:]]
        part = (..., *(slice(q, n - q) for q, n in zip(quarter, output.shape[2:], strict=True)))
        before = output[part]
        own = float((before - before.mean()).square().mean().sqrt())
        shift = float((after - output)[part].square().mean().sqrt()) / own
        yield (
            "moved by a pixel",
            seen.moved,
            shift,
            abs(seen.moved - shift) < 0.01 * max(shift, 0.1),
        )


def _channels_first(value: Tensor, shapes: Collection[tuple[int, ...]]) -> Tensor:
    """As the graph has it, where the module holds its channels last."""
    own = tuple(value.shape)
    return value.movedim(-1, 0) if own not in shapes and (own[-1], *own[:-1]) in shapes else value


class Scaled(TorchFunctionMode):
    """While it is entered, one input of one call of a join is multiplied."""

    def __init__(self, shape: Sequence[int], call: int, port: int, factor: float) -> None:
        super().__init__()
        self._shape, self._call, self._port = tuple(shape), call, port
        self._factor = factor

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        answer = func(*args, **(kwargs or {}))
        if getattr(func, "__name__", "") not in CATS or tuple(answer.shape[1:]) != self._shape:
            return answer
        self._call -= 1
        if self._call != -1:
            return answer
        maps = [each * self._factor if n == self._port else each for n, each in enumerate(args[0])]
        return func(maps, *args[1:], **(kwargs or {}))


def _skip_rows(found: Run, seen: OnImage, picture: Tensor) -> Iterator[Row]:
    """Each long skip's part of the output: its slope by the skip's size, all else as it is.

    Between two kinks of its activations a network is affine in what a skip brings, so that this is
    the part itself. Statistics that a norm takes of the map would move along; the split holds them.
    """
    taken = any(node.operator.global_statistics for node in found.facts.graph.nodes)
    if not seen.skips or seen.closing or taken:
        return
    graph, shapes = found.facts.graph, found.facts.shapes
    module, image = copy.deepcopy(found.module).double().eval(), picture.double()
    joins = [n.id for n in graph.nodes if n.operator.key == "concat"]
    for skip in found.facts.skips:
        if skip.name not in seen.skips or skip.join not in joins:
            continue
        alike = [each for each in joins if shapes[each] == shapes[skip.join]]
        place = (shapes[skip.join], alike.index(skip.join), skip.port)
        with torch.no_grad():
            whole = found.answer(image, module)
            ends = []
            for factor in (1 + STEP, 1 - STEP):
                with Scaled(*place, factor):
                    ends.append(found.answer(image, module))
        part = (ends[0] - ends[1]) / (2 * STEP)
        own = float(whole.square().sum())
        share = float((part * whole).sum()) / own
        size = float(part.square().sum() / own) ** 0.5
        said = seen.skips[skip.name]
        yield f"{skip.name} share", said.share, share, abs(said.share - share) < 1e-3
        yield f"{skip.name} size", said.size, size, abs(said.size - size) < 1e-3 * max(1, size)


def _channel_rows(seen: OnImage, maps: Sequence[NDArray[np.float64]]) -> Iterator[Row]:
    flat = sum(_constant(each).sum() for each in maps)
    said = sum(each.constant for each in seen.channels.values())
    yield "constant channels", said, flat, said == flat
    copies = sum(_copies(each) for each in maps)
    said = sum(each.copies for each in seen.channels.values())
    yield "copied channels", said, copies, abs(said - copies) <= 0.02 * max(said, copies, 50)


def _constant(flat: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray(np.ptp(flat, axis=1) <= 1e-6 * np.abs(flat).max())


def _copies(flat: NDArray[np.float64]) -> int:
    """By the definition of Pearson's correlation, over all pixels."""
    varied = flat[~_constant(flat)]
    if len(varied) < 2:
        return 0
    return int((np.abs(np.tril(np.corrcoef(varied), -1)) >= 0.999).any(1).sum())


def signal_rows(found: Run) -> Iterator[Row]:
    """How many times the gradient and the numbers are larger at the first layer than at the last.

    Inputs are drawn anew, and weights where the module calls them otherwise, so the two agree
    within a factor of three, or both are far off. None of a network of which the review says
    nothing, for its scales begin as only its model knows.
    """
    yield from _relu_rows(found)
    seen = random_run(found.facts)
    assert isinstance(seen, Signal)
    if _begins_by_itself(found.facts, seen):
        return
    own = _own_signal(found)
    for what, said, shown in (
        ("gradient first / last", _ratio(seen.gradients), own[0]),
        ("numbers first / last", _ratio(seen.activations), own[1]),
    ):
        far = min(said, shown) > 1000 or max(said, shown) < 1e-3
        near = 1 / 3 < (said + 1e-30) / (shown + 1e-30) < 3
        yield what, said, shown, far or near


def _begins_by_itself(facts: Facts, seen: Signal) -> bool:
    whys = review(Subject(facts, signal=seen)).partly.values()
    return any(why.code == "own-scale" for why in whys)


def _relu_rows(found: Run) -> Iterator[Row]:
    """Channels that are zero behind ReLUs, of the same new weights and the same inputs."""
    facts, module = found.facts, copy.deepcopy(found.module)
    weights = initial(facts.graph, facts, 0)
    if not weights.keys() <= module.state_dict().keys() or found.further:
        return
    module.load_state_dict({**module.state_dict(), **weights})
    source = torch.Generator().manual_seed(1)
    said = dead_relus(Network(facts.graph, weights, []), facts, source)
    source, largest = torch.Generator().manual_seed(1), dict[int, Tensor]()
    with torch.no_grad(), _training(module):
        for _ in range(DRAWS // BATCH):
            [picture] = drawn(facts, source).values()
            with Recorder() as recorder:
                module(picture)
            maps = [each for kind, each in recorder.answers if kind == "relu"]
            for place, each in enumerate(maps):
                most = each.transpose(0, 1).flatten(1).amax(1)
                largest[place] = torch.maximum(largest.get(place, most), most)
    enough = [n for n, each in enumerate(maps) if DRAWS * each[0, 0].numel() >= FEWEST]
    dead = sum(int((largest[place] == 0).sum()) for place in enough)
    counted = sum(each.dead for each in said.values())
    yield "dead ReLU channels", counted, dead, counted == dead


def _ratio(sizes: Any) -> float:
    values = list(sizes.values())
    return float(values[0] / max(values[-1], 1e-30)) if values else 1.0


def _own_signal(run: Run) -> tuple[float, float]:
    module, facts, _ = run.module, run.facts, run.main
    torch.manual_seed(1)
    for each in module.modules():
        if hasattr(each, "reset_parameters"):
            each.reset_parameters()
    own, weights = module.state_dict(), initial(facts.graph, facts, SEED)
    if weights.keys() <= own.keys():
        module.load_state_dict({**own, **weights})
    kept: list[Tensor] = []
    hooks = [
        each.register_forward_hook(lambda _, args, answer: kept.append(answer))
        for each in module.modules()
        if isinstance(each, WEIGHTED)
    ]
    shape = facts.shapes[facts.graph.inputs[0].id]
    with torch.enable_grad():
        module.train().requires_grad_(True)
        output = run.answer(torch.randn(2, *shape))
        found = torch.autograd.grad(output, kept, torch.randn_like(output), allow_unused=True)
    for hook in hooks:
        hook.remove()
    pairs = [(g, k) for g, k in zip(found, kept, strict=True) if g is not None]
    gradients = [float(g.square().mean().sqrt()) for g, _ in pairs]
    answers = [float(k.detach().square().mean().sqrt()) for _, k in pairs]
    return gradients[0] / max(gradients[-1], 1e-30), answers[0] / max(answers[-1], 1e-30)


def main(image: str, names: list[str]) -> int:
    """Prints the table; 1 where the review and the module do not agree."""
    wrong = 0
    counted, measured = 0, set[str]()
    for name in names or NAMES:
        for rows in (image_rows, signal_rows):
            more = (image,) if rows is image_rows else ()
            try:
                for what, said, shown, agrees in rows(run_of(name), *more):
                    wrong += not agrees
                    counted += 1
                    measured.add(name)
                    print(f"{name:<24} {what:<22} {said:>11.4g} {shown:>11.4g} "
                          f"{'yes' if agrees else 'NO'}", flush=True)  # fmt: skip
            except Skipped as why:
                print(f"{name}: {why}")
            except (AssertionError, RuntimeError, ValueError, TypeError, TraceError) as error:
                print(f"{name:<24} not measured: {type(error).__name__} {error}"[:120], flush=True)
    print(f"{len(measured)} networks, {counted} numbers, {wrong} of them not as measured")
    return int(wrong > 0)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main(sys.argv[1], sys.argv[2:]))
