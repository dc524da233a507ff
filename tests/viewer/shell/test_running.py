"""The picture runs on: through edits, undo, an engine that is killed, results that come late."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from analysis.blueprints import BLUEPRINTS
from analysis.faults import Fault
from analysis.graph import Graph
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.runs import Noise
from analysis.storage.blobs import BlobRef
from analysis.storage.document import Document
from tests.viewer.networks import document_of
from viewer.engine.process import EngineProcess
from viewer.session.edits import blocks
from viewer.session.view_state import ViewState
from viewer.workspaces.live.feature_maps.panel import FeatureMapsPanel
from viewer.workspaces.live.image.speed import SpeedLine


def rebuilt(document, **settings: object):
    chosen = BLUEPRINTS["unet"].complete({**document.blueprint[1], **settings})
    return replace(
        document, graph=BLUEPRINTS["unet"].build(chosen), blueprint=("unet", chosen), gates={}
    )


def test_every_edit_runs_and_undoes_and_comes_back(desk):
    session = desk.session
    documents = [session.document]

    def step(label, document) -> None:
        session.edit(label, document)
        documents.append(session.document)
        desk.wait_frame()

    step("base", rebuilt(session.document, base=8))
    step("deeper", rebuilt(session.document, depth=3))
    step("gate", replace(session.document, gates={"skip3": 0.0}))
    blocks.move_blocks(session, {"enc2": (5.0, 500.0)})
    documents.append(session.document)
    step("off", replace(session.document, off="noise"))
    session.edit("picture", replace(session.document, image=None, title="x"))
    documents.append(session.document)
    for wanted in reversed(documents[:-1]):
        desk.do("undo")
        assert session.document == wanted
        assert session.facts.graph == session.document.graph
    assert not desk.window.commands.actions["undo"].isEnabled()
    desk.wait_frame()
    for wanted in documents[1:]:
        desk.do("redo")
        assert session.document == wanted
    assert not desk.window.commands.actions["redo"].isEnabled()


def test_a_gate_dragged_on_the_canvas_changes_the_output_in_one_step(desk):
    before = desk.wait_frame().output_image.copy()
    canvas = desk.window.canvas
    edge = next(e for e in canvas.scene_of_network.figure.edges if e.skip == "skip1")
    at = canvas.to_viewport(edge.gate(1.0 / min(canvas.zoom, 1.6))).toPoint()
    port = canvas.viewport()
    desk.qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=at)
    for down in range(10, 101, 10):
        desk.qtbot.mouseMove(port, at + QPoint(0, down))
    desk.qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=at + QPoint(0, 100))
    assert desk.session.document.gates == {"skip1": 0.0}
    frame = desk.wait_frame()
    assert (frame.output_image != before).any()
    desk.do("undo")
    assert desk.session.document.gates == {}
    assert (desk.wait_frame().output_image == before).all()


def test_frames_only_go_forward_while_much_changes(desk):
    seen: list[int] = []
    desk.session.frameReady.connect(record := lambda frame: seen.append(frame.revision))
    for step in range(40):
        desk.edit(gates={"skip1": step / 40})
        desk.qtbot.wait(0)
    last = desk.wait_frame()
    desk.session.frameReady.disconnect(record)
    assert seen == sorted(set(seen))
    assert seen[-1] == last.revision


def test_a_result_of_an_older_graph_is_not_shown(desk):
    old = desk.wait_frame()
    desk.session.edit("deeper", rebuilt(desk.session.document, depth=3))
    desk.engine._deliver(replace(old))
    assert desk.session.frame is old
    assert desk.wait_frame().structure == desk.session.document.graph.structure_hash


def test_an_older_result_is_not_shown_over_a_newer_one(desk):
    old = desk.wait_frame()
    desk.edit(gates={"skip1": 0.0})
    new = desk.wait_frame()
    desk.engine._deliver(old)
    assert desk.session.frame is new


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_the_picture_runs_on_after_the_engine_was_killed(open_desk, qapp, qtbot):
    engine = EngineProcess("cpu")
    engine.start()
    try:
        desk = open_desk(process=engine)
        desk.edit(gates={"skip1": 0.0})
        first = desk.wait_frame()
        document = desk.session.document
        os.kill(engine.pid, signal.SIGKILL)
        desk.wait(lambda: desk.session.live.engine == "loading")
        desk.edit(gates={"skip1": 0.0, "skip2": 0.5})  # work goes on meanwhile
        desk.wait(lambda: desk.session.live.engine == "ready")
        desk.do("undo")
        frame = desk.wait_frame()
        assert desk.session.document == document
        assert (frame.output_image == first.output_image).all()
        desk.session.history.setClean()
        desk.window.close()
    finally:
        engine.close()


def test_what_does_not_run_is_said_and_the_next_edit_mends_it(desk):
    graph: Graph = desk.session.document.graph
    good = desk.session.document
    wide = replace(graph["dec1.conv1"].operator, groups=3)
    desk.session.edit("clash", replace(good, graph=graph.with_operator("dec1.conv1", wide)))
    assert desk.session.facts.problems
    desk.window.session.set_view(workspace="build")
    assert "problem" in desk.window.status.right.text()
    desk.do("undo")
    assert not desk.session.facts.problems
    desk.wait_frame()


def test_where_nothing_runs_no_picture_of_the_former_image_is_left(desk, tmp_path, two_colours):
    good = desk.session.document
    graph: Graph = good.graph
    empty = replace(graph["input"].operator, channels=0)
    desk.session.edit("clash", replace(good, graph=graph.with_operator("input", empty)))
    frame = desk.session.frame
    assert frame is not None
    assert desk.session.frame_now is frame  # of the image that is open: maps stay
    file = tmp_path / "second.png"
    two_colours(32, 96).save(file)
    desk.drop(file)
    desk.wait(lambda: desk.session.document.image != good.image)
    assert desk.session.frame_now is None
    assert desk.window.top.chip.icon().isNull()
    desk.do("undo")
    assert desk.session.frame_now is frame
    desk.do("undo")
    assert (abs(desk.painted("input", ((0.25, 0.5),))[0] - 90) < 12).all()
    assert desk.session.frame_now is frame  # a sound network keeps its maps until others come
    desk.wait_frame()


def test_beside_a_clash_all_goes_on_and_behind_it_no_map_stays(desk):
    graph: Graph = desk.session.document.graph
    wide = replace(graph["dec1.conv1"].operator, groups=3)
    desk.edit(graph=graph.with_operator("dec1.conv1", wide))
    stopped = desk.wait_frame()
    assert desk.session.facts.stopped_by == ("dec1.conv1",)
    assert desk.session.frame_now is stopped
    assert stopped.output_image is None
    before = stopped.thumbnails["enc1.act2"].pixels.copy()
    desk.session.set_live(noise=replace(desk.session.live.noise, kind="gaussian", sigma=60))
    noisy = desk.wait_frame()
    assert (noisy.thumbnails["enc1.act2"].pixels != before).any()
    assert not {"dec1.act2", "output"} & noisy.thumbnails.keys()
    desk.session.set_view(selection="enc1")
    assert desk.wait_frame().mosaic.node == "enc1.act2"
    desk.session.edit("mend", replace(desk.session.document, graph=graph))
    assert desk.wait_frame().output_image is not None


def test_of_an_opened_network_with_a_clash_its_own_part_is_shown(open_desk, unet):
    desk = open_desk(view=ViewState(workspace="live"))
    desk.wait(lambda: desk.session.measured_now)
    window, image = desk.window, desk.session.document.image
    panels = {type(panel).__name__: panel for panel in window.findChildren(QWidget)}
    image_panel, skips = panels["ImagePanel"], panels["SkipsPanel"]
    assert image_panel.speed.parts.isVisible()
    assert "forward" in window.status.device.text()
    graph: Graph = unet(base=6).graph
    clash = replace(graph["dec1.conv1"].operator, groups=5)
    other = Document(graph=graph.with_operator("dec1.conv1", clash), image=image, title="Other")
    with_map = desk.painted("output", ((0.25, 0.5), (0.75, 0.5)))
    desk.session.open(other, desk.session.view)
    assert desk.session.facts.stopped_by
    part = desk.wait_frame()
    assert desk.session.frame_now is part
    assert part.structure == other.graph.structure_hash
    assert part.thumbnails["enc1.act2"].channels == 6
    of_part = f": {part.computed} of {len(other.graph)} layers "
    assert 0 < part.computed < len(other.graph)
    assert of_part in image_panel.speed.parts.text()
    stays = replace(other, graph=other.graph.with_operator("dec1.conv1", replace(clash, groups=7)))
    desk.session.edit("another clash", stays)
    assert image_panel.speed.parts.isVisible()
    assert of_part in image_panel.speed.parts.text()
    desk.wait_frame()
    empty = desk.painted("output", ((0.25, 0.5), (0.75, 0.5)))
    assert (empty[0] == empty[1]).all()
    assert not (with_map[0] == empty[0]).all()
    assert skips.certainty.text() == ""
    assert window.status.left.text().startswith("No output: ")
    mended = desk.session.document.graph.with_operator("dec1.conv1", graph["dec1.conv1"].operator)
    desk.edit(graph=mended)
    frame = desk.wait_frame()
    assert desk.session.frame_now is frame
    assert image_panel.speed.parts.isVisible()
    assert ": layers " in image_panel.speed.parts.text()


@pytest.mark.parametrize("clashes", [True, False])
@pytest.mark.parametrize("image", [None, BlobRef("0" * 64, "gone.png")])
def test_of_an_opened_network_without_an_image_no_map_of_the_former_stays(
    open_desk, unet, image, clashes
):
    desk = open_desk(view=ViewState(workspace="live"))
    maps = desk.window.findChild(FeatureMapsPanel)
    assert maps.pages.currentIndex() == 0
    graph: Graph = unet(base=6).graph
    if clashes:
        wide = replace(graph["dec1.conv1"].operator, groups=5)
        graph = graph.with_operator("dec1.conv1", wide)
    with_map = desk.painted("enc1", ((0.1, 0.2), (0.9, 0.2)))
    desk.session.open(Document(graph=graph, image=image, title="Other"), desk.session.view)
    assert desk.session.facts.can_begin
    desk.wait(lambda: not desk.window.loop._is_due)
    assert desk.session.frame_now is None
    assert not desk.session.frame_is_behind
    assert maps.pages.currentIndex() == 1
    empty = desk.painted("enc1", ((0.1, 0.2), (0.9, 0.2)))
    assert (empty[0] == empty[1]).all()
    assert not (with_map[0] == empty[0]).all()
    assert desk.window.status.device.text() == "Device"
    assert not desk.window.findChild(SpeedLine).parts.isVisible()


def test_a_new_net_has_its_picture_and_starts_afresh(desk):
    before = desk.session.document
    desk.do("new")
    assert desk.session.view.workspace == "build"
    assert desk.session.document.image == before.image
    desk.wait_frame()
    assert not desk.session.history.canUndo()
    assert not desk.window.saver.unsaved


def test_the_sample_denoiser_takes_noise_away(desk):
    desk.do("sample")
    desk.session.set_live(noise=replace(desk.session.live.noise, kind="gaussian", sigma=25, seed=1))
    frame = desk.wait_frame()
    assert frame.psnr_out > frame.psnr_in + 4


def test_an_engines_error_goes_with_the_next_good_picture_and_another_sentence_stays(desk):
    desk.wait_frame()
    good = desk.session.document
    desk.edit(image=replace(good.image, hash="0" * 64))
    failure = EngineFailure(Fault("engine-error", ("RuntimeError",)), slot=desk.window.loop._slot)
    desk.engine.failed.emit(failure)
    assert "error of its own" in desk.said
    desk.session.edit("mended", replace(good, gates={"skip1": 0.5}))
    desk.wait_frame()
    assert desk.said == ""
    desk.engine.failed.emit(failure)
    desk.session.notifications.post("The file is gone.")
    desk.edit(gates={"skip1": 0.25})
    desk.wait_frame()
    assert desk.said == "The file is gone."


def test_a_network_larger_than_the_memory_is_refused_in_a_sentence(desk):
    """Its weights alone are tens of gigabytes: the estimate says so before any is made."""
    image = desk.session.document.image
    desk.session.edit("huge", document_of("unet:depth=7,base=512,size=256", image=image))
    desk.wait(lambda: "GB" in (desk.said or ""))
    assert "memory" in desk.said
    assert desk.session.live.engine == "failed"
    desk.do("undo")
    desk.wait_frame()  # the engine lives and runs what fits


def test_a_frame_changes_the_picture_of_the_chip_and_makes_no_new_icon(desk):
    """Qt keeps every size of every icon that is made of a pixmap in its cache."""
    desk.session.set_view(workspace="live")
    desk.wait_frame()
    chip = desk.window.top.chip
    key, before = chip.icon().cacheKey(), chip.icon().pixmap(20, 20).toImage()
    desk.session.set_live(noise=Noise("gaussian", 120.0, 3))
    desk.wait_frame()
    assert chip.icon().cacheKey() == key
    assert chip.icon().pixmap(20, 20).toImage() != before
