"""The report of a training as one HTML page: curves, held-out pictures, numbers, the recipe."""

from __future__ import annotations

import base64

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPainter

from viewer.drawing.charts.marks import letter_of
from viewer.drawing.files.figure_file import png_of, svg
from viewer.drawing.report.html import Table, page, table, text
from viewer.look.theme import theme
from viewer.text.number_format import decimal, grouped
from viewer.text.translation import tr
from viewer.text.twin_names import twin_name
from viewer.workspaces.train.charts.of_codes import (
    code_columns,
    code_row,
    coded_twins,
    paint_codes,
)
from viewer.workspaces.train.charts.of_log import score_text
from viewer.workspaces.train.charts.pixels import packed
from viewer.workspaces.train.export.recipe_rows import recipe_rows
from viewer.workspaces.train.export.report import SIZE, paint_report
from viewer.workspaces.train.lab.training_log import TrainingLog
from viewer.workspaces.train.view_part import Across

SCATTERS = QSizeF(860, 300)


def report_page(log: TrainingLog, across: Across) -> str:
    """The page, in the language and the colours in use."""
    title = tr("Report of a training")
    return page(title, [
        f"<h1>{text(title)}</h1>",
        _curves(log, across),
        table(_twins(log)),
        _pictures(log),
        _codes(log),
        table(Table(tr("Recipe"), (), recipe_rows(log.recipe))),
    ])  # fmt: skip


def _codes(log: TrainingLog) -> str:
    """Where the codes of auto-encoders lie, and what they are good for."""
    rows = [code_row(name, code) for name, code in coded_twins(log)]
    if not rows:
        return ""
    title = tr("Codes of held-out pictures")
    drawn = svg(SCATTERS, lambda painter: _paint_codes(painter, log), title)
    return table(Table(title, code_columns(), rows)) + _figure(drawn, title)


def _paint_codes(painter: QPainter, log: TrainingLog) -> None:
    area = QRectF(QPointF(0, 0), SCATTERS)
    painter.fillRect(area, theme.color("surface"))
    paint_codes(painter, area, log)


def _curves(log: TrainingLog, across: Across) -> str:
    drawn = svg(
        SIZE, lambda painter: paint_report(painter, log, across), tr("Curves of a training")
    )
    return _figure(drawn, tr("Curves of a training"))


def _figure(drawn: bytes, said: str) -> str:
    data = base64.b64encode(drawn).decode()
    return f'<figure><img alt="{text(said)}" src="data:image/svg+xml;base64,{data}"></figure>'


def _twins(log: TrainingLog) -> Table:
    columns = (
        tr("Network"), tr("parameters"), tr("Loss"), tr("IoU") if log.segments else tr("PSNR, dB"),
        tr("Score on training pictures"), tr("seconds"),
    )  # fmt: skip
    rows = []
    for at, twin in enumerate(log.twins):
        loss = log.record.mean_loss(twin.name, 20)
        seen = [each for each in log.record.measured if each.twin == twin.name]
        learnt = seen[-1].training if seen else None
        rows.append((
            f"{letter_of(at)} {twin_name(twin.name)}", grouped(twin.parameters),
            "–" if loss is None else f"{loss:.4g}", score_text(log, log.last_score(twin.name)),
            score_text(log, learnt), decimal(seen[-1].seconds if seen else 0.0),
        ))  # fmt: skip
    note = tr("{seconds} s · step {n} of {steps}", seconds=decimal(log.seconds),
              n=grouped(log.step), steps=grouped(log.recipe.steps))  # fmt: skip
    return Table(tr("Networks"), columns, rows, note=note)


def _pictures(log: TrainingLog) -> str:
    """The newest held-out pictures, each with its score under it."""
    if log.previews is None:
        return ""
    heads = [tr("given"), *(f"{letter_of(i)} {twin_name(t.name)}" for i, t in enumerate(log.shown)),
             tr("wanted")]  # fmt: skip
    rows = []
    for picture in log.previews.pictures:
        seen = [picture.seen[twin.name] for twin in log.shown]
        shown = [(picture.given, picture.given_score), *((s.pixels, s.score) for s in seen)]
        cells = [_cell(_image(packed(p)), "" if s is None else score_text(log, s))
                 for p, s in shown]  # fmt: skip
        cells.append(_cell(_image(packed(picture.wanted)), picture.name))
        rows.append(f"<tr>{''.join(cells)}</tr>")
    head = "".join(f"<th>{text(each)}</th>" for each in heads)
    return (
        f"<h2>{text(tr('Held-out pictures'))}</h2><div><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cell(image: str, words: str) -> str:
    return f"<td>{image}<br><small>{text(words)}</small></td>"


def _image(image: QImage) -> str:
    data = base64.b64encode(png_of(image)).decode()
    return f'<img width="160" alt="" src="data:image/png;base64,{data}">'
