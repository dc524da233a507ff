"""The panels of Live on real frames: gates, shares, noise, feature maps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.faults import Fault
from analysis.graph.channel_gate import channel_gate
from analysis.inference.colors.ramps import INK, ink_ramp
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.measures import Contribution, Measured, MeasureRequest
from analysis.inference.protocol.runs import ChannelMap, Frame, Noise, RunRequest
from analysis.storage.blobs import BlobRef, hash_file
from analysis.storage.document import Document
from tests.viewer.conftest import small_unet
from viewer.drawing.painting.array_image import image_of
from viewer.files.image_sources.file import FILE
from viewer.session import Session
from viewer.session.feature_map_view import FeatureMapView
from viewer.session.input_image.film_frame import FilmFrame
from viewer.session.trained_weights import TrainedWeights
from viewer.text.fault_sentences import fault_sentence
from viewer.text.measure_format import MeasureFormat, share_digits
from viewer.workspaces.live.feature_maps.panel import FeatureMapsPanel
from viewer.workspaces.live.feature_maps.tile_layout import LARGEST, SMALLEST, TileLayout
from viewer.workspaces.live.image.panel import ImagePanel
from viewer.workspaces.live.skips.panel import SkipsPanel
from viewer.workspaces.live.skips.part_view import PartView
from viewer.workspaces.live.skips.row import scales
from viewer.workspaces.live.zoomable_picture import STEP

NOISE = Noise("gaussian", 25.0, 1)


@dataclass(frozen=True)
class Run:
    """One small network that has run: its document, frames by selected layer, and the split."""

    document: Document
    frames: Mapping[str, Frame]
    shares: Measured


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory, photograph: Path) -> Run:
    """Depth 2 at 32 × 32. Channel 1 of the head is made dead, channel 2 constant."""
    from analysis.inference.engine import Engine
    from analysis.network import weights

    blueprint = BLUEPRINTS["unet"]
    settings = blueprint.complete({"depth": 2, "base": 4, "size": 32})
    graph = blueprint.build(settings)
    tensors = dict(weights.initial(graph, analyse(graph), 0))
    tensors["head.weight"][1:] = 0
    tensors["head.bias"][1] = 0
    tensors["head.bias"][2] = 0.5
    path = tmp_path_factory.mktemp("weights") / "small.safetensors"
    weights.save(tensors, path)
    engine = Engine("cpu", threads=1)
    frames = {}
    for revision, layer in enumerate(("head", "dec1.act2")):
        answer = engine.answer(
            RunRequest(
                revision,
                "test",
                graph.structure_hash,
                graph,
                ImageSource("hopper", str(photograph)),
                weights=str(path),
                noise=NOISE,
                selected=layer,
                ramp=ink_ramp(),
            )
        )
        assert isinstance(answer, Frame)
        frames[layer] = answer
    shares = engine.answer(MeasureRequest(1, "test", graph.structure_hash, "share"))
    assert isinstance(shares, Measured)
    image = BlobRef(hash_file(photograph), photograph.name)
    document = Document(graph=graph, blueprint=("unet", settings), image=image)
    return Run(document, frames, shares)


@pytest.fixture
def session(run: Run) -> Session:
    return Session(run.document)


@pytest.fixture
def running(session: Session, run: Run) -> Session:
    session.set_live(engine="ready", noise=NOISE)
    session.show_frame(run.frames["dec1.act2"])
    session.show_measured(run.shares)
    return session


@pytest.fixture
def skips(running: Session, shown) -> SkipsPanel:
    return shown(SkipsPanel(running), 420, 900)


# ------------------------------------------------------------------------------ the gates


def test_a_drag_of_a_gate_is_one_step_of_the_document(
    skips: SkipsPanel, running: Session, qtbot
) -> None:
    slider = skips.rows["skip1"].gate.slider
    for place in (18, 12, 6):
        slider.setValue(place)
    assert running.document.gates == {"skip1": pytest.approx(0.3)}
    assert running.history.count() == 1
    running.history.undo()
    assert running.document.gates == {}
    assert skips.rows["skip1"].gate.value() == 1.0


def test_a_second_drag_is_a_second_step(skips: SkipsPanel, running: Session) -> None:
    gate = skips.rows["skip1"].gate
    gate.slider.setValue(10)
    gate.slider.sliderReleased.emit()
    gate.slider.setValue(0)
    running.history.undo()
    assert running.document.gates == {"skip1": pytest.approx(0.5)}


def test_off_closes_the_gate_and_opens_it_to_where_it_was(
    skips: SkipsPanel, running: Session, qtbot
) -> None:
    row = skips.rows["skip2"]
    row.gate.slider.setValue(30)
    qtbot.mouseClick(row.off, Qt.MouseButton.LeftButton)
    assert running.document.gates == {"skip2": 0.0}
    assert row.off.isChecked()
    assert row.gate.value() == 0.0
    qtbot.mouseClick(row.off, Qt.MouseButton.LeftButton)
    assert running.document.gates == {"skip2": pytest.approx(1.5)}
    assert not row.off.isChecked()


def test_solo_closes_all_others_and_brings_them_back(
    skips: SkipsPanel, running: Session, qtbot
) -> None:
    skips.rows["skip1"].gate.slider.setValue(16)
    before = running.history.count()
    solo = skips.rows["skip2"].solo
    qtbot.mouseClick(solo, Qt.MouseButton.LeftButton)
    assert running.document.gates == {"skip1": 0.0}
    assert running.history.count() == before + 1
    assert solo.isChecked()
    assert not skips.rows["skip1"].solo.isChecked()
    qtbot.mouseClick(solo, Qt.MouseButton.LeftButton)
    assert running.document.gates == {"skip1": pytest.approx(0.8)}
    assert not solo.isChecked()


def test_solo_undoes_in_one_step(skips: SkipsPanel, running: Session, qtbot) -> None:
    qtbot.mouseClick(skips.rows["skip1"].solo, Qt.MouseButton.LeftButton)
    running.history.undo()
    assert running.document.gates == {}
    assert not skips.rows["skip1"].solo.isChecked()


def test_all_off_and_reset(skips: SkipsPanel, running: Session, qtbot) -> None:
    qtbot.mouseClick(skips.gates.all_off, Qt.MouseButton.LeftButton)
    assert running.document.gates == {"skip1": 0.0, "skip2": 0.0}
    qtbot.mouseClick(skips.gates.reset, Qt.MouseButton.LeftButton)
    assert running.document.gates == {}
    assert running.history.count() == 2


def test_what_off_is_belongs_to_the_document(skips: SkipsPanel, running: Session, qtbot) -> None:
    qtbot.mouseClick(skips.gates.off_is.buttons[1], Qt.MouseButton.LeftButton)
    assert running.document.off == "mean"
    running.history.undo()
    assert skips.gates.off_is.value() == "zero"


# ------------------------------------------------------------------------------ the shares


def test_shares_are_those_of_the_engine(skips: SkipsPanel, run: Run) -> None:
    share = run.shares.skips["skip1"].value
    shown = skips.rows["skip1"].value.text().replace("−", "-").removesuffix(" %")
    assert float(shown) == pytest.approx(100 * share, abs=0.5)
    assert skips.split.sum.text() == "100 %"
    assert skips.split.check.text().startswith("The parts rebuild the output to ")
    assert "10⁻" in skips.split.check.text()
    assert skips.certainty.text() == "exact for this network"


def test_the_stack_is_about_zero(skips: SkipsPanel, running: Session, run: Run) -> None:
    parts = {name: replace(part, value=0.6) for name, part in run.shares.skips.items()}
    parts["skip2"] = replace(parts["skip2"], value=-0.2)
    turned = replace(
        run.shares,
        skips=parts,
        bottleneck=replace(run.shares.bottleneck, value=0.5),
        bias=replace(run.shares.bias, value=0.1),
    )
    running.show_measured(turned)
    rects = {part.id: rect for part, rect in skips.stack.rects()}
    zero = rects["skip1"].left()
    assert rects["skip2"].right() == pytest.approx(zero)
    assert rects["skip2"].left() == pytest.approx(0)
    assert zero / skips.stack.width() == pytest.approx(0.2 / 1.4)
    assert rects["biases"].right() == pytest.approx(skips.stack.width())
    row = skips.rows["skip2"]
    assert row.value.text() == "−20 %"
    assert row.toolTip() == "Skip 2 subtracts 20 %."
    assert skips.sentence.text() == "Skip 1 adds 60 % of the output."


def test_a_skip_that_is_off_has_no_share_and_not_a_share_of_nothing(
    skips: SkipsPanel, running: Session, run: Run
) -> None:
    nothing = replace(run.shares.skips["skip1"], value=0.0)
    silent = replace(run.shares, skips={"skip1": nothing, "skip2": run.shares.skips["skip2"]})
    running.edit("off", replace(running.document, gates={"skip1": 0.0}))
    running.show_measured(silent)
    running.set_view(skip="skip1")
    assert skips.rows["skip1"].value.text() == "off"
    assert skips.sentence.text() == "Skip 1 is off."
    running.edit("off", replace(running.document, gates={"skip1": 0.0, "skip2": 0.0}))
    running.show_measured(replace(silent, skips={"skip1": nothing, "skip2": nothing}))
    assert skips.sentence.text() == "All skips are off: only the bottleneck is left."
    running.edit("mean", replace(running.document, off="mean"))
    running.show_measured(run.shares)  # what it carries then is not nothing
    assert skips.rows["skip2"].value.text().endswith("%")
    assert "means" in skips.rerouted.text()


def test_shares_are_pale_while_a_gate_has_moved_on(
    skips: SkipsPanel, running: Session, run: Run
) -> None:
    assert not skips.stack.pale
    skips.rows["skip1"].gate.slider.setValue(4)
    assert skips.stack.pale
    assert skips.rows["skip2"].bar.pale
    assert skips.certainty.text() == "out of date"
    running.show_measured(run.shares)
    assert not skips.stack.pale
    assert skips.certainty.text() == "exact for this network"


def test_other_noise_makes_shares_out_of_date(skips: SkipsPanel, running: Session) -> None:
    running.set_live(noise=replace(NOISE, sigma=40.0))
    assert skips.stack.pale


def test_shares_of_another_network_are_not_shown(skips: SkipsPanel, running: Session) -> None:
    blueprint = BLUEPRINTS["unet"]
    other = blueprint.build(blueprint.complete({"depth": 3, "base": 4, "size": 32}))
    running.edit("deeper", replace(running.document, graph=other))
    assert list(skips.rows) == ["skip1", "skip2", "skip3"]
    assert skips.rows["skip1"].value.text() == "–"
    assert skips.split.sum.text() == "–"


def test_a_split_with_statistics_held_says_what_the_command_says(
    skips: SkipsPanel, running: Session, run: Run
) -> None:
    """`fieldglass skips` answers `"exact": false` with this sentence; the window is no surer."""
    held = Fault("split-statistics-held", ("group_norm", "norm"))
    running.show_measured(replace(run.shares, exact=True, why=held))
    assert skips.certainty.text() == "exact with values held"
    assert skips.split.kept.text().endswith(fault_sentence(held))
    assert fault_sentence(held).startswith("Exact only while the statistics")


def test_a_split_that_is_not_exact_says_why(skips: SkipsPanel, running: Session, run: Run) -> None:
    running.show_measured(replace(run.shares, exact=False, why=None))
    assert skips.certainty.text() == "approximate"
    assert "rebuild" not in skips.split.check.text()


def test_a_network_without_skips_says_so(run: Run, qtbot) -> None:
    blueprint = BLUEPRINTS["encoder_decoder"]
    settings = blueprint.complete({"depth": 2, "base": 4, "size": 32})
    panel = SkipsPanel(Session(Document(graph=blueprint.build(settings))))
    qtbot.addWidget(panel)
    assert panel.none.isVisibleTo(panel)
    assert not panel.head.isVisibleTo(panel)
    assert panel.rows == {}


def test_the_selected_skip_is_the_one_spoken_of(skips: SkipsPanel, running: Session, qtbot) -> None:
    qtbot.mouseClick(skips.rows["skip2"].name, Qt.MouseButton.LeftButton)
    assert running.view.skip == "skip2"
    assert skips.sentence.text().startswith("Skip 2 ")


def test_loading_and_failure_are_said_in_the_panel(session: Session, run: Run, qtbot) -> None:
    panel = SkipsPanel(session)
    qtbot.addWidget(panel)
    state = panel.state
    session.set_live(engine="loading")
    assert state.card.isVisibleTo(panel)
    assert state.sentence.text() == "Shapes and fields work already."
    session.set_live(engine="ready")
    session.show_frame(run.frames["head"])
    assert not state.isVisibleTo(panel)
    failure = EngineFailure(Fault("engine-stopped", (2,)))
    session.set_live(engine="failed", failure=failure)
    assert state.strip.isVisibleTo(panel)
    assert state.strip.sentence.text()


# ------------------------------------------------------------------------------ image and noise


def test_a_part_stands_large_in_a_window_that_follows_the_chosen_row_and_the_gates(
    skips: SkipsPanel, running: Session, run: Run, qtbot
) -> None:
    left, frame = Qt.MouseButton.LeftButton, run.frames["dec1.act2"]
    qtbot.mouseClick(skips.rows["skip1"].map, left)
    large = skips.large
    assert large is not None
    assert large.isVisible()
    for name in ("skip1", "skip2"):
        skips.rows[name].chosen.emit(name)
        part = run.shares.skips[name]
        assert large.words.text() == MeasureFormat(run.shares).sentence(name, part.value)
        assert f"±{part.scale:.3g}" in large.scale.text()
        assert shown_by(large) == image_of(part.picture)
    qtbot.mousePress(large.compare, left)
    assert shown_by(large) == image_of(frame.output_image)
    qtbot.mouseRelease(large.compare, left)
    running.edit("gate", replace(running.document, gates={"skip1": 0.5}))
    assert not large.words.isEnabled()  # of another picture, until it is measured again
    for _ in range(20):
        large.picture.zoom(1 / STEP)
    shown, room = large.picture.item.sceneBoundingRect(), large.picture.viewport().size()
    assert large.picture.transform().m11() >= min(1.0, room.height() / shown.height())
    running.set_view(measure="shapley")
    assert not large.picture.isVisible()
    running.edit("bare", replace(running.document, graph=small_unet(skip="none").graph))
    qtbot.waitUntil(lambda: skips.large is None)  # of this part there is nothing to wait for


def shown_by(large: PartView) -> QImage:
    found = large.picture.item.pixmap().toImage()
    return found.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


@pytest.fixture
def image(running: Session, shown) -> ImagePanel:
    return shown(ImagePanel(running), 236, 900)


def test_the_noise_slider_is_live_and_no_step_of_undo(image: ImagePanel, running: Session) -> None:
    image.noise.slider.setValue(50)
    assert running.live.noise == replace(NOISE, sigma=50.0)
    assert running.history.count() == 0
    assert image.noise_title.right.text() == "σ 50"


def test_moving_the_slider_turns_noise_on(image: ImagePanel, running: Session, qtbot) -> None:
    qtbot.keyClick(image.kind, Qt.Key.Key_End)
    assert running.live.noise.kind == "none"
    assert image.noise_title.right.text() == "none"
    image.noise.slider.setValue(10)
    assert running.live.noise == replace(NOISE, kind="gaussian", sigma=10.0)
    qtbot.keyClick(image.kind, Qt.Key.Key_Home)
    qtbot.keyClick(image.kind, Qt.Key.Key_Down)
    assert running.live.noise == replace(NOISE, kind="poisson", sigma=10.0)


def test_psnr_of_output_and_input(image: ImagePanel, run: Run) -> None:
    frame = run.frames["dec1.act2"]
    assert image.worth.number.text() == f"{frame.psnr_out:.1f} dB"
    assert image.worth.beside.text() == f"from {frame.psnr_in:.1f} dB in"


def test_the_sample_in_use_is_ringed_and_another_can_be_chosen(image: ImagePanel, qtbot) -> None:
    checked = [button.sample.name for button in image.grid.buttons if button.isChecked()]
    assert checked == ["portrait"]
    other = next(button for button in image.grid.buttons if button.sample.name == "cells")
    with qtbot.waitSignal(image.imageChosen) as chosen:
        qtbot.mouseClick(other, Qt.MouseButton.LeftButton)
    assert Path(chosen.args[0]).is_file()
    assert not other.isChecked()


def test_every_sample_has_a_picture(image: ImagePanel) -> None:
    assert len(image.grid.buttons) >= 5
    for button in image.grid.buttons:
        assert not button.picture().isNull()
        assert button.picture().width() == button.picture().height()


def test_a_click_on_the_drop_target_asks_for_a_file(image: ImagePanel, qtbot) -> None:
    with qtbot.waitSignal(image.sourceAsked) as asked:
        qtbot.mouseClick(image.drop, Qt.MouseButton.LeftButton)
    assert asked.args == [FILE]


# ------------------------------------------------------------------------------ feature maps


@pytest.fixture
def maps(running: Session, shown) -> FeatureMapsPanel:
    return shown(FeatureMapsPanel(running), 944, 170)


def test_every_channel_of_the_layer_is_a_tile(
    maps: FeatureMapsPanel, running: Session, run: Run
) -> None:
    assert maps.layer.text() == "dec 1, 4 channels"
    image = maps.grid.grab().toImage()
    mosaic = run.frames["dec1.act2"].mosaic
    assert mosaic is not None
    height, width = mosaic.tile
    for channel in set(range(4)) - set(mosaic.dead):
        row, column = divmod(channel, mosaic.columns)
        middle = mosaic.pixels[
            row * height + height // 2 - 2 : row * height + height // 2 + 2,
            column * width + width // 2 - 2 : column * width + width // 2 + 2,
        ]
        shown = QColor(image.pixel(maps.grid.tile_rect(channel).center()))
        assert abs(shown.red() - np.mean((middle >> 16) & 0xFF)) < 90


def test_dead_and_constant_channels_carry_the_word(
    maps: FeatureMapsPanel, running: Session, run: Run
) -> None:
    running.show_frame(run.frames["head"])
    assert maps.flat.text() == "1 dead, 1 constant"
    assert [maps.grid.flat_word(channel) for channel in range(3)] == ["", "dead", "constant"]
    image = maps.grid.grab().toImage()
    rect = maps.grid.tile_rect(1)
    colours = {
        QColor(image.pixel(QPoint(x, y))).name().upper()
        for x in range(rect.left(), rect.right())
        for y in range(rect.top(), rect.bottom())
    }
    assert INK[0][1] in colours
    assert max(QColor(colour).lightness() for colour in colours) > 180


def test_a_click_pins_the_channel_and_a_second_lets_it_go(
    maps: FeatureMapsPanel, running: Session, qtbot
) -> None:
    place = maps.grid.tile_rect(2).center()
    qtbot.mouseClick(maps.grid, Qt.MouseButton.LeftButton, pos=place)
    assert running.view.channels == {"dec1.act2": 2}
    assert running.history.count() == 0
    qtbot.mouseClick(maps.grid, Qt.MouseButton.LeftButton, pos=place)
    assert running.view.channels == {}


def test_a_click_between_tiles_pins_nothing(maps: FeatureMapsPanel, running: Session) -> None:
    gap = maps.grid.tile_rect(0).topRight() + QPoint(2, 5)
    assert maps.grid.channel_at(gap) is None
    assert maps.grid.channel_at(QPoint(5, 5)) is None


def test_tiles_wrap_to_the_width(maps: FeatureMapsPanel) -> None:
    grid = maps.grid
    tall = grid.parentWidget().height()
    many = TileLayout(4096, (256, 256), 944, tall)
    assert many.columns == 16  # of the smallest: they cannot all be seen
    assert many.height > tall
    low = TileLayout(4, (256, 256), 160, 100)
    assert low.height == 8 + 54 + 3 + 54 + 8
    assert grid.columns(60) == 1


def test_few_channels_fill_a_high_panel_and_shrink_in_a_low_one(maps: FeatureMapsPanel) -> None:
    sides = {}
    for height in (400, 130):
        maps.resize(700, height)
        QApplication.processEvents()
        sides[height] = maps.grid.tile_rect(0).width()
        port = maps.grid.parentWidget()
        assert maps.grid.height() == port.height(), "nothing is scrolled away"
    assert sides[400] > sides[130] >= SMALLEST


def test_only_rows_that_are_seen_are_painted() -> None:
    shown = TileLayout(1000, (64, 64), 820, 150)
    area = QRect(0, 300, 820, 150)
    met = {at for at in range(1000) if shown.rect(at).intersects(area)}
    painted = set(shown.places_in(area))
    assert met <= painted
    assert len(painted) <= len(met) + 2 * shown.columns
    assert not shown.places_in(QRect(0, shown.height + 100, 820, 50))


@pytest.mark.parametrize("channels", [1, 4, 7, 16, 31, 64, 100])
@pytest.mark.parametrize("map_size", [(64, 64), (64, 16), (9, 64)])
def test_tiles_are_the_largest_of_which_none_is_scrolled_away(
    channels: int, map_size: tuple[int, int]
) -> None:
    shown = TileLayout(channels, map_size, 820, 150)
    side = max(shown.tile.width(), shown.tile.height())
    every = [shown.rect(at) for at in range(channels)]
    assert [shown.place_at(rect.center()) for rect in every] == list(range(channels))
    assert all(rect.right() < 820 for rect in every)
    assert SMALLEST <= side <= LARGEST
    bottom = max(rect.bottom() for rect in every)
    assert bottom + 1 + 8 == shown.height
    assert shown.height <= 150 or side == SMALLEST
    if side < LARGEST:  # one step larger, and the last row would be cut
        scale = (side + 2) / max(map_size)
        height, width = (max(8, round(length * scale)) for length in map_size)
        columns = (820 - 2 * 12 + 3) // (width + 3)
        assert 16 + math.ceil(channels / columns) * (height + 3) - 3 > 150


def test_hover_says_number_and_range(maps: FeatureMapsPanel, running: Session, run: Run) -> None:
    mosaic = run.frames["dec1.act2"].mosaic
    assert mosaic is not None
    low, high = mosaic.ranges[3]
    expected = f"channel 3, {low:.2f} to {high:.2f}".replace("-", "−")
    assert maps.grid.words(3).startswith(expected)


def test_range_mode_belongs_to_the_view(maps: FeatureMapsPanel, running: Session, qtbot) -> None:
    maps.range_mode.setFocus()
    qtbot.keyClick(maps.range_mode, Qt.Key.Key_Down)
    assert running.view.range_mode == "shared"
    running.set_view(range_mode="fixed")
    assert maps.range_mode.value() == "fixed"


def test_without_a_frame_the_panel_says_why(session: Session, qtbot) -> None:
    panel = FeatureMapsPanel(session)
    qtbot.addWidget(panel)
    assert panel.empty.text() == "Loading PyTorch. Shapes and fields work already."
    session.set_live(engine="ready")
    session.edit("no image", replace(session.document, image=None))
    assert panel.empty.text() == "Drop an image here"


def test_a_channel_that_was_switched_off_is_not_counted_as_dead(
    maps: FeatureMapsPanel, running: Session, run: Run
) -> None:
    running.set_view(selection="head")
    running.show_frame(run.frames["head"])
    dead = maps.grid.flat_word(1)
    assert dead == "dead"
    assert "1 dead" in maps.flat.text()
    running.edit("off", replace(running.document, gates={channel_gate("head", 1): 0.0}))
    assert maps.grid.flat_word(1) == ""
    assert "1 off" in maps.flat.text()
    assert "dead" not in maps.flat.text()


# -------------------------------------------------------------------- older than what is set


@pytest.fixture
def all_panels(running: Session, shown) -> tuple[ImagePanel, FeatureMapsPanel, SkipsPanel]:
    running.set_view(parts=running.view.parts.having(FeatureMapView(large=True)))
    image, maps = shown(ImagePanel(running), 236, 900), shown(FeatureMapsPanel(running), 900, 372)
    return image, maps, shown(SkipsPanel(running), 420, 900)


def ink(widget: QWidget) -> float:
    """How much darker a widget is than the white that it stands on."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    return 255.0 - float(np.frombuffer(image.constBits(), np.uint8).mean())


