"""Writes the report of a study: `report.html`, which needs no network, and `report.pdf`."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analysis.facts import Facts
from analysis.storage import atomic_file
from viewer.drawing.report.html import page, table, text
from viewer.drawing.report.study import layer_charts, worth_charts
from viewer.drawing.report.study.chart_look import ChartLook, drawing, in_dark, plain, svg_of
from viewer.drawing.report.study.study_tables import (
    layers_table,
    skipped_table,
    skips_table,
    totals_table,
)
from viewer.text.escaping import xml_text
from viewer.text.translation import tr

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLE = 0.8
"""Inches at the top of a page of the PDF for the heading of its chart."""
HTML, PDF = "report.html", "report.pdf"
Maps = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Chart:
    """A chart of the report: its heading, a sentence on how to read it, and what draws it."""

    title: str
    reading: str
    draw: Callable[[ChartLook], Figure | None]


@dataclass(frozen=True)
class Drawn:
    """A chart that there is something in, drawn in light."""

    chart: Chart
    figure: Figure
    svg: bytes


def write_report(
    folder: Path,
    title: str,
    facts: Facts,
    answer: Mapping[str, Any],
    rows: Mapping[str, Any],
    maps: Maps,
) -> None:
    """Write both files, each in one step. `answer` is report.json's, `rows` columns by name.

    Raises OSError.
    """
    look = ChartLook()
    with drawing(look):
        drawn = [
            Drawn(chart, figure, svg_of(figure))
            for chart in _charts(facts, answer, rows, maps)
            if (figure := chart.draw(look)) is not None
        ]
        atomic_file.write(folder / HTML, [html(title, answer, drawn).encode()])
        atomic_file.write(folder / PDF, [pdf(title, answer, drawn, look)])


def _charts(
    facts: Facts, answer: Mapping[str, Any], rows: Mapping[str, Any], maps: Maps
) -> list[Chart]:
    return [
        Chart(
            tr("What each skip is worth"),
            tr("A dot is an image; the bar is where the mean of such images lies (95 %)."),
            lambda look: worth_charts.worth(answer, rows, look),
        ),
        Chart(
            tr("The output with skips off"),
            tr("A dot is an image; the bar is where the mean of such images lies (95 %)."),
            lambda look: worth_charts.scores(answer, rows, look),
        ),
        Chart(
            tr("Effective receptive fields"),
            tr(
                "Half the side of a square of as many pixels: those with at least 4.55 % of the "
                "strongest mean gradient of the middle unit, and those that it can see at all."
            ),
            lambda look: layer_charts.field_radii(answer, look),
        ),
        Chart(
            tr("Mean gradient of the middle unit on the input"),
            tr("By its logarithm over four decades; the frame is the theoretical field."),
            lambda look: layer_charts.field_maps(facts, maps, look),
        ),
        Chart(
            tr("Activations"),
            tr("From the smallest to the largest value in any image."),
            lambda look: layer_charts.ranges(answer, look),
        ),
        Chart(
            tr("Dead channels"),
            tr("Channels behind an activation that are the same everywhere in every image."),
            lambda look: layer_charts.dead_channels(answer, look),
        ),
    ]


# ------------------------------------------------------------------------------------ HTML


def html(title: str, answer: Mapping[str, Any], charts: list[Drawn]) -> str:
    """The page, in the language in use."""
    heading = _heading(title)
    parts = [f"<h1>{text(heading)}</h1>", table(totals_table(answer))]
    parts += [table(skips_table(answer))] if answer["skips"] else []
    parts += [_figure(each) for each in charts]
    parts.append(table(layers_table(answer)))
    if answer["skipped"]:
        parts.append(table(skipped_table(answer)))
    return page(heading, parts)


def _heading(title: str) -> str:
    return tr("Study of {name}", name=title)


def _figure(drawn: Drawn) -> str:
    """The chart in light and in dark, of which one is shown."""
    chart, images = drawn.chart, []
    for mode, svg in (("light", drawn.svg), ("dark", in_dark(drawn.svg))):
        data = base64.b64encode(svg).decode()
        alt = xml_text(chart.title)
        images.append(f'<img class="{mode}" alt="{alt}" src="data:image/svg+xml;base64,{data}" />')
    return (
        f"<h2>{text(chart.title)}</h2><p><small>{text(chart.reading)}</small></p>"
        f'<figure class="chart">{"".join(images)}</figure>'
    )


# ------------------------------------------------------------------------------------- PDF


def pdf(title: str, answer: Mapping[str, Any], charts: list[Drawn], look: ChartLook) -> bytes:
    """The same on pages: totals and skips, then a chart each."""
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    content = io.BytesIO()
    about = {"Title": _heading(title), "Creator": "Fieldglass", "CreationDate": None}
    with PdfPages(content, metadata=about) as pages:
        pages.savefig(_first_page(title, answer, look))
        for each in charts:
            width, height = each.figure.get_size_inches()
            height += TITLE
            each.figure.set_size_inches(width, height)
            title = plain(each.chart.title)
            each.figure.text(0.03, 1 - 0.4 / height, title, fontsize=13, va="center")
            layout = each.figure.get_layout_engine()
            if isinstance(layout, ConstrainedLayoutEngine):  # a margin, as the first page has
                layout.set(rect=(0.02, 0.1 / height, 0.95, 1 - TITLE / height))
            pages.savefig(each.figure)
    return content.getvalue()


def _first_page(title: str, answer: Mapping[str, Any], look: ChartLook) -> Figure:
    from matplotlib.figure import Figure

    tables = [totals_table(answer), *([skips_table(answer)] if answer["skips"] else [])]
    lines = sum(3 + len(each.rows) for each in tables)
    figure = Figure(figsize=(9.6, 1.0 + 0.24 * lines))
    height = figure.get_figheight()
    figure.text(0.03, 1 - 0.45 / height, plain(_heading(title)), fontsize=17, va="center")
    y = 1.0
    for each in tables:
        figure.text(0.03, 1 - y / height, plain(each.title), fontsize=12, va="center")
        y += 0.26
        for row in [each.columns, *each.rows] if each.columns else each.rows:
            wide = 0.36 if len(row) == 2 else 0.12
            for at, cell in enumerate(row):
                x = 0.03 if at == 0 else wide + (0.98 - wide) * (at - 1) / (len(row) - 1)
                color = look["muted"] if row is each.columns else look["text"]
                figure.text(x, 1 - y / height, plain(cell), va="center", color=color, fontsize=8.5)
            y += 0.24
        y += 0.3
    return figure
