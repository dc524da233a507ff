"""Requests in, frames out: what is computed again, what is held, what is refused."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.inference.engine import Engine
from analysis.inference.inbox import Inbox
from analysis.inference.memory import available_bytes, estimate_bytes
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.full_size import FullSizeRequest
from analysis.inference.protocol.images import Decoded, ImageFacts, ImageSource
from analysis.inference.protocol.layer_channels import LayerChannels, LayerChannelsRequest
from analysis.inference.protocol.measures import Measured, MeasureRequest
from analysis.inference.protocol.runs import Frame, Noise, RunRequest
from analysis.inference.protocol.ungated import UngatedRequest
from analysis.inference.transport import Parcel, Ring, fits, lay, loose, pack, unpack
from analysis.network import weights
from analysis.operators import Flatten, Input, Linear, Output
from analysis.storage.image_reading import ImageReading


def build(name: str = "unet", **given: object) -> Graph:
    blueprint = BLUEPRINTS[name]
    return blueprint.build(blueprint.complete({"depth": 2, "base": 4, "size": 48, **given}))


def request(revision: int = 1, graph: Graph | None = None, **changes: object) -> RunRequest:
    graph = graph or build()
    pixels = np.random.default_rng(0).integers(0, 256, (60, 48, 3), dtype=np.uint8)
    made = RunRequest(
        revision,
        "slot",
        graph.structure_hash,
        graph,
        ImageSource("random", None, pixels),
        noise=Noise("gaussian", 25, 1),
        taps={"enc1.act2": 24, "dec1.act2": 24},
        selected="enc2.act1",
    )
    return replace(made, **changes)


@pytest.fixture
def engine() -> Engine:
    return Engine("cpu", threads=1)


def frame(engine: Engine, wanted: RunRequest) -> Frame:
    answer = engine.answer(wanted)
    assert isinstance(answer, Frame), getattr(answer, "details", answer)
    return answer


def failure(engine: Engine, wanted: RunRequest) -> EngineFailure:
    answer = engine.answer(wanted)
    assert isinstance(answer, EngineFailure)
    return answer


def test_a_frame_has_all_that_was_asked_for(engine: Engine) -> None:
    made = frame(engine, request())
    assert made.clean.shape == made.input_image.shape == (48, 48)
    assert made.output_image is not None
    assert made.output_image.shape == (48, 48)
    assert set(made.thumbnails) == {"enc1.act2", "dec1.act2"}
    assert made.mosaic is not None
    assert made.mosaic.channels == 8
    assert made.psnr_in == pytest.approx(20.5, abs=1)
    assert "enc1.conv1" in made.untrained
    assert made.fit.original == (60, 48)


def test_only_what_changed_is_computed(engine: Engine) -> None:
    graph = build()
    assert frame(engine, request(1)).computed == len(graph)
    assert frame(engine, request(2)).computed == 0
    behind = len(graph.descendants("join1"))
    assert frame(engine, request(3, gates={"skip1": 0.5})).computed == behind
    # The selected layer lies before the join, and is drawn from a run up to it alone.
    ancestors = len(graph.ancestors("enc1.conv2"))
    other = request(4, gates={"skip1": 0.5}, selected="enc1.conv2")
    assert frame(engine, other).computed <= ancestors
    assert frame(engine, replace(other, revision=5, noise=Noise())).computed == len(graph)


@pytest.mark.parametrize("off", ["zero", "mean", "noise"])
def test_what_is_held_never_shows(engine: Engine, off: str) -> None:
    """After any way of getting there, the frame is the one a fresh engine makes.

    The channels are pinned, for which one a thumbnail shows is chosen by the first frame.
    """
    way = [
        request(1, off=off),
        request(2, off=off, gates={"skip2": 0.0}),
        request(3, off=off, gates={"skip2": 0.0, "skip1": 2.0}, selected="dec2.act1"),
        request(4, off=off, gates={"skip1": 0.0}, noise=Noise("poisson", 20, 2)),
    ]
    way = [replace(each, channels={"enc1.act2": 0, "dec1.act2": 1}) for each in way]
    made = [frame(engine, each) for each in way][-1]
    fresh = frame(Engine("cpu", threads=1), way[-1])
    assert np.array_equal(made.output_image, fresh.output_image)
    assert np.array_equal(made.mosaic.pixels, fresh.mosaic.pixels)
    for node, thumbnail in made.thumbnails.items():
        assert np.array_equal(thumbnail.pixels, fresh.thumbnails[node].pixels)


def test_the_channel_of_a_thumbnail_stays_while_gates_and_noise_move(engine: Engine) -> None:
    channels = {
        frame(engine, request(n, gates={"skip1": n / 4}, noise=Noise("gaussian", 9 * n, 1)))
        .thumbnails["dec1.act2"]
        .channel
        for n in range(6)
    }
    assert len(channels) == 1
    pinned = frame(engine, request(9, channels={"dec1.act2": 3}))
    assert pinned.thumbnails["dec1.act2"].channel == 3


def test_stored_weights_are_used_and_what_they_lack_is_named(
    engine: Engine, tmp_path: Path
) -> None:
    graph = build(norm="none")
    facts = analyse(graph)
    made = weights.initial(graph, facts, 9)
    made["head.bias"] = torch.full((3,), 0.5)
    made["head.weight"] = torch.zeros_like(made["head.weight"])
    weights.save(made, tmp_path / "grey.safetensors")
    grey = frame(engine, request(1, graph, weights=str(tmp_path / "grey.safetensors")))
    assert grey.untrained == ()
    assert set(grey.output_image.flatten().tolist()) == {0xFF808080}
    del made["enc1.conv1.weight"]
    weights.save(made, tmp_path / "grey.safetensors")
    again = frame(engine, request(2, graph, weights=str(tmp_path / "grey.safetensors")))
    assert again.untrained == ("enc1.conv1",)


def test_a_network_of_one_channel_many_channels_or_none_is_shown(engine: Engine) -> None:
    grey = frame(engine, request(1, build(**{"in": 1, "out": 1})))
    assert grey.output_kind == "image"
    assert grey.psnr_out is not None
    classes = frame(engine, request(2, build(out=7)))
    assert classes.output_kind == "classes"
    assert classes.psnr_out is None
    vector = Graph.of(
        (
            Node("input", Input(3, (8, 8))),
            Node("flat", Flatten(), ("input",)),
            Node("dense", Linear(5), ("flat",)),
            Node("output", Output(), ("dense",)),
        )
    )
    listed = frame(engine, request(3, vector, taps={"dense": 8}, selected="flat"))
    assert listed.output_kind == "vector"
    assert listed.output_image is None


def test_what_cannot_run_is_a_value(engine: Engine, tmp_path: Path) -> None:
    missing = request(image=ImageSource("x", str(tmp_path / "none.png")))
    assert failure(engine, missing).fault.code == "image-missing"
    lost = request(weights=str(tmp_path / "none.safetensors"))
    assert failure(engine, lost).fault.code == "weights-missing"
    clash = build(size=49)
    assert failure(engine, request(graph=clash)).fault.code == "graph-cannot-run"
    huge = build(size=60000, base=64, depth=2)
    assert failure(engine, request(graph=huge)).fault.code == "out-of-memory"
    assert frame(engine, request(2)).revision == 2


def test_a_cancelled_run_has_no_answer_and_harms_nothing(engine: Engine) -> None:
    asked = iter([False] * 9 + [True])
    assert engine.answer(request(1), lambda: next(asked)) is None
    made = frame(engine, request(2))
    fresh = frame(Engine("cpu", threads=1), request(2))
    assert np.array_equal(made.output_image, fresh.output_image)


def test_shares_are_of_the_frame_on_screen_or_not_at_all(engine: Engine) -> None:
    wanted = request(3, gates={"skip1": 0.0})
    frame(engine, wanted)
    shares = engine.answer(MeasureRequest(3, "slot", wanted.structure, "share"))
    assert isinstance(shares, Measured)
    assert shares.skips["skip1"].value == 0
    assert shares.split_error < 2e-6
    assert shares.exact
    assert shares.skips["skip2"].picture is not None
    assert engine.answer(MeasureRequest(2, "slot", wanted.structure, "share")) is None
    bare = build("encoder_decoder")
    frame(engine, request(4, bare))
    none = engine.answer(MeasureRequest(4, "slot", bare.structure_hash, "share"))
    assert isinstance(none, EngineFailure)
    assert none.fault.code == "no-skips"


def test_memory_grows_with_the_picture() -> None:
    small, large = (estimate_bytes(analyse(build(size=size))) for size in (64, 256))
    assert large > 10 * small


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody says how much is left")
def test_the_memory_that_is_left_is_some_of_what_the_machine_has() -> None:
    available = available_bytes()
    assert available is not None
    assert 0 < available <= os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


# ------------------------------------------------------------------ on the way to the engine
def test_the_inbox_keeps_the_newest_of_each_slot_the_focused_first() -> None:
    inbox = Inbox()
    for revision in range(5):
        inbox.put(request(revision, slot="behind", focused=False))
    inbox.put(request(7, slot="front"))
    inbox.put(replace(request(8, slot="front"), graph=None, image=None))
    first, second = inbox.next(), inbox.next()
    assert (first.slot, first.revision) == ("front", 8)
    assert isinstance(first, RunRequest)
    assert first.graph is not None
    assert first.image is not None
    assert (second.slot, second.revision) == ("behind", 4)


def test_a_run_is_overtaken_by_another_network_but_not_by_a_moved_gate() -> None:
    inbox = Inbox()
    running = request(1)
    inbox.put(request(2, gates={"skip1": 0.0}))
    assert not inbox.overtaken(running)
    assert inbox.overtaken(MeasureRequest(1, "slot", running.structure, "share"))
    inbox.put(request(3, build(depth=1)))
    assert inbox.overtaken(running)


def test_answers_survive_the_ring_and_the_pipe(engine: Engine) -> None:
    made = frame(engine, request())
    body, parts, spans = pack(made)
    assert fits(spans)
    ring = Ring.create()
    assert ring is not None
    other = Ring.attach(ring.handle)
    with ring.view(1) as view:
        lay(parts, spans, view)
    through = unpack(Parcel(body, 1, spans), other)
    piped = unpack(Parcel(body, None, spans, loose(parts, spans)), None)
    ring.close()
    for copy in (through, piped):
        assert np.array_equal(copy.mosaic.pixels, made.mosaic.pixels)
        assert np.array_equal(copy.output_image, made.output_image)
        assert copy.thumbnails["enc1.act2"].low == made.thumbnails["enc1.act2"].low


def test_what_is_decoded_already_is_not_decoded_again() -> None:
    """The file is not even there: the pixels that came along are those that run."""
    pixels = np.random.default_rng(5).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    decoded = Decoded(pixels, ImageFacts((64, 64)))
    engine = Engine("cpu", threads=1)
    along = engine.run(request(image=ImageSource("a", "/no/such.png", decoded=decoded)))
    alone = engine.run(request(image=ImageSource("b", None, pixels)))
    assert np.array_equal(along.input_image, alone.input_image)
    assert along.image == ImageFacts((64, 64))
    other = ImageSource("a", "/no/such.png", reading=ImageReading(page=2))
    failure = engine.answer(request(image=other))
    assert isinstance(failure, EngineFailure)
    assert failure.fault.code == "image-missing"


@pytest.mark.parametrize("shape", [(1, 900), (900, 1), (2, 700)])
def test_a_picture_of_one_line_is_seen_by_the_network(engine: Engine, shape) -> None:
    """It is as narrow as a pixel, yet what the network is shown has its greys, not black."""
    line = np.linspace(40, 220, max(shape), dtype=np.uint8).reshape(-1, 1)
    pixels = np.repeat(np.broadcast_to(line if shape[1] <= 2 else line.T, shape)[..., None], 3, 2)
    made = frame(engine, request(9, image=ImageSource(f"line{shape}", None, pixels.copy())))
    red = made.input_image >> 16 & 0xFF
    assert red.max() > 150
    assert red.mean() > 30
    assert np.isfinite(made.output_image).all()


def test_what_lies_before_a_fault_runs_as_it_does_in_a_sound_network(engine: Engine) -> None:
    sound = build()
    wide = replace(sound["dec1.conv1"].operator, groups=3)
    broken = sound.with_operator("dec1.conv1", wide)
    shapes = analyse(broken).shapes
    assert "dec2.act2" in shapes
    assert "dec1.act1" not in shapes
    taps = {"enc1.act2": 24, "dec2.act2": 24, "join1": 24}
    part = frame(engine, request(1, broken, taps=taps, in_part=True))
    whole = frame(Engine("cpu", threads=1), request(1, sound, taps=taps))
    for node in taps:
        assert np.array_equal(part.thumbnails[node].pixels, whole.thumbnails[node].pixels), node
    assert np.array_equal(part.mosaic.pixels, whole.mosaic.pixels)
    assert (part.output_kind, part.output_image, part.psnr_out) == ("none", None, None)
    assert part.structure == broken.structure_hash
    again = frame(engine, request(2, broken, taps=taps, in_part=True, noise=Noise()))
    assert not np.array_equal(again.thumbnails["join1"].pixels, part.thumbnails["join1"].pixels)
    mended = frame(engine, request(3, sound, taps=taps))
    assert np.array_equal(mended.output_image, whole.output_image)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_of_a_part_no_question_about_the_output_is_answered(precision: str) -> None:
    engine, graph = Engine("cpu", threads=1, precision=precision), build(size=49)
    stopped = analyse(graph).stopped_by[0]
    made = frame(engine, request(1, graph, taps={"enc1.act2": 24}, selected=None, in_part=True))
    assert made.precision_gap is None
    of = (1, "slot", graph.structure_hash)
    for asked in (MeasureRequest(*of, "share"), UngatedRequest(*of), FullSizeRequest(*of, 1)):
        answer = engine.answer(asked)
        assert isinstance(answer, EngineFailure)
        assert (answer.fault.code, answer.fault.numbers[0]) == ("graph-cannot-run", stopped)
    listed = engine.answer(LayerChannelsRequest(*of, "enc1.act2", shares=True))
    assert isinstance(listed, LayerChannels)
    assert listed.shares is None
    assert len(listed.mean) == 4


def test_where_the_input_has_a_fault_nothing_runs(engine: Engine) -> None:
    graph = build().with_operator("input", Input(channels=1, size=(0, 48)))
    assert not analyse(graph).can_begin
    failed = failure(engine, request(1, graph, taps={}, selected=None, in_part=True))
    assert (failed.fault.code, failed.fault.numbers[0]) == ("graph-cannot-run", "input")
