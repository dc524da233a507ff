"""The review as a whole: every code has its place, faults stop nothing, public networks are few."""

from __future__ import annotations

import subprocess
import sys

import pytest

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.operators import Concatenate, Convolution, Input, Opaque, Output, Upsample
from analysis.review import SEVERITIES, Finding, Subject, review
from analysis.review.rules import RULES
from tests.analysis.review.experiment import chain, reviewed
from tests.data.models.encoder_decoders import NETWORKS
from tests.data.models.traced import traced

PUBLIC = {
    "unet": (),
    "symmetric_denoiser": (),
    "plain_chain": (),
    "unet_plus_plus": (),
    "attention_unet": (),
    "red_net": ("uneven-overlap",),
    "linknet": (
        "centre-off", "uneven-overlap", "tile-below-margin", "padding-reaches-centre",
        "narrow-bottleneck",
    ),
    "residual_unet": ("join-misaligned",) * 3 + ("bias-before-norm",),
    "resnet": (),
    "vgg": ("heavy-layer",),
}  # fmt: skip
"""What is remarked of the blueprints as they come: each checked by hand."""


@pytest.mark.parametrize("name", PUBLIC)
def test_the_list_of_a_public_network_is_short_and_known(name: str) -> None:
    graph = BLUEPRINTS[name].build({})
    assert sorted(each.code for each in reviewed(graph).findings) == sorted(PUBLIC[name])


@pytest.mark.parametrize("first", ["alignment.even_strides", "design.linear_pair", "rules"])
def test_rules_have_one_order_whatever_is_imported_first(first: str) -> None:
    lines = (
        f"import analysis.review.{first}",
        "from analysis.review.rules import ORDER, RULES",
        "print(list(RULES) == list(ORDER))",
    )
    said = subprocess.check_output([sys.executable, "-c", "\n".join(lines)], text=True)
    assert said.strip() == "True"


@pytest.mark.parametrize("name", BLUEPRINTS)
def test_every_rule_is_tried_or_says_why_not(name: str) -> None:
    answer = reviewed(BLUEPRINTS[name].build({}))
    assert set(answer.tried) | set(answer.not_tried) == set(RULES)
    assert not set(answer.tried) & set(answer.not_tried)
    ranks = [SEVERITIES.index(each.severity) for each in answer.findings]
    assert ranks == sorted(ranks, reverse=True)


@pytest.mark.parametrize("name", sorted(set(NETWORKS) - {"pix2pix", "vgg"}))
def test_networks_as_people_write_them_are_reviewed(name: str) -> None:
    graph = traced(name)
    answer = reviewed(graph)
    for each in answer.findings:
        assert all(layer in graph for layer in each.layers)
        if each.mend is not None:
            changed = each.mend.applied(graph)
            assert changed is not None
            after = review(Subject(analyse(changed)))
            assert each not in after.findings
            new = {a.code for a in after.findings if a.severity != "note"}
            assert new <= {b.code for b in answer.findings}
            assert len(after.findings) <= len(answer.findings)


def test_a_graph_with_faults_is_reviewed_as_far_as_it_goes() -> None:
    nodes = [
        Node("input", Input(3, (63, 64))),
        Node("conv", Convolution(8, padding=((1, 1),) * 2), ("input",)),
        Node("up", Upsample((2.0, 2.0)), ("conv",)),
        Node("join", Concatenate(), ("conv", "up")),
        Node("output", Output(), ("join",)),
    ]
    answer = reviewed(Graph.of(nodes))
    assert answer.not_tried["tile-below-margin"].code == "no-shape"
    assert "uneven-overlap" in answer.tried


def test_an_empty_graph_has_no_findings() -> None:
    assert not reviewed(Graph()).findings


def test_an_operator_that_nobody_can_read_is_not_judged() -> None:
    unknown = Opaque("aten.secret", (1, 32))
    graph = chain(Convolution(1, (3,), padding=((1, 1),)), unknown)
    answer = reviewed(graph)
    assert answer.not_tried["centre-off"].code in ("cannot-follow", "no-shape")
    [refused] = answer.findings  # it is not run, which is no judgement of what it does
    assert (refused.code, refused.layers) == ("cannot-run", ("l2",))


def test_a_review_that_is_stopped_has_what_it_found() -> None:
    answer = review(Subject(analyse(chain())), stopped=lambda: True)
    assert answer.tried == ()


def test_what_is_ignored_is_remembered_by_rule_and_layers() -> None:
    one = Finding("heavy-layer", "note", ("a",), {"macs_percent": 60.0})
    assert one.key == Finding("heavy-layer", "note", ("a",), {"macs_percent": 61.0}).key
    assert one.key != Finding("heavy-layer", "note", ("b",), one.numbers).key


def test_five_levels_at_a_small_size_say_so() -> None:
    name, settings = parse("unet:depth=5,base=4,size=64")
    codes = {each.code for each in reviewed(BLUEPRINTS[name].build(settings)).findings}
    assert "padding-reaches-centre" in codes
    assert "tile-below-margin" in codes
