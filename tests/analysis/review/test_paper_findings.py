"""Findings on networks written from their papers, each held against an experiment in torch."""

from __future__ import annotations

import pytest
import torch

from analysis.facts import Facts, analyse
from analysis.operators import Convolution, Pad
from analysis.review import Finding, Subject, review
from tests.analysis.review import public_experiments as public
from tests.analysis.review.positive_network import places, seen
from tests.analysis.review.public_experiments import WIDE, Experiment
from tests.data.models.paper_networks import PAPERS
from tests.data.models.traced import traced_module

KNOWN: dict[str, set[str]] = {
    "bilinear U-Net": {"join-misaligned", "padding-reaches-centre"},
    "ERFNet": {"join-misaligned", "uneven-overlap", "bias-before-norm", "field-covers-image",
               "tile-below-margin", "padding-reaches-centre", "narrow-bottleneck"},
    "CycleGAN generator": {"uneven-overlap", "bias-before-norm", "tile-below-margin",
                           "padding-reaches-centre", "narrow-bottleneck"},
    "DeepLabv3+": {"centre-off", "join-misaligned", "tile-below-margin", "padding-reaches-centre",
                   "narrow-bottleneck"},
    "feature pyramid": {"centre-off", "join-misaligned", "field-covers-image",
                        "level-adds-nothing", "tile-below-margin", "padding-reaches-centre"},
    "hourglass": {"tile-below-margin", "padding-reaches-centre"},
    "rates 2, 2, 2": {"dilation-gridding"},
    "rates 1, 2, 5": set(),
    "HRNet fusion": {"centre-off", "join-misaligned"},
    "even kernels": {"centre-off", "padding-asymmetric", "activation-after-head"},
    "pooled 72": {"centre-off", "size-drops-rows"},
    "looking back": set(),
}  # fmt: skip
"""The codes of what is found, and no other."""


@pytest.mark.parametrize("name", PAPERS)
def test_what_is_found_is_true_and_nothing_else_is_found(name: str) -> None:
    facts = analyse(traced_module(*PAPERS[name]))
    findings = review(Subject(facts)).findings
    assert {each.code for each in findings} == KNOWN[name]
    for finding in findings:
        EXPERIMENTS[finding.code](facts, finding)


@pytest.mark.parametrize("name", ["DeepLabv3+", "feature pyramid", "HRNet fusion", "even kernels"])
def test_one_repair_puts_these_in_place(name: str) -> None:
    graph = traced_module(*PAPERS[name])
    [off] = [each for each in review(Subject(analyse(graph))).findings if each.code == "centre-off"]
    assert off.mend is not None
    better = off.mend.applied(graph)
    assert better is not None
    codes = {each.code for each in review(Subject(analyse(better))).findings}
    assert not codes & {"centre-off", "join-misaligned", "padding-asymmetric"}


# ------------------------------------------------------------------------------- experiments


