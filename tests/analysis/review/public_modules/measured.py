"""Experiments on a network's own module, by the code of the finding that they are to prove."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import networkx as nx
import torch
from torch import Tensor, nn

from analysis.facts import Facts, analyse
from analysis.graph import Node
from analysis.review import Finding, Subject, review
from tests.analysis.review.public_experiments import wider
from tests.analysis.review.public_modules.twin import Call, Twin

LEAST_WIDE, UNKNOWN_WIDE, TIMES = 1024, 8192, 4
"""A wide picture: so many pixels, so many where nobody knows, so many times what is seen."""
KINDS = {"concat": "cat", "add": "add", "conv": "conv", "transposed_conv": "transposed",
         "max_pool": "pool", "average_pool": "pool", "batch_norm": "batch_norm",
         "instance_norm": "instance_norm", "group_norm": "group_norm", "multiply": "mul",
         "channel_slice": "slice"}  # fmt: skip
"""What a graph's operators are called by the twin."""


@dataclass(frozen=True)
class Measured:
    """What an experiment gave, in words of numbers, and whether the finding says the same."""

    said: str
    agrees: bool


class Unmeasured(Exception):  # noqa: N818 - no error: the experiment does not fit the network
    """Raised where the module cannot be asked, with why."""


@dataclass(frozen=True)
class Network:
    """A module in float64, with the graph whose findings are held against it."""

    module: nn.Module
    facts: Facts
    further: Mapping[str, Any]

    @cached_property
    def shape(self) -> tuple[int, ...]:
        return self.facts.shapes[self.facts.graph.inputs[0].id]

    def run(self, picture: Tensor, twin: Twin) -> Tensor:
        """The main answer of the module, as the twin that is entered computes it."""
        heads: list[Tensor] = []
        [last] = self.facts.graph.output.inputs
        named = dict(self.module.named_modules())
        hook = (
            named[last].register_forward_hook(lambda _, args, answer: heads.append(answer))
            if last in named
            else None
        )
        with twin:
            found = self.module(picture, **self.further)
        if hook is not None:
            hook.remove()
        return heads[-1] if heads and not isinstance(found, Tensor) else main_of(found)

    @cached_property
    def wide(self) -> int:
        """Pixels of a picture in whose middle no unit sees the ends."""
        field = self.facts.fields[self.facts.graph.output.id]
        if field.axes is None:
            return UNKNOWN_WIDE
        needed = TIMES * max(field.extent_max or (1,))
        return max(LEAST_WIDE, 1 << (needed - 1).bit_length())

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Of each node which call it is, where kinds, order and shapes tell."""
        twin = Twin()
        with torch.no_grad():
            self.run(torch.ones(1, *self.shape, dtype=torch.float64), twin)
        found: dict[str, int] = {}
        for kind in {*KINDS.values()}:
            at = 0
            for node in self.facts.graph.nodes:
                if KINDS.get(node.operator.key) != kind:
                    continue
                here = at
                while here < len(twin.calls) and not self._is(twin.calls[here], kind, node):
                    here += 1
                if here < len(twin.calls):
                    found[node.id], at = here, here + 1
        return found

    def _is(self, call: Call, kind: str, node: Node) -> bool:
        answer = call.answer
        return (
            call.name == kind
            and answer is not None
            and tuple(answer.shape[1:]) == self.facts.shapes[node.id]
            and (kind not in ("cat", "add", "mul") or len(call.maps) == len(node.inputs))
        )

    @cached_property
    def wide_run(self) -> tuple[Twin, Tensor]:
        """What a run on ramps kept of each call, a row of a map's middle, and the answer's.

        Behind a join all is said to lie as the map that sees least, with all ways to it.
        """
        narrowest: list[int] = []

        def noted(maps: Sequence[Tensor]) -> None:
            spreads = [_middle_of(each)[1] for each in maps]
            narrowest.append(min(range(len(maps)), key=lambda at: round(spreads[at], 6)))

        ramps = _ramps(self)
        with torch.no_grad():
            self.run(ramps, Twin(chosen=noted, kept=_row))
            found = iter(narrowest)
            twin = Twin(chosen=lambda _: next(found), kept=_row)
            answer = self.run(ramps, twin)
        return twin, _row(answer)

    @cached_property
    def wide_findings(self) -> tuple[Finding, ...]:
        return review(Subject(wider_of(self))).findings

    def call(self, twin: Twin, layer: str) -> Call:
        """The call of a layer in a run that has just been made. Raises Unmeasured."""
        if layer not in self.places:
            raise Unmeasured(f"{layer} is no call that could be told")
        return twin.calls[self.places[layer]]


def main_of(found: Any) -> Tensor:
    """The largest map of what a module returns; of equal ones the last."""
    if isinstance(found, Tensor):
        return found
    values = found.values() if isinstance(found, Mapping) else found
    maps = [main_of(each) for each in values if isinstance(each, Tensor | Sequence | Mapping)]
    return max(reversed(maps), key=lambda each: prod(each.shape[2:]))


# ------------------------------------------------------------------------------- alignment


def _ramps(network: Network) -> Tensor:
    """A ramp, its square, and ones, along the last axis of a wide picture."""
    line = torch.arange(network.wide, dtype=torch.float64) - network.wide / 2
    rows = torch.stack([line, line * line, torch.ones_like(line)])
    channels, *size = network.shape
    shape = (3, *(1,) * len(size), network.wide)
    return rows.reshape(shape).expand(3, channels, *size[:-1], network.wide).contiguous()


def _row(value: Tensor) -> Tensor:
    """(3, units) along the last axis, in the middle of the others."""
    while value.ndim > 2:
        value = value.mean(1) if value.ndim > 3 else value[:, value.shape[1] // 2]
    return value


def _middle_of(value: Tensor) -> tuple[Tensor, float]:
    """Where the units in the middle lie, (units,), and how far they see, as a variance."""
    ramp, square, one = _row(value)
    place = ramp / one
    return place, float((square / one - place**2)[_middle(len(place))].mean())


def _middle(length: int) -> slice:
    units = max(2, length // 16)
    return slice(length // 2 - units, length // 2 + units)


def _line(place: Tensor) -> tuple[float, float]:
    """(step, start) of the places of units in the middle: the means of two times whole periods."""
    first, second = place[_middle(len(place))].chunk(2)
    step = float(second.mean() - first.mean()) / len(first)
    between = len(place) // 2 - 0.5
    return step, float(place[_middle(len(place))].mean()) - step * between


def _wide_finding(network: Network, finding: Finding) -> Finding:
    """The same remark on the same layers of the network for wide pictures."""
    for each in network.wide_findings:
        if _is_same(each, finding):
            return each
    raise Unmeasured("not remarked of a wide picture")


def _is_same(one: Finding, other: Finding) -> bool:
    return (one.code, one.layers) == (other.code, other.layers)


def wider_of(network: Network) -> Facts:
    """The network's facts for wide pictures; of one axis more or less as well."""
    from dataclasses import replace

    if len(network.shape) == 3:
        return wider(network.facts.graph, network.wide)
    graph = network.facts.graph
    [entry] = graph.inputs
    size = (*network.shape[1:-1], network.wide)
    return analyse(graph.with_operator(entry.id, replace(entry.operator, size=size)))