def test_every_picture_and_number_is_pale_while_it_is_of_an_earlier_state(
    all_panels, running: Session, run: Run, qtbot
) -> None:
    image, maps, skips = all_panels
    values = np.linspace(-1, 1, 64, dtype=np.float32).reshape(8, 8)
    frame = run.frames["dec1.act2"]
    frame = replace(frame, raw=(ChannelMap("dec1.act2", 0, 4, values),))
    running.show_frame(frame)
    pictures = [image.output, maps.grid, maps.large.channel, maps.large.numbers.histogram]
    words = [image.worth.number, image.worth.beside, maps.flat, *maps.large.numbers.values.values()]
    words += [image.target.detail]
    of_a_look_at_all = {maps.large.numbers.values[key] for key in ("share", "alike")}
    words = [each for each in words if each not in of_a_look_at_all]
    strong = [ink(each) for each in pictures]
    assert all(each.isEnabled() for each in words)
    running.edit("gate", replace(running.document, gates={"skip1": 0.5}))
    assert not skips.sentence.isEnabled()
    assert not skips.split.sum.isEnabled()  # a measure is stale at once
    assert all(ink(each) == was for each, was in zip(pictures, strong, strict=True))
    qtbot.waitUntil(lambda: running.age.is_old)
    assert all(ink(each) < was for each, was in zip(pictures, strong, strict=True))
    assert not any(each.isEnabled() for each in words)
    running.show_frame(frame)
    assert all(ink(each) == was for each, was in zip(pictures, strong, strict=True))
    assert image.worth.number.isEnabled()


