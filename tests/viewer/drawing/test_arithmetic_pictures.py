"""Pictures of convolution arithmetic: exact colours, what lights up, what a point hits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from analysis.arithmetic import PRESETS, Case, as_values, compute, plan, seeded, stamped
from viewer.drawing.arithmetic.cells import cell_text, number_text
from viewer.drawing.arithmetic.count_pictures import OverlapPicture
from viewer.drawing.arithmetic.display import Spot
from viewer.drawing.arithmetic.flat_picture import FlatPicture
from viewer.drawing.arithmetic.highlight import connected, step_highlight
from viewer.drawing.arithmetic.matrix_picture import MatrixPicture
from viewer.drawing.arithmetic.plates_picture import PlatesPicture
from viewer.drawing.arithmetic.scene import Scene
from viewer.drawing.arithmetic.stamp_picture import StampPicture
from viewer.drawing.arithmetic.step_text import written_text
from viewer.drawing.arithmetic.zero_insertion_picture import ZeroInsertionPicture
from viewer.look.fonts import load_fonts
from viewer.look.palette import Inks
from viewer.text.translation import language

RECT = QRectF(10, 10, 700, 500)
TRANSPOSED = "padding_strides_transposed"
EVERY = (FlatPicture, MatrixPicture, OverlapPicture, PlatesPicture)


@pytest.fixture(autouse=True)
def english(qapp):
    load_fonts()
    language.use("en")


def scene_of(name: str, **options) -> Scene:
    preset = PRESETS[name]
    x, w, b = seeded(preset.case)
    if preset.input_values is not None:
        x = as_values(preset.input_values, preset.case.input_shape)
    if preset.kernel_values is not None:
        w = as_values(preset.kernel_values, preset.case.kernel_shape)
    return Scene(plan(preset.case), x, w, b, **options)


def painted(picture, scene: Scene, step: float | None, highlight=None, rect=RECT) -> QImage:
    image = QImage(720, 520, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(scene.inks.color("surface"))
    painter = QPainter(image)
    picture.paint(painter, rect, scene, step, highlight)
    painter.end()
    return image


def colour_in(image: QImage, grid, row: int, column: int) -> str:
    """Near a cell's corner, where no number stands."""
    at = grid.on_picture(row + 0.12, column + 0.12)
    return image.pixelColor(round(at.x()), round(at.y())).name().upper()


def grid_of(picture, scene: Scene, part: str):
    return next(grid for grid in picture.grids(scene, RECT) if grid.part == part)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_lit_and_plain_cells_have_exactly_the_colours_of_the_tokens(mode):
    scene, picture = scene_of("no_padding_no_strides", mode=mode), FlatPicture()
    image, inks = painted(picture, scene, 1), Inks(mode)
    inside, outside = grid_of(picture, scene, "input"), grid_of(picture, scene, "output")
    for row in range(4):
        for column in range(4):
            token = "a_in" if row < 3 and column >= 1 else "a_inbg"
            seen = colour_in(image, inside, row, column)
            assert seen == inks.color(token).name().upper(), (row, column)
    for place, token in {(0, 0): "a_outbg", (0, 1): "a_out", (1, 1): "a_outbg"}.items():
        assert colour_in(image, outside, *place) == inks.color(token).name().upper()