def joined_maps_lie_apart(network: Network, finding: Finding) -> Measured:
    """In a wide picture; where that is no such join, at the network's own size."""
    if not any(_is_same(each, finding) for each in network.wide_findings):
        return _apart_behind_the_fork(network, finding)
    join, *names = finding.layers
    wide, (twin, _) = _wide_finding(network, finding), network.wide_run
    inputs = network.facts.graph[join].inputs
    call = network.call(twin, join)
    one, other = (_line(_middle_of(call.maps[inputs.index(name)])[0]) for name in names)
    length = call.maps[0].shape[-1]
    ends = [other[0] * u + other[1] - one[0] * u - one[1] for u in (0, length - 1)]
    mean, most = abs(sum(ends)) / 2, max(map(abs, ends))
    said = f"{mean:.3f} px apart, {most:.3f} at the border"
    numbers = wide.numbers
    agrees = abs(mean - numbers["pixels"]) < 1e-3 and abs(most - numbers["at_border"]) < 0.02
    if wide.severity == "warning" and finding.numbers["at_border"] == finding.numbers["pixels"]:
        agrees = agrees and abs(mean - finding.numbers["pixels"]) < 1e-3
    return Measured(said, agrees)


def _apart_behind_the_fork(network: Network, finding: Finding) -> Measured:
    """From the nearest map that all ways to the join pass, whose answer is made a ramp."""
    join, *names = finding.layers
    graph = network.facts.graph
    wires = nx.DiGraph([(source, node.id) for node in graph.nodes for source in node.inputs])
    before = nx.immediate_dominators(wires, graph.inputs[0].id)
    fork = before[join]
    while fork not in network.places and before.get(fork, fork) != fork:
        fork = before[fork]
    field = network.facts.fields[fork]
    if fork not in network.places or field.jump is None:
        raise Unmeasured("no map that all ways to the join pass could be told")
    channels, *size = network.facts.shapes[fork]
    line = torch.arange(size[-1], dtype=torch.float64)
    rows = torch.stack([line, torch.ones_like(line)]).reshape(2, 1, *(1,) * (len(size) - 1), -1)
    twin = Twin(kept=_row, put={network.places[fork]: rows.expand(2, channels, *size)})
    with torch.no_grad():
        network.run(torch.ones(2, *network.shape, dtype=torch.float64), twin)
    maps = network.call(twin, join).maps
    one, other = (maps[graph[join].inputs.index(name)] for name in names)
    gap = (other[0] / other[1] - one[0] / one[1]) * float(field.jump[-1])
    mean, most = abs(float(gap.mean())), float(gap.abs().max())
    agrees = abs(mean - finding.numbers["pixels"]) < 1e-3
    agrees &= abs(most - finding.numbers["at_border"]) < 0.02
    return Measured(f"{mean:.3f} px apart, {most:.3f} at the border", agrees)