def test_what_a_frame_was_asked_for_decides_not_when_it_came(running: Session, run: Run) -> None:
    of_before = running.frame_key
    running.edit("gate", replace(running.document, gates={"skip1": 0.5}))
    running.show_frame(run.frames["dec1.act2"], of_before)
    assert running.frame_is_behind
    running.set_view(selection="enc1")
    running.show_frame(run.frames["dec1.act2"])
    assert not running.frame_is_behind
    running.frame_holds(None)  # as when another device takes over
    assert running.frame_is_behind


# -------------------------------------------------------------------- a network that cannot run


def broken(run: Run) -> Document:
    settings = BLUEPRINTS["unet"].complete({"depth": 3, "base": 4, "size": 30})
    return replace(run.document, graph=BLUEPRINTS["unet"].build(settings))


def test_no_output_of_another_network_is_shown_while_this_one_has_none(
    skips: SkipsPanel, image: ImagePanel, running: Session, run: Run
) -> None:
    running.show_frame(run.frames["dec1.act2"])
    running.edit("break", broken(run))
    assert running.facts.problems
    assert not skips.state.isHidden()
    assert skips.state.strip.title.text().startswith("No output: ")
    assert skips.state.strip.buttons
    assert skips.head.isHidden()
    assert skips.none.isHidden()
    assert skips.measured() is None
    assert image.worth.number.text() == ""
    assert image.worth.beside.text() == skips.state.strip.title.text()
    running.history.undo()
    assert skips.state.isHidden()
    assert image.worth.number.text() != ""