def test_a_weight_has_one_colour_in_the_kernel_and_everywhere_in_the_matrix():
    scene = scene_of("no_padding_no_strides")
    flat, table = FlatPicture(), MatrixPicture()
    kernel_image = painted(flat, scene, None, connected(scene, Spot("output", (0, 0))))
    matrix_image = painted(table, scene, None, connected(scene, Spot("output", (0, 0))))
    kernel, grid = grid_of(flat, scene, "kernel"), grid_of(table, scene, "matrix")
    lit = [colour_in(matrix_image, grid, 0, 4 * r + c) for r in range(3) for c in range(3)]
    assert lit == [colour_in(kernel_image, kernel, r, c) for r in range(3) for c in range(3)]
    assert len(set(lit)) == 9
    plain = {colour_in(matrix_image, grid, row, row % 2 + 4 * (row // 2)) for row in (1, 2, 3)}
    assert len(plain) == 1
    assert plain.isdisjoint(lit)


def test_input_is_left_of_the_output_everywhere():
    for picture in (FlatPicture(), PlatesPicture(), MatrixPicture()):
        scene = scene_of("arbitrary_padding_no_strides")
        inside, outside = (grid_of(picture, scene, part) for part in ("input", "output"))
        assert inside.bounds.center().x() < outside.bounds.center().x(), picture
    scene = scene_of(TRANSPOSED)
    for picture in (StampPicture(), ZeroInsertionPicture()):
        inside, outside = (grid_of(picture, scene, part) for part in ("input", "output"))
        assert inside.bounds.right() <= outside.bounds.left(), picture


@pytest.mark.parametrize("name", sorted(PRESETS))
@pytest.mark.parametrize("look", EVERY)
def test_every_cell_is_hit_at_its_own_middle(look, name):
    scene, picture = scene_of(name), look()
    for grid in picture.grids(scene, RECT):
        for place in ((0, 0), (grid.rows - 1, grid.columns - 1)):
            point = grid.on_picture(place[0] + 0.5, place[1] + 0.5)
            assert RECT.contains(point)
            assert picture.cell_at(scene, RECT, point) == picture.spot(scene, grid, place)
    assert picture.cell_at(scene, RECT, QPointF(-5, -5)) is None


def test_a_stretched_input_hits_real_cells_and_no_zeros():
    scene, picture = scene_of(TRANSPOSED), ZeroInsertionPicture()
    grid = grid_of(picture, scene, "input")
    hits = {
        (row, column): picture.cell_at(scene, RECT, grid.on_picture(row + 0.5, column + 0.5))
        for row in range(grid.rows)
        for column in range(grid.columns)
    }
    real = {place: spot.cell for place, spot in hits.items() if spot is not None}
    assert real == {(2 * r + 1, 2 * c + 1): (r, c) for r in range(3) for c in range(3)}
    kernel = grid_of(picture, scene, "kernel")
    assert picture.cell_at(scene, RECT, kernel.on_picture(0.5, 0.5)) == Spot("kernel", (2, 2))


@pytest.mark.parametrize("name", ["padding_strides", "dilation", TRANSPOSED])
def test_what_is_connected_is_the_same_from_every_end(name):
    scene = scene_of(name)
    row = scene.row_of((1, 1))
    by_output = connected(scene, Spot("output", (1, 1)))
    for cell in by_output.inputs:
        assert (1, 1) in connected(scene, Spot("input", cell)).outputs
    columns, _ = scene.matrix.row(row)
    assert by_output.entries == {(row, int(column)) for column in columns}
    for entry in by_output.entries:
        found = connected(scene, Spot("matrix", entry))
        assert found.outputs == {(1, 1)}
        assert len(found.kernels) == 1
        assert found.kernels <= by_output.kernels
    with pytest.raises(IndexError):
        connected(scene, Spot("output", (99, 0)))


def test_sums_so_far_end_in_the_whole_output():
    scene = scene_of(TRANSPOSED, by="input")
    assert scene.steps == 9
    assert np.array_equal(scene.partial(9), compute(scene.case, scene.x, scene.w)[0])
    assert np.array_equal(scene.partial(4), stamped(scene.case, scene.x, scene.w, 4)[0])


def test_a_step_between_two_moves_only_the_window():
    scene, picture = scene_of("same_padding_no_strides"), FlatPicture()
    before, between = painted(picture, scene, 6), painted(picture, scene, 6.4)
    after = painted(picture, scene, 7)
    assert before != between
    inside = grid_of(picture, scene, "input")
    for row in range(5):
        seen = {colour_in(image, inside, row, 3) for image in (before, between)}
        assert len(seen) == 1 or row < 3  # lit cells change only with the step
    assert after != between


def test_only_what_is_seen_is_painted():
    """The clip of a scrolled picture decides how many cells are written."""
    case = Case("conv", (64, 64), (3, 3), padding=(1, 1))
    x, w, b = seeded(case)
    scene, picture = Scene(plan(case), x, w, b), FlatPicture()
    rect = QRectF(-1500, -900, 7000, 3400)
    (inside, *_) = picture.grids(scene, rect)
    rows, columns = inside.seen(QRectF(0, 0, 720, 520))
    assert len(rows) * len(columns) < 400
    image = painted(picture, scene, 2000, rect=rect)
    row, column = rows[len(rows) // 2], columns[len(columns) // 2]
    assert colour_in(image, inside, row, column) == scene.inks.color("a_inbg").name().upper()


def test_counts_have_the_same_tint_where_they_are_the_same():
    scene, picture = scene_of(TRANSPOSED), OverlapPicture()
    image = painted(picture, scene, None, None)
    (grid,) = picture.grids(scene, RECT)
    counts = picture.counts(scene)
    by_count: dict[int, set[str]] = {}
    for (row, column), count in np.ndenumerate(counts):
        by_count.setdefault(int(count), set()).add(colour_in(image, grid, row, column))
    assert sorted(by_count) == [1, 2, 4]
    assert all(len(colours) == 1 for colours in by_count.values())
    assert len(set().union(*by_count.values())) == 3


@pytest.mark.parametrize(
    "case",
    [
        Case("conv", (9,), (3,), (2,), (1,), (1,), (0,)),
        Case("transposed", (5,), (3,), (2,), (1,), (2,), (1,)),
        Case("transposed", (4, 4), (2, 2), (1, 1), (2, 2)),
        Case("pool", (5, 5), (2, 2), (2, 2), ceil_mode=True),
        Case("conv", (4, 4), (3, 3), channels=(4, 2), groups=2, bias=True),
    ],
)
def test_odd_cases_paint_in_every_picture(case):
    x, w, b = seeded(case)
    scene = Scene(plan(case), x, w, b, in_channel=case.channels[0] - 1,
                  out_channel=case.channels[1] - 1)  # fmt: skip
    pictures = [FlatPicture(), PlatesPicture(), MatrixPicture()]
    if case.kind == "transposed":
        pictures = [PlatesPicture(), ZeroInsertionPicture(), StampPicture(), OverlapPicture()]
    for picture in pictures:
        first, last = (painted(picture, scene, step) for step in (0, scene.steps - 1))
        assert first != last or scene.steps == 1


def test_a_step_is_written_out_with_its_numbers():
    scene = scene_of("no_padding_no_strides")
    assert written_text(scene, 0) == (
        "y(0,0) = 0·1 + 1·2 + 2·3 + 2·0 + 2·1 + 0·2 + 0·3 + 1·0 + 2·1 = 12"
    )
    short = written_text(scene, 0, len, 40)
    assert len(short) <= 40
    assert short.endswith("… + 2·1 = 12")
    assert written_text(scene_of("numerical_max_pooling"), 0).endswith(
        "max(3, 3, 2, 0, 0, 1, 3, 1, 2) = 3"
    )


def test_a_stamp_is_written_out():
    scene = scene_of(TRANSPOSED, by="input")
    value = scene.x[0, 1, 1]
    assert written_text(scene, 4) == f"y += x(1,1) · w = {value} · w"


def test_the_largest_cell_of_a_window_is_framed():
    scene, picture = scene_of("numerical_max_pooling"), FlatPicture()
    image, inside = painted(picture, scene, 4), grid_of(picture, scene, "input")
    frame = scene.inks.color("a_win").name()
    framed = []
    for row in range(1, 4):
        for column in range(1, 4):
            at = inside.on_picture(row + 0.5, column)
            inner = inside.on_picture(row + 0.5, column + 1)
            edges = [image.pixelColor(round(p.x()), round(p.y())).name() for p in (at, inner)]
            if edges == [frame, frame]:
                framed.append((row, column))
    assert framed == [(1, 3)]


def test_numbers_in_cells_are_short_and_never_wrong():
    assert [cell_text(v) for v in (0.13249, -0.132, 1.274, -12.71, 1234.5, 2.0, -0.0001)] == [
        ".132", "−.132", "1.27", "−12.7", "1234", "2", "−1e−4",
    ]  # fmt: skip
    assert number_text(-np.inf) == "−∞"
    assert cell_text(np.int64(-7)) == "−7"


def test_steps_light_what_the_plan_taps():
    scene = scene_of("arbitrary_padding_no_strides")
    for index in range(scene.steps):
        lit = step_highlight(scene, index)
        assert lit.inputs == {tap.input for tap in scene.plan.step(index).taps}


def test_a_long_sum_keeps_as_many_terms_as_fit():
    scene = scene_of("arbitrary_padding_no_strides")
    at = scene.steps // 2
    whole = written_text(scene, at)
    widths = {room: written_text(scene, at, len, room) for room in (20, 40, 60, 80, len(whole))}
    assert widths[len(whole)] == whole
    for room, text in widths.items():
        kept = text.split(" … ")[0].count("·")
        assert len(text) <= room or kept == 1
        longer = [each for each in widths.values() if len(each) <= room]
        assert text == max([*longer, widths[20]], key=len)


def test_symbols_name_the_weights_and_cells_of_a_sum():
    text = written_text(replace(scene_of("no_padding_no_strides"), shown="symbols"), 3)
    assert text.startswith("y(1,1) = w00·x11 + w01·x12 + w02·x13 + w10·x21")
    assert text.endswith("w22·x33")


@pytest.mark.parametrize("most", [3, 4, 5])
@pytest.mark.parametrize("value", [-1.5, 1.04, 9.96, -0.0832, 0.035, 12.7, -99.6, 345.6])
def test_a_cell_never_rounds_a_number_into_another(value, most):
    text = cell_text(value, most)
    shown = float(text.replace("−", "-"))
    assert abs(shown - value) <= max(0.05 * abs(value), 0.005)


def test_a_number_too_small_for_its_cell_is_said_to_be_near_zero():
    assert cell_text(-0.0004, 3) == "≈0"
    assert cell_text(0.0, 3) == "0"


def test_a_stamp_adds_up_alike_in_every_picture():
    scene = scene_of(TRANSPOSED, by="input")
    for step in range(scene.steps):
        sums = stamped(scene.case, scene.x, scene.w, step + 1, scene.b)[0]
        np.testing.assert_array_equal(scene.output_after(step), sums)
    np.testing.assert_array_equal(scene.output_after(-1), scene.y[0])
    np.testing.assert_array_equal(scene_of(TRANSPOSED).output_after(3), scene.y[0])
