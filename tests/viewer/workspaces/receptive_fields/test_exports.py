"""Tables, charts and pictures on the disk say what the screen says, or a sentence says why not."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QRectF

from analysis.blueprints import BLUEPRINTS
from analysis.inference.protocol.runs import Frame, ImageFit
from analysis.storage.document import Document
from viewer.drawing.painting.hatch import hatch_lines
from viewer.session import Session
from viewer.session.view_state import Pin, ViewState
from viewer.workspaces.receptive_fields.layers.panel import FieldChart
from viewer.workspaces.receptive_fields.unit.panel import FieldPanel
from viewer.workspaces.registry import WORKSPACES

SIZE = 128


@pytest.fixture
def session() -> Session:
    settings = BLUEPRINTS["unet"].complete({"depth": 4, "base": 4, "size": SIZE})
    graph = BLUEPRINTS["unet"].build(settings)
    document = Document(graph=graph, blueprint=("unet", settings))
    made = Session(
        document, ViewState(workspace="fields", pin=Pin("enc3.act2", 10, 20)), WORKSPACES
    )
    picture = np.full((SIZE, SIZE), 0xFFCCCCCC, np.uint32)
    fit = ImageFit((SIZE, SIZE), (SIZE, SIZE), 1.0, 0.0, 0.0)
    structure = graph.structure_hash
    made.show_frame(Frame(1, "", structure, "", fit, picture, picture, picture))
    return made


@pytest.fixture
def chart(session: Session, shown) -> FieldChart:
    return shown(FieldChart(session), 1148, 252)


@pytest.fixture
def panel(session: Session, shown) -> FieldPanel:
    return shown(FieldPanel(session), 452, 900)


def test_the_table_as_csv_and_json_holds_the_published_numbers(chart, tmp_path: Path) -> None:
    chart.files.table(str(tmp_path / "fields.csv"))
    with (tmp_path / "fields.csv").open(encoding="utf-8") as file:
        rows = {row["layer"]: row for row in csv.DictReader(file)}
    assert rows["enc4.conv2"]["extent_max"] == "68×68"
    assert rows["dec1.conv2"]["extent_min"] == "188×188"
    assert rows["dec1.conv2"]["extent_max"] == "204×204"
    assert rows["dec1.conv2"]["larger_than_image"] == "yes"
    assert rows["enc4.conv2"]["larger_than_image"] == "no"
    chart.files.table(str(tmp_path / "fields.json"))
    read = json.loads((tmp_path / "fields.json").read_text(encoding="utf-8"))
    layers = {each["layer"]: each for each in read["layers"]}
    assert read["image"] == [SIZE, SIZE]
    assert layers["bottleneck.conv2"]["extent_max"] == [140, 140]
    assert layers["enc1.conv2"]["image_share_max"] == pytest.approx(25 / SIZE**2)


def test_layers_past_the_image_are_marked_and_explained(chart, session) -> None:
    past = {bar.id for bar in chart.bars._bars if bar.past}
    assert past == {"bottleneck", "dec4", "dec3", "dec2", "dec1", "output"}
    assert chart.past.isVisible()
    assert "From bottleneck on" in chart.past.text()
    assert "central units of the output see all of it" in chart.past.text()
    assert "the corner unit 94 × 94 px" in chart.past.text()
    chart.tabs.set_current(1)
    rows = {row.id: row for row in chart.table.facts_model.rows}
    assert rows["bottleneck.conv2"].past
    assert not rows["enc4.conv2"].past


def test_the_chart_and_the_picture_are_written_in_every_kind(
    session, panel, chart, tmp_path: Path
) -> None:
    told: list[tuple[str, str]] = []
    notices = session.notifications
    notices.posted.connect(lambda notice: told.append((notice.text, notice.kind)))
    for ending in ("svg", "pdf", "png"):
        panel.files.chart(str(tmp_path / f"chart.{ending}"))
        size, paint = panel.picture.figure()
        panel.files.picture(str(tmp_path / f"overlay.{ending}"), size, paint, "Input")
    assert [kind for _, kind in told] == ["ok"] * 6
    drawn = (tmp_path / "chart.svg").read_text(encoding="utf-8")
    for word in ("bottleneck", "188–204", "enc 3"):
        assert word in drawn
    assert "32 × 32" in (tmp_path / "overlay.svg").read_text(encoding="utf-8")
    assert (tmp_path / "chart.pdf").read_bytes().startswith(b"%PDF")
    seen = np.asarray(Image.open(tmp_path / "overlay.png").convert("L"))
    assert seen.shape == (1024, 1024)
    y0, x0, y1, _ = session_box(panel)
    scale = 1024 // SIZE
    assert seen[(y0 + y1) // 2 * scale + 40, x0 * scale + 20] == 0xCC
    assert seen[-20, -20] < 0xCC // 2 + 10
    assert not list(tmp_path.glob(".*"))


def test_hatching_stays_inside_its_area() -> None:
    area = QRectF(10, 20, 37, 11)
    lines = hatch_lines(area)
    assert len(lines) == pytest.approx((37 + 11) / 6, abs=1)
    for each in lines:
        assert area.contains(each.p1())
        assert area.contains(each.p2())
        assert each.dx() == pytest.approx(each.dy())


def session_box(panel: FieldPanel) -> tuple[int, ...]:
    seen = panel.seen()
    assert seen is not None
    assert seen.box is not None
    return seen.box


def test_what_cannot_be_written_is_said_and_leaves_nothing(session, chart, tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    notices = session.notifications
    notices.posted.connect(lambda notice: told.append((notice.text, notice.kind)))
    chart.files.table(str(tmp_path / "missing" / "fields.csv"))
    assert told[-1][1] == "error"
    assert told[-1][0].startswith("fields.csv was not written: ")
    chart.files.table(str(tmp_path / "fields.xlsx"))
    assert told[-1] == (".xlsx is no kind of file this can be.", "error")
    chart.files.chart(str(tmp_path / "chart.gif"))
    assert told[-1] == (".gif is no kind of file this can be.", "error")
    assert list(tmp_path.iterdir()) == []