def test_the_output_before_a_gate_moved_is_remembered(
    image: ImagePanel, skips: SkipsPanel, running: Session, run: Run
) -> None:
    frame = run.frames["head"]
    assert frame.psnr_out is not None
    running.show_frame(frame)
    assert image.worth.was.isHidden()
    assert skips.rerouted.isHidden()
    running.edit("gate", replace(running.document, gates={"skip1": 0.0}))
    running.show_frame(replace(frame, psnr_out=frame.psnr_out - 1))
    assert f"{frame.psnr_out:.1f}" in image.worth.was.text()
    assert not image.worth.was.isHidden()
    assert not skips.rerouted.isHidden()
    live = running.live
    pixels = np.zeros((8, 8, 3), np.uint8)
    for other in (
        {"noise": replace(NOISE, sigma=40.0)},
        {"parts": live.parts.having(FilmFrame("clip", "of another frame", 3, False, pixels))},
        {"parts": live.parts.having(TrainedWeights("w", "structure", "with", 100))},
    ):
        running.set_live(**other)
        running.show_frame(frame)
        assert image.worth.was.isHidden()  # never seen so with open gates
        running.set_live(noise=live.noise, parts=live.parts)
        running.show_frame(frame)
        assert not image.worth.was.isHidden()


def test_bars_of_shares_have_one_fixed_scale(run: Run) -> None:
    parts = [Contribution(share, (share,), 1.0) for share in (0.2, 0.3)]
    assert scales(parts)[0] == (0.0, 1.0)
    parts.append(Contribution(-0.25, (-0.25,), 1.0))
    assert scales(parts)[0] == (-0.25, 1.0)


def test_shares_take_a_decimal_where_rounded_ones_do_not_add_up() -> None:
    assert share_digits((0.5, 0.3, 0.2)) == 0
    assert share_digits((0.784, 0.054, 0.002, 0.003, 0.003, 0.154)) == 1