def the_output_lies_off(network: Network, finding: Finding) -> Measured:
    wide, (_, answer) = _wide_finding(network, finding), network.wide_run
    step, start = _line(_middle_of(answer)[0])
    length = answer.shape[-1]
    scale, half = network.wide / length, network.wide / 2
    ends = [step * u + start + half - (u + 0.5) * scale + 0.5 for u in (0, length - 1)]
    mean, most = sum(ends) / 2, max(ends, key=abs)
    agrees = abs(mean - wide.numbers["pixels"]) < 1e-3
    agrees &= abs(most - wide.numbers["at_border"]) < 0.02
    return Measured(f"{mean:.3f} px off, {most:.3f} at the border", agrees)


# ------------------------------------------------------------------------------- the field


def _seen_by(network: Network, value: Tensor, picture: Tensor, unit: tuple[int, ...]) -> Tensor:
    """Which pixels a unit of a map sees."""
    total = value[(0, slice(None), *unit)].sum()
    [gradient] = torch.autograd.grad(total, picture, retain_graph=True)
    return gradient[0].amax(0) > 0


def _ends(value: Tensor) -> list[tuple[int, ...]]:
    size = value.shape[2:]
    return [(0,) * len(size), tuple(n // 2 for n in size), tuple(n - 1 for n in size)]


def _twin_of_picture(network: Network) -> tuple[Twin, Tensor, Tensor]:
    picture = torch.ones(1, *network.shape, dtype=torch.float64, requires_grad=True)
    twin = Twin()
    return twin, picture, network.run(picture, twin)


def what_layers_read_sees_the_whole_image(network: Network, finding: Finding) -> Measured:
    twin, picture, _ = _twin_of_picture(network)
    whole = 0
    for layer in finding.layers:
        [value] = network.call(twin, layer).maps
        whole += all(_seen_by(network, value, picture, u).all() for u in _ends(value)[::2])
    said = f"both corners see every pixel in {whole} of {len(finding.layers)} layers"
    return Measured(said, whole == len(finding.layers))


def levels_bring_in_no_pixel(network: Network, finding: Finding) -> Measured:
    twin, picture, _ = _twin_of_picture(network)
    ports = {skip.join: skip.port for skip in network.facts.skips}
    more = 0
    for join in finding.layers:
        maps = network.call(twin, join).maps
        skip = maps[ports[join]]
        for unit in _ends(skip):
            had = _seen_by(network, skip, picture, unit)
            for port, value in enumerate(maps):
                if port != ports[join]:
                    more += int((_seen_by(network, value, picture, unit) & ~had).sum())
    return Measured(f"{more} pixels more than the skip's", more == 0)


def all_of_the_output_depends_on_padding(network: Network, finding: Finding) -> Measured:
    dark = torch.zeros(1, *network.shape, dtype=torch.float64)
    with torch.no_grad():
        answer = network.run(dark, Twin(border=1.0))
    share = 100 * float((answer[0].amax(0) > 0).double().mean())
    return Measured(f"{share:.1f} % of units answer to padding", share == 100)


def a_tile_has_nothing_free_of_its_edges(network: Network, finding: Finding) -> Measured:
    numbers = finding.numbers
    counts = []
    for tile in (int(numbers["tile"]), int(numbers["least"])):
        around = -(-int(numbers["margin"]) // 64) * 64
        channels, *size = network.shape
        outside = torch.ones(1, channels, *size[:-1], tile + 2 * around, dtype=torch.float64)
        outside[..., around : around + tile] = 0
        with torch.no_grad():
            value = network.run(outside, Twin())[0].amax(0)
        while value.ndim > 1:
            value = value.amax(0)
        ratio = len(value) / outside.shape[-1]
        inner = value[round(around * ratio) : round((around + tile) * ratio)]
        counts.append(int((inner == 0).sum()))
    tile, least = counts
    said = f"{tile} of {numbers['tile']} free of the edges, {least} of {numbers['least']}"
    return Measured(said, tile == 0 and least > 0)


def the_field_has_holes(network: Network, finding: Finding) -> Measured:
    _, picture, answer = _twin_of_picture(network)
    seen = _seen_by(network, answer, picture, tuple(n // 2 for n in answer.shape[2:]))
    where = seen.nonzero()
    box = prod((where.amax(0) - where.amin(0) + 1).tolist())
    missing = 100 * (1 - len(where) / box)
    return Measured(
        f"{missing:.1f} % of its box unseen", abs(missing - finding.numbers["percent"]) < 0.1
    )


# ------------------------------------------------------------------------------- artefacts


def a_constant_map_comes_out_uneven(network: Network, finding: Finding) -> Measured:
    twin = Twin()
    with torch.no_grad():
        network.run(torch.ones(1, *network.shape, dtype=torch.float64), twin)
        ends = set()
        for layer in finding.layers:
            settings = network.call(twin, layer).settings
            weight = torch.ones_like(settings["weight"][:1, :1])
            axes = weight.ndim - 2
            stride, padding, extra, _, dilation = settings["rest"]
            constant = torch.ones(1, 1, *(24,) * axes, dtype=torch.float64)
            made = settings["func"](constant, weight, None, stride, padding, extra, 1, dilation)
            inner = made[(0, 0, *(slice(12, -12),) * axes)]
            ends.add((float(inner.min()), float(inner.max())))
    numbers = finding.numbers
    said = ", ".join(f"{least:g} to {most:g} times" for least, most in ends)
    [(least, most)] = ends if len(ends) == 1 else [(0, 0)]
    contrast = 100 * (most - least) / max(most + least, 1)
    agrees = (least, most) == (numbers["least"], numbers["most"])
    return Measured(said, agrees and abs(contrast - numbers["contrast_percent"]) < 0.1)


def pixels_of_a_map_are_read_by_nothing(network: Network, finding: Finding) -> Measured:
    twin, _, answer = _twin_of_picture(network)
    [value] = network.call(twin, finding.layers[1]).maps
    [gradient] = torch.autograd.grad(answer.sum(), value)
    share = 100 * float((gradient[0].amax(0) == 0).double().mean())
    return Measured(f"{share:.1f} % read by nothing", abs(share - finding.numbers["percent"]) < 0.5)


def rows_at_the_end_are_not_read(network: Network, finding: Finding) -> Measured:
    twin, *_ = _twin_of_picture(network)
    most = 0
    for layer in finding.layers:
        call = network.call(twin, layer)
        [gradient] = torch.autograd.grad(call.answer.sum(), call.maps[0], retain_graph=True)
        for axis in range(2, gradient.ndim):
            others = [at for at in range(gradient.ndim) if at != axis]
            read = gradient.sum(others) > 0
            most = max(most, len(read) - 1 - int(read.nonzero().max()))
    return Measured(f"{most} rows at the end unread", most == finding.numbers["rows"])


# ------------------------------------------------------------------------- shape and cost


@contextmanager
def _training(module: nn.Module) -> Iterator[None]:
    """Norms take their statistics from the batch; nothing is dropped."""
    module.train()
    for each in module.modules():
        if "Dropout" in type(each).__name__ or "DropPath" in type(each).__name__:
            each.eval()
    yield
    module.eval()


def a_bias_has_no_effect_in_training(network: Network, finding: Finding) -> Measured:
    module = copy.deepcopy(network.module)
    torch.manual_seed(0)
    picture = torch.randn(2, *network.shape, dtype=torch.float64)
    with _training(module), torch.no_grad():
        before = main_of(module(picture, **network.further))
        for layer in finding.layers:
            bias = module.get_submodule(layer).bias
            assert isinstance(bias, Tensor)
            bias += torch.randn_like(bias)
        after = main_of(module(picture, **network.further))
    gap = float((after - before).abs().max() / before.abs().max())
    return Measured(f"output differs by {gap:.0e} with other biases", gap < 1e-9)


def a_pair_is_linear(network: Network, finding: Finding) -> Measured:
    pairs = list(zip(finding.layers[::2], finding.layers[1::2], strict=True))
    worst = 0.0
    for first, second in pairs:
        worst = max(worst, _not_linear(network, first, second))
    return Measured(f"f(a + b) + f(0) − f(a) − f(b) is {worst:.0e} of f", worst < 1e-9)


def _not_linear(network: Network, first: str, second: str) -> float:
    module = network.module
    given: list[Tensor] = []
    answers: list[Tensor] = []
    picture = torch.randn(1, *network.shape, dtype=torch.float64)
    heads = (module.get_submodule(first), module.get_submodule(second))
    seen = heads[0].register_forward_pre_hook(lambda _, args: given.append(args[0]))
    with torch.no_grad():
        module(picture, **network.further)
    seen.remove()
    a, b = torch.randn(2, *given[0].shape, dtype=torch.float64)
    for value in (a + b, torch.zeros_like(a), a, b):
        into = heads[0].register_forward_pre_hook(lambda _, args, v=value: (v, *args[1:]))
        out = heads[1].register_forward_hook(lambda _, args, answer: answers.append(answer))
        with torch.no_grad():
            module(picture, **network.further)
        into.remove()
        out.remove()
    both, zero, one, other = answers
    return float((both + zero - one - other).abs().max() / both.abs().max())


def every_way_passes_the_bottleneck(network: Network, finding: Finding) -> Measured:
    [layer] = finding.layers
    numbers = finding.numbers
    if layer not in dict(network.module.named_modules()):
        return _through_call(network, finding)
    kept: list[Tensor] = []

    def fixed(_: nn.Module, args: Any, answer: Tensor) -> Tensor:
        kept.append(answer)
        return torch.zeros_like(answer)

    hook = network.module.get_submodule(layer).register_forward_hook(fixed)
    with torch.no_grad():
        answers = [
            main_of(network.module(torch.randn(1, *network.shape, dtype=torch.float64),
                                   **network.further))
            for _ in range(2)
        ]  # fmt: skip
    hook.remove()
    same = torch.equal(*answers)
    count = kept[0].numel()
    return Measured(f"{count} numbers; fixed, the output is {'fixed' if same else 'not'}",
                    same and count == numbers["values"])  # fmt: skip


def _through_call(network: Network, finding: Finding) -> Measured:
    """Of a layer that is no module: in the twin no gradient passes beside it."""
    twin, picture, answer = _twin_of_picture(network)
    call = network.call(twin, finding.layers[0])
    assert call.answer is not None
    [to_layer] = torch.autograd.grad(answer.sum(), call.answer, retain_graph=True)
    [whole] = torch.autograd.grad(answer.sum(), picture, retain_graph=True)
    [through] = torch.autograd.grad(call.answer, picture, to_layer)
    passed = torch.allclose(whole, through, rtol=1e-9)
    count = call.answer.numel()
    return Measured(f"{count} numbers; all of the gradient through it: {passed}",
                    passed and count == finding.numbers["values"])  # fmt: skip


def a_norm_has_one_value(network: Network, finding: Finding) -> Measured:
    twin, *_ = _twin_of_picture(network)
    sizes = [prod(network.call(twin, layer).maps[0].shape[2:]) for layer in finding.layers]
    refused = 0
    with _training(network.module), torch.no_grad():
        try:
            network.module(torch.randn(1, *network.shape, dtype=torch.float64), **network.further)
        except ValueError as error:
            refused = int("Expected more than 1 value" in str(error))
    said = f"{sizes} pixels; PyTorch {'refuses' if refused else 'trains'} with a batch of one"
    return Measured(said, set(sizes) == {1} and bool(refused))


def a_layer_has_most_of_something(network: Network, finding: Finding) -> Measured:
    [layer] = finding.layers
    twin, *_ = _twin_of_picture(network)
    said = []
    agrees = True
    for what, percent in finding.numbers.items():
        if what == "parameters_percent":
            own = sum(p.numel() for p in network.module.get_submodule(layer).parameters())
            share = 100 * own / sum(p.numel() for p in network.module.parameters())
        elif what == "macs_percent":
            costs = {id(c): _products(c) for c in twin.calls}
            share = 100 * costs[id(network.call(twin, layer))] / sum(costs.values())
        else:
            continue
        said.append(f"{share:.1f} % of {what.partition('_')[0]}")
        agrees &= abs(share - percent) < 0.6
    return Measured(", ".join(said), agrees)


def _products(call: Call) -> int:
    if "weight" not in call.settings or call.answer is None:
        return 0
    weight = call.settings["weight"]
    place = call.maps[0] if call.name == "transposed" else call.answer
    return weight.numel() * prod(place.shape[2:])


Experiment = Callable[[Network, Finding], Measured]
EXPERIMENTS: Mapping[str, Experiment] = {
    "join-misaligned": joined_maps_lie_apart,
    "centre-off": the_output_lies_off,
    "field-covers-image": what_layers_read_sees_the_whole_image,
    "level-adds-nothing": levels_bring_in_no_pixel,
    "padding-reaches-centre": all_of_the_output_depends_on_padding,
    "tile-below-margin": a_tile_has_nothing_free_of_its_edges,
    "dilation-gridding": the_field_has_holes,
    "uneven-overlap": a_constant_map_comes_out_uneven,
    "pixels-never-read": pixels_of_a_map_are_read_by_nothing,
    "size-drops-rows": rows_at_the_end_are_not_read,
    "bias-before-norm": a_bias_has_no_effect_in_training,
    "linear-pair": a_pair_is_linear,
    "narrow-bottleneck": every_way_passes_the_bottleneck,
    "norm-of-one-value": a_norm_has_one_value,
    "heavy-layer": a_layer_has_most_of_something,
}