def joined_maps_lie_apart(facts: Facts, finding: Finding) -> None:
    if finding.numbers["pixels"]:
        # Rows at the border weigh the ways into an earlier join a little unlike.
        public.joined_maps_lie_apart(facts, finding, within=1e-2)
        return
    # Aligned corners: they drift evenly from one border to the other.
    _, *maps = finding.layers
    wide = public.wider(facts.graph, WIDE)
    found = places(wide.graph, wide.shapes, maps, public.cut_below(wide))
    one, other = (found[name] for name in maps)
    units = torch.arange(len(one), dtype=torch.float64)
    drift = finding.numbers["at_border"] * (2 * units / (len(one) - 1) - 1)
    inner = slice(len(one) // 8, -len(one) // 8)
    apart = (other - one)[inner].abs()
    smooth = torch.nn.functional.avg_pool1d((apart - drift[inner].abs())[None, None], 16)
    assert float(smooth.abs().max()) < 0.1


def the_output_lies_off(facts: Facts, finding: Finding) -> None:
    if "drop_pixels" not in finding.numbers:
        public.the_output_lies_off(facts, finding)
        return
    [layer] = finding.layers
    found = places(facts.graph, facts.shapes, [layer])[layer]
    width = facts.shapes["input"][2]
    off = float(found.mean()) - (width - 1) / 2
    assert off == pytest.approx(finding.numbers["pixels"], abs=0.05)


def the_field_has_holes(facts: Facts, finding: Finding) -> None:
    layer = finding.layers[-1]
    height, width = facts.shapes[layer][1:]
    [lit] = seen(facts.graph, facts.shapes, layer, [(height // 2, width // 2)])
    rows, columns = lit.any(1).nonzero(), lit.any(0).nonzero()
    box = lit[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    missing = 100 * float((~box).double().mean())
    assert missing == pytest.approx(finding.numbers["percent"], abs=0.05)


def the_last_rows_get_no_gradient(facts: Facts, finding: Finding) -> None:
    for layer in finding.layers:
        assert _unread_rows(facts, layer) > 0
    assert max(_unread_rows(facts, layer) for layer in finding.layers) == finding.numbers["rows"]
    assert finding.mend is not None
    better = finding.mend.applied(facts.graph)
    assert better is not None
    other = analyse(better)
    assert all(_unread_rows(other, node.id) == 0 for node in better.nodes if _slides(other, node))


def _slides(facts: Facts, node: object) -> bool:
    return getattr(getattr(node, "operator", None), "key", "") in ("convolution", "max_pool")


def _unread_rows(facts: Facts, layer: str) -> int:
    node = facts.graph[layer]
    given = [facts.shapes[source] for source in node.inputs]
    value = torch.rand(1, *given[0], dtype=torch.float64, requires_grad=True)
    weights = {
        name: torch.ones(shape, dtype=torch.float64)
        for name, shape in node.operator.parameters(tuple(given)).items()
    }
    node.operator.apply([value], weights).sum().backward()
    assert value.grad is not None
    read = value.grad[0].abs().sum((0, 2)) > 0
    return len(read) - 1 - int(read.nonzero().max())


def each_map_moves_by_its_padding(facts: Facts, finding: Finding) -> None:
    moved = []
    for layer in finding.layers:
        node = facts.graph[layer]
        operator, before = node.operator, facts.graph[node.inputs[0]]
        assert isinstance(operator, Convolution)
        pad = before.operator if isinstance(before.operator, Pad) else None
        impulses = torch.eye(32, dtype=torch.float64)[:, None, None]
        alone = Convolution(1, (1, operator.kernel[1]), padding=((0, 0), operator.padding[1]))
        if pad is not None:
            impulses = torch.nn.functional.pad(impulses, (pad.before[1], pad.after[1]))
        weights = {"weight": torch.ones(1, 1, 1, operator.kernel[1], dtype=torch.float64),
                   "bias": torch.zeros(1, dtype=torch.float64)}  # fmt: skip
        answer = alone.apply([impulses], weights)[:, 0, 0]  # (pixel, unit)
        unit = answer[:, 16]
        centre = float((unit * torch.arange(32)).sum() / unit.sum())
        jump = facts.fields[node.inputs[0]].jump
        assert jump is not None
        moved.append(abs(centre - 16) * float(jump[1]))
    assert max(moved) == pytest.approx(finding.numbers["pixels"])


def the_answer_stays_in_its_range(facts: Facts, finding: Finding) -> None:
    head, before = (facts.graph[name].operator for name in finding.layers)
    ramp = torch.linspace(-60, 60, 4001, dtype=torch.float64).reshape(1, 1, 1, -1)
    answer = head.apply([before.apply([ramp], {})], {})
    assert float(answer.min()) == pytest.approx(finding.numbers["least"], abs=1e-3)
    assert float(answer.max()) == pytest.approx(finding.numbers["most"], abs=1e-3)


EXPERIMENTS: dict[str, Experiment] = {
    **public.EXPERIMENTS,
    "join-misaligned": joined_maps_lie_apart,
    "centre-off": the_output_lies_off,
    "dilation-gridding": the_field_has_holes,
    "size-drops-rows": the_last_rows_get_no_gradient,
    "padding-asymmetric": each_map_moves_by_its_padding,
    "activation-after-head": the_answer_stays_in_its_range,
}
