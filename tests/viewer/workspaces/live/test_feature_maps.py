"""Feature maps in the real window: one channel large, order, colours, gates, files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor

from analysis.inference.colors.maps import COLOR_MAPS, map_ramp
from tests.viewer.pointer import move_pointer
from viewer.session.feature_map_view import FeatureMapView
from viewer.session.view_state import ViewState
from viewer.workspaces.live.feature_maps.map_files import MapFiles
from viewer.workspaces.live.feature_maps.panel import FeatureMapsPanel
from viewer.workspaces.registry import WORKSPACES

LAYER = "dec1.act2"


@pytest.fixture
def panel(desk) -> FeatureMapsPanel:
    desk.session.set_view(workspace="live")
    desk.wait_frame()
    found = desk.window.findChild(FeatureMapsPanel)
    assert found is not None
    return found


def opened(desk, panel: FeatureMapsPanel, channel: int = 0, **changes: object) -> None:
    """Double-click a tile, then change how the channel is looked at; wait for its answer."""
    tile = panel.grid.tile_rect(channel).center()
    desk.qtbot.mouseDClick(panel.grid, Qt.MouseButton.LeftButton, pos=tile)
    look(desk, **changes)
    desk.wait(lambda: panel.large.shown() and panel.large.shown().channel == channel)
    desk.wait(lambda: not panel.large._is_stale())


def look(desk, **changes: object) -> None:
    view = desk.session.view
    desk.session.set_view(parts=view.parts.having(replace(view.part(FeatureMapView), **changes)))


def test_a_double_click_shows_the_channel_large_with_its_values(desk, panel) -> None:
    before = panel.height()
    opened(desk, panel, 1)
    assert panel.large.isVisible()
    assert panel.height() > before + 100
    shown = panel.large.shown()
    assert (shown.node, shown.channel) == (LAYER, 1)
    area = panel.large.channel.area()
    move_pointer(panel.large.channel, QPoint(3, 3))
    move_pointer(panel.large.channel, area.center().toPoint())
    y, x = shown.values.shape[0] // 2, shown.values.shape[1] // 2
    assert panel.large.numbers.pointed.text().startswith(f"y {y}, x {x}: ")
    assert f"{shown.values[y, x]:.4f}".replace("-", "−") in panel.large.numbers.pointed.text()


def test_the_field_of_the_unit_pointed_at_is_lit_on_the_input(desk, panel) -> None:
    opened(desk, panel)
    other = panel.large.other
    corner = other.area().bottomRight().toPoint() - QPoint(6, 6)
    before = QColor(other.grab().toImage().pixel(corner)).lightness()
    panel.large.point_at((0.0, 0.0))
    assert "sees" in panel.large.value.text()
    assert QColor(other.grab().toImage().pixel(corner)).lightness() < before - 20


def test_channels_are_ordered_by_their_energy(desk, panel) -> None:
    opened(desk, panel, 0, order="energy")
    known = panel.large.known()
    first = int(np.argmax(known.energy))
    places = [(panel.grid.tile_rect(c).top(), panel.grid.tile_rect(c).left()) for c in range(4)]
    assert np.argsort(-known.energy, kind="stable").tolist() == sorted(
        range(4), key=lambda c: places[c]
    )
    assert panel.grid.channel_at(panel.grid.tile_rect(first).center()) == first


def test_a_channel_switched_off_changes_the_output_and_undo_brings_it_back(desk, panel) -> None:
    opened(desk, panel, 0)
    strongest = int(np.argmax(panel.large.known().energy))
    opened(desk, panel, strongest)
    before = desk.session.frame.output_image.copy()
    desk.qtbot.mouseClick(panel.large.numbers.off, Qt.MouseButton.LeftButton)
    assert desk.session.document.gates == {f"{LAYER}[{strongest}]": 0.0}
    desk.wait(lambda: panel.large.shown() and not panel.large.shown().values.any())
    assert not np.array_equal(desk.session.frame.output_image, before)
    desk.session.history.undo()
    desk.wait(lambda: bool(panel.large.shown().values.any()))
    assert np.array_equal(desk.session.frame.output_image, before)


def test_beside_it_the_channel_with_open_gates_has_the_same_pointer(desk, panel) -> None:
    opened(desk, panel, 0)
    strongest = int(np.argmax(panel.large.known().energy))
    opened(desk, panel, strongest, beside="open")
    free = panel.large.shown().values.copy()
    panel.large.numbers.gate.box.setValue(0.5)
    desk.wait(lambda: not np.array_equal(panel.large.shown().values, free))
    desk.wait(lambda: not panel.large._is_stale() and panel.large.compared() is not None)
    np.testing.assert_array_equal(panel.large.compared().values, free)
    np.testing.assert_allclose(panel.large.shown().values, free / 2, rtol=1e-6)
    panel.large.point_at((0.3, 0.6))
    assert panel.large.value.text() in panel.large.numbers.pointed.text()


@pytest.mark.parametrize("beside", ["components", "kernels", "layer"])
def test_what_stands_beside_it_is_drawn(desk, panel, beside: str) -> None:
    opened(desk, panel, 2, beside=beside, other_layer="enc1.act2")
    desk.wait(lambda: panel.large.other.image is not None)
    image = panel.large.other.image
    assert len({image.pixel(x, y) for x in range(0, image.width(), 3)
                for y in range(0, image.height(), 3)}) > 3  # fmt: skip


def test_a_filter_made_by_hand_stands_beside_a_learned_channel(desk, panel) -> None:
    """Its response to the same input, with the same pointer, and how alike the two are."""
    opened(desk, panel, 2, beside="filter", filter="sobel-x")
    desk.wait(lambda: panel.large.compared() is not None)
    found = panel.large.known().filtered
    own = panel.large.shown().values
    assert found.correlation == pytest.approx(
        np.corrcoef(own.ravel(), found.values.ravel())[0, 1], abs=1e-4
    )
    assert panel.large.value.text().endswith(" · Sobel, across")
    panel.large.point_at((0.3, 0.6))
    assert " | " in panel.large.numbers.pointed.text()
    panel.large.beside.choose_filter("closest")
    desk.wait(lambda: "r = " in panel.large.value.text() and not panel.large._is_stale())
    desk.wait(lambda: panel.large.known().filtered is not None)
    best = panel.large.known().filtered
    assert abs(best.correlation) >= abs(found.correlation) - 1e-6
    assert panel.large.beside.text() == "By hand"


def test_colours_are_matplotlibs_and_the_canvas_has_them_too(desk, panel) -> None:
    for row in COLOR_MAPS:
        if row.key in ("viridis", "magma", "cividis"):
            table = mpl.colormaps[row.key](np.arange(256), bytes=True)[:, :3].astype(int)
            own = map_ramp(row.key, "light").view(np.uint32)
            assert np.array_equal(own & 255, table[:, 2])
            assert np.array_equal(own >> 16 & 255, table[:, 0])
    look(desk, colors="viridis")
    frame = desk.wait_frame()
    pixels = frame.thumbnails[LAYER].pixels
    assert set(np.unique(pixels)) <= set(map_ramp("viridis", "light").view(np.uint32).tolist())


def test_raw_values_are_the_layers_own(desk, panel, tmp_path: Path) -> None:
    opened(desk, panel, 1)
    files = panel.findChild(MapFiles)
    files.raw(str(tmp_path / "maps.npy"))
    desk.wait((tmp_path / "maps.npy").exists)
    maps = np.load(tmp_path / "maps.npy")
    assert np.array_equal(maps[1], panel.large.shown().values)
    files.raw(str(tmp_path / "all.npz"))
    desk.wait((tmp_path / "all.npz").exists)
    with np.load(tmp_path / "all.npz") as every:
        assert np.array_equal(every[LAYER], maps)
        assert len(every.files) == len(desk.session.blocks)


def test_pictures_and_figures_are_written(desk, panel, tmp_path: Path) -> None:
    opened(desk, panel, 1)
    files = panel.findChild(MapFiles)
    files.png(str(tmp_path / "maps.png"))
    with Image.open(tmp_path / "maps.png") as image:
        assert image.size == desk.session.frame.mosaic.pixels.shape[::-1]
    for ending in ("svg", "pdf"):
        files.figure(str(tmp_path / f"panel.{ending}"))
    assert "Feature maps" in (tmp_path / "panel.svg").read_text()
    assert (tmp_path / "panel.pdf").read_bytes().startswith(b"%PDF")


def test_how_maps_are_looked_at_is_saved_with_the_view() -> None:
    part = FeatureMapView(True, "share", "magma", "layer", "enc1.act2")
    plain = ViewState(parts=ViewState().parts.having(part), range_mode="smoothed").to_plain()
    again = ViewState.from_plain(plain, WORKSPACES.view_parts)
    assert again.part(FeatureMapView) == part
    assert again.range_mode == "smoothed"
    odd = FeatureMapView.from_plain({"order": 3, "beside": "moon", "colors": None, "large": 1})
    assert odd == FeatureMapView()


def test_the_engine_draws_the_maps_that_are_shown_and_of_pills_what_is_selected(desk) -> None:
    session, boxes = desk.session, desk.session.placement.boxes
    frame = desk.wait_frame()
    cards = {block.output for block in session.blocks if boxes[block.id].form == "card"}
    assert set(frame.thumbnails) == cards
    pill = next(block for block in session.blocks if boxes[block.id].form == "pill")
    session.set_view(selection=pill.id)
    desk.wait(lambda: pill.output in session.frame.thumbnails)
