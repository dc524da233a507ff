"""The figure of an edited network is the one that it would get by itself."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.blueprints import BLUEPRINTS
from analysis.graph.shared_weights import with_weights_of
from analysis.operators import Convolution
from analysis.storage.document import Document
from tests.analysis.facts.test_after_edits import edited, graphs
from tests.viewer.session.test_arrangement import NOTHING, scoped
from viewer.canvas.scene import CanvasScene
from viewer.drawing.network.figure import figure
from viewer.drawing.network.incremental_figure import IncrementalFigure
from viewer.session import Session
from viewer.session.arrangement import Arrangement, arranged

UNET = BLUEPRINTS["unet"].build({"depth": 2, "base": 4})
WIDER = Convolution(8, (5, 5), padding=((2, 2), (2, 2)))


def built(builder: IncrementalFigure, now: Arrangement):
    return builder.build(now.blocks, now.facts, now.placement)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_figures_after_random_edits(qapp, data):
    now = arranged(Document(graph=data.draw(scoped(data.draw(graphs())))), False, NOTHING)
    builder = IncrementalFigure()
    built(builder, now)
    for _ in range(data.draw(st.integers(1, 5))):
        document = Document(graph=data.draw(edited(now.document.graph)))
        now = arranged(document, False, NOTHING, now)
        assert built(builder, now) == figure(now.blocks, now.facts, now.placement)


def test_another_kernel_leaves_the_very_figure_and_more_channels_all_other_blocks(qapp):
    builder = IncrementalFigure()
    now = arranged(Document(graph=UNET), False, NOTHING)
    first = built(builder, now)
    now = arranged(Document(graph=UNET.with_operator("enc2.conv1", WIDER)), False, NOTHING, now)
    assert built(builder, now) is first
    channels = replace(WIDER, channels=9)
    document = Document(graph=UNET.with_operators({"enc2.conv2": channels}))
    now = arranged(document, False, NOTHING, now)
    other = built(builder, now)
    assert other.nodes["enc2"].size != first.nodes["enc2"].size
    assert other == figure(now.blocks, now.facts, now.placement)


def test_marks_of_shared_weights_follow_edits_of_other_blocks(qapp):
    builder = IncrementalFigure()
    now = arranged(Document(graph=UNET), False, NOTHING)
    built(builder, now)
    inside = with_weights_of(UNET, "enc1.norm2", "enc1.norm1")
    for graph, shown in (
        (inside, ("", None)),
        (with_weights_of(inside, "dec1.norm2", "enc1.norm1"), ("A", "A")),
        (UNET, (None, None)),
    ):
        now = arranged(Document(graph=graph), False, NOTHING, now)
        found = built(builder, now)
        assert (found.nodes["enc1"].shared, found.nodes["dec1"].shared) == shown
        assert found == figure(now.blocks, now.facts, now.placement)


def test_the_canvas_after_edits_is_that_of_the_document_opened_afresh(qapp):
    session = Session(Document(graph=UNET))
    scene = CanvasScene(session)
    scene.content(1.0)
    graph = UNET
    for name, operator in (
        ("enc2.conv1", WIDER),
        ("enc1.conv2", replace(WIDER, channels=16)),
        ("bottleneck.conv2", replace(WIDER, channels=3)),
        ("enc1.conv1", Convolution(4, (200, 200))),
    ):
        graph = graph.with_operator(name, operator)
        session.edit("an edit", Document(graph=graph))
        fresh = CanvasScene(Session(Document(graph=graph)))
        assert scene.figure == fresh.figure
        assert scene.edges.states == fresh.edges.states
        for zoom in (1.0, 0.3):
            assert scene.content(zoom) == fresh.content(zoom)
        for block, item in scene.items_by_id.items():
            assert item.picture == fresh.items_by_id[block].picture
            assert item.state == fresh.items_by_id[block].state
            assert item.boundingRect() == fresh.items_by_id[block].boundingRect()
