"""Charts: scales hold their values, labels stand apart, bars are as high as their logarithm."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from viewer.drawing.charts.bar_chart import BarChart, Bars, bar_rects, scale_of
from viewer.drawing.charts.epoch_picture import Epoch, paint_epoch
from viewer.drawing.charts.line_chart import (
    LINE,
    Line,
    LineChart,
    _free,
    apart,
    paint_lines,
    tick_text,
)
from viewer.drawing.charts.marks import MARKS, mark_of
from viewer.drawing.charts.scale import covering
from viewer.drawing.charts.scatter_chart import (
    HEAD,
    Scatter,
    class_colour,
    name_rooms,
    paint_scatter,
    places,
)
from viewer.look.theme import theme

FINITE = st.floats(-1e6, 1e6, allow_nan=False)
POSITIVE = st.floats(1e-9, 1e6)


@given(st.lists(FINITE, min_size=1, max_size=9))
def test_a_linear_scale_holds_all_values_and_its_ticks_lie_in_it(values) -> None:
    scale = covering(values)
    assert all(scale.low <= each <= scale.high for each in values)
    ticks = scale.ticks()
    assert 1 <= len(ticks) <= 7
    slack = (scale.high - scale.low) * 1e-6
    assert all(scale.low - slack <= each <= scale.high + slack for each in ticks)


@given(st.lists(POSITIVE, min_size=1, max_size=9), st.booleans())
def test_a_logarithmic_scale_too(values, whole) -> None:
    scale = covering(values, log=True, whole=whole)
    assert all(scale.low * 0.999 <= each <= scale.high * 1.001 for each in values)
    middle = math.sqrt(scale.low * scale.high)
    assert scale.share(middle) == pytest.approx(0.5, abs=1e-6)
    assert scale.ticks()


@given(st.lists(st.floats(0, 200), min_size=1, max_size=8).map(sorted))
def test_labels_stand_apart(heights) -> None:
    placed = apart(heights, 0, 200)
    assert all(below - above >= LINE - 1e-6 for above, below in pairwise(placed))
    assert placed[-1] <= 200 + 1e-6
    if all(below - above >= LINE for above, below in pairwise(heights)):
        assert placed == heights


@given(st.integers(1, 200), st.integers(1, 64), st.integers(0, 500))
def test_an_epoch_has_as_many_iterations_as_batches_cover_it(pictures, batch, step) -> None:
    epoch = Epoch(pictures, batch, step)
    assert (epoch.iterations - 1) * batch < pictures <= epoch.iterations * batch
    drawn = 0
    number = 0
    for _ in range(step):
        if drawn in (0, pictures):
            drawn, number = 0, number + 1
        drawn = min(pictures, drawn + batch)
    assert (epoch.drawn, epoch.number) == (drawn, number)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (25, "25"), (1500, "1\u202f500"), (1e-4, "10⁻⁴"), (2e-5, "2·10⁻⁵"),
     (-3, "−3"), (0.05, "0.05")],
)  # fmt: skip
def test_a_number_at_an_axis_is_short(value, text) -> None:
    assert tick_text(value) == text


@pytest.mark.parametrize("crossing", [0.15, 0.5, 0.8])
def test_words_at_a_level_stand_clear_of_a_line_that_crosses_it(crossing) -> None:
    """A line from far below to far above, steep where it crosses; the other words stay clear."""
    plot = QRectF(40, 12, 400, 150)
    x = plot.left() + crossing * plot.width()
    line = [QPointF(plot.left(), 150), QPointF(x - 10, 145), QPointF(x + 10, 40),
            QPointF(plot.right(), 30)]  # fmt: skip
    at = _free(plot, 90.0, 160.0, [line, []])
    words = QRectF(at.x(), at.y() + 4 - LINE, 160.0, LINE)
    assert plot.left() <= words.left() <= words.right() <= plot.right()
    heights = np.interp(np.linspace(words.left(), words.right(), 500),
                        [each.x() for each in line], [each.y() for each in line])  # fmt: skip
    assert ((heights < words.top()) | (heights > words.bottom())).all()


def test_bars_are_as_high_as_their_logarithm_and_none_stands_for_zero() -> None:
    chart = BarChart(("a", "b"), (Bars((1e-4, 1.0), MARKS[0]), Bars((0.0, None), MARKS[1])))
    plot = QRectF(0, 0, 200, 100)
    up = scale_of(chart)
    (small, none), (large, absent) = (bar_rects(chart, plot, up, at) for at in range(2))
    assert none is None
    assert absent is None
    assert large.height() == pytest.approx(100)
    assert small.height() == pytest.approx(1)
    chart = BarChart(("a", "b", "c"), (Bars((1e-4, 1e-2, 1.0), MARKS[0]),))
    heights = [bar_rects(chart, plot, scale_of(chart), at)[0].height() for at in range(3)]
    assert heights[1] == pytest.approx(50)


def canvas(width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    return image


def test_the_newest_batch_of_an_epoch_is_the_strongest(qapp) -> None:
    image = canvas(200, 60)
    painter = QPainter(image)
    paint_epoch(painter, Epoch(10, 4, 2), QRectF(0, 0, 200, 60))
    painter.end()
    strong = QColor(theme.color("accent")).rgba()
    counts = sum(image.pixel(x, y) == strong for x in range(200) for y in range(60))
    cell = sum(image.pixel(x, y) == strong for x in range(200) for y in range(60)) / 4
    assert counts
    assert math.isqrt(round(cell)) ** 2 == round(cell), "four whole squares"


def test_a_line_is_drawn_in_its_colour_and_holes_are_left_out(qapp, plain_look) -> None:
    image = canvas(400, 160)
    image.fill(theme.color("surface"))
    points = tuple((float(x), math.nan if x == 3 else float(x * x)) for x in range(9))
    painter = QPainter(image)
    paint_lines(painter, LineChart((Line(points, mark_of(0), "A 64"),)), QRectF(0, 0, 400, 160))
    painter.end()
    wanted = theme.color(MARKS[0].line)
    found = [(x, y) for x in range(400) for y in range(160)
             if image.pixelColor(x, y) == wanted]  # fmt: skip
    columns = np.array(sorted({x for x, _ in found}))
    assert len(columns) > 20
    rising = [min(y for x, y in found if x == at) for at in columns[:: len(columns) // 5]]
    assert rising == sorted(rising, reverse=True)


def test_points_lie_in_their_rectangle_on_one_scale_and_wear_their_classes_colour(qapp) -> None:
    points = np.array([[0, 0], [4, 0], [4, 2], [0, 2]], np.float32)
    rect = QRectF(10, 10, 200, 160)
    where = places(Scatter("", points, ("a", "a", "b", "b")), rect)
    assert where[:, 0].min() >= 10 - 1e-6
    assert where[:, 0].max() <= 210 + 1e-6
    across = where[1] - where[0], where[2] - where[1]
    assert np.linalg.norm(across[0]) == pytest.approx(2 * np.linalg.norm(across[1]), rel=1e-5)
    assert where[2, 1] < where[1, 1], "up is up"
    image = canvas(220, 200)
    painter = QPainter(image)
    scatter = Scatter("", points, ("a", "a", "b", "b"))
    paint_scatter(painter, scatter, QRectF(0, 0, 220, 200))
    painter.end()
    plot = QRectF(0, 0, 220, 200).adjusted(8, HEAD + 8, -8, -8)
    for at, (x, y) in enumerate(places(scatter, plot)):
        assert image.pixelColor(int(x), int(y)) == class_colour(at // 2)


def test_names_of_classes_whose_means_lie_close_stand_apart() -> None:
    plot = QRectF(0, 0, 200, 150)
    means = [QPointF(100, 75), QPointF(101, 75), QPointF(2, 75), QPointF(104, 78), QPointF(99, 72)]
    rooms = name_rooms(means, [9.0] * 5, plot)
    for at, (mean, room) in enumerate(zip(means, rooms, strict=True)):
        assert plot.contains(room)
        assert not any(room.intersects(each) for each in rooms[:at])
        assert (room.center() - mean).manhattanLength() < 48
    assert rooms[0].center() == means[0], "the first one stands at its mean"
