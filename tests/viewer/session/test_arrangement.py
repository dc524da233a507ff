"""Blocks and places kept over an edit are those that the edited network would get by itself."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.blueprints import BLUEPRINTS
from analysis.graph import Graph
from analysis.operators import Convolution
from analysis.storage.document import Document
from tests.analysis.facts.test_after_edits import edited, graphs
from viewer.session.arrangement import Arrangement, arranged

NOTHING: frozenset[str] = frozenset()


def check(now: Arrangement) -> None:
    alone = arranged(now.document, now.strict, now.expanded, None, now.collapsed)
    for name in ("blocks", "placement", "block_of", "output_of", "wires"):
        assert getattr(now, name) == getattr(alone, name), name


@st.composite
def scoped(draw: st.DrawFn, graph: Graph) -> Graph:
    scopes = st.sampled_from(("", "", "enc1", "enc2", "dec1", "enc1/a"))
    return Graph(tuple(replace(node, scope=draw(scopes)) for node in graph.nodes))


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_blocks_and_places_after_random_edits(data):
    graph = data.draw(scoped(data.draw(graphs())))
    now = arranged(Document(graph=graph), False, NOTHING)
    for _ in range(data.draw(st.integers(1, 5))):
        graph = data.draw(edited(now.document.graph))
        if data.draw(st.booleans()):
            graph = data.draw(scoped(graph))
        now = arranged(Document(graph=graph), False, NOTHING, now)
        check(now)


def test_another_kernel_keeps_every_block_and_a_stride_does_not():
    graph = BLUEPRINTS["unet"].build({"depth": 2, "base": 4})
    before = arranged(Document(graph=graph), False, NOTHING)
    wider = Convolution(8, (5, 5), padding=((2, 2), (2, 2)))
    after = arranged(
        Document(graph=graph.with_operator("enc2.conv1", wider)), False, NOTHING, before
    )
    assert after.blocks is before.blocks
    assert after.placement is before.placement
    assert after.facts.fields["output"] != before.facts.fields["output"]
    strided = replace(wider, stride=(2, 2))
    other = Document(graph=graph.with_operator("enc2.conv1", strided))
    assert arranged(other, False, NOTHING, after).placement != before.placement


def test_a_convolution_of_its_own_is_drawn_anew_where_it_becomes_a_sign_on_a_wire():
    graph = BLUEPRINTS["plain_chain"].build({})
    names = [node.id for node in graph.nodes if node.operator.key == "conv"]
    now = arranged(Document(graph=graph), False, NOTHING)
    for name in names:
        operator = replace(graph[name].operator, kernel=(1, 1), padding=((0, 0), (0, 0)))
        now = arranged(
            Document(graph=now.document.graph.with_operator(name, operator)), False, NOTHING, now
        )
        check(now)


def test_another_input_size_and_a_few_more_channels_keep_every_place_and_many_do_not():
    unet = BLUEPRINTS["unet"]
    now = arranged(Document(graph=unet.build({"depth": 3, "base": 16, "size": 64})), False, NOTHING)
    first = now.placement
    now = arranged(
        Document(graph=unet.build({"depth": 3, "base": 17, "size": 128})), False, NOTHING, now
    )
    assert now.placement is first
    check(now)
    now = arranged(
        Document(graph=unet.build({"depth": 3, "base": 64, "size": 128})), False, NOTHING, now
    )
    assert now.placement != first
    check(now)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_blocks_and_places_after_other_settings_of_a_blueprint(data):
    unet, now = BLUEPRINTS["unet"], None
    for _ in range(4):
        chosen = {
            "depth": data.draw(st.integers(2, 3)),
            "base": data.draw(st.sampled_from((8, 15, 16, 17, 40))),
            "size": data.draw(st.sampled_from((32, 64, 72))),
            "kernel": data.draw(st.sampled_from((1, 3, 5))),
        }
        document = Document(graph=unet.build(unet.complete(chosen)))
        now = arranged(document, False, NOTHING, now)
        check(now)


def test_a_clash_gets_the_room_for_what_is_said_of_it():
    graph = BLUEPRINTS["unet"].build({"depth": 2, "base": 4, "size": 64})
    now = arranged(Document(graph=graph), False, NOTHING)
    for name in ("enc1.conv1", "enc2.conv1", "bottleneck.conv1"):
        bare = replace(graph[name].operator, padding=((0, 0), (0, 0)))
        clash = arranged(Document(graph=graph.with_operator(name, bare)), False, NOTHING, now)
        assert clash.facts.shapes.keys() != now.facts.shapes.keys()
        check(clash)
        check(arranged(Document(graph=graph), False, NOTHING, clash))
