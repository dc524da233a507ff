"""A network built by hand in the real window, from a blueprint to a figure and to code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from analysis.storage.document_file import load
from viewer.canvas.snapshot import export
from viewer.session.view_state import ViewState
from viewer.workspaces.build.blueprints.panel import BlueprintsPanel
from viewer.workspaces.build.inspector.operator_settings import OperatorSettings
from viewer.workspaces.build.layers.problems import ProblemsList
from viewer.workspaces.build.left_panel import BLUEPRINTS, OPERATORS, BuildLeftPanel

LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Builder:
    """What a person does in Build, by mouse and keys."""

    def __init__(self, desk) -> None:
        self.desk, self.session, self.qtbot = desk, desk.session, desk.qtbot
        self.canvas = desk.window.canvas
        self.scene = self.canvas.scene_of_network
        self.left = desk.window.findChild(BuildLeftPanel)
        self.blueprints = desk.window.findChild(BlueprintsPanel)

    @property
    def graph(self):
        return self.session.document.graph

    def choose_blueprint(self, words: str) -> None:
        self.left.tabs.set_current(BLUEPRINTS)
        field = self.blueprints.browser.field
        field.clear()
        self.qtbot.keyClicks(field, words)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)

    def switch_skips(self, title: str) -> None:
        buttons = self.blueprints.findChildren(QPushButton)
        (button,) = (each for each in buttons if each.text() == title and each.isVisible())
        self.qtbot.mouseClick(button, LEFT)

    def drop(self, template: str, point: QPointF) -> None:
        self.left.tabs.set_current(OPERATORS)
        groups = self.left.palette_panel.groups
        item = next(i for g in groups for i in g.items if i.template.key == template)
        data: QMimeData = item.mime()
        at = self.canvas.to_viewport(point).toPoint()
        for kind in (QDragEnterEvent, QDragMoveEvent):
            event = kind(at, Qt.DropAction.CopyAction, data, LEFT, NO_KEY)
            QApplication.sendEvent(self.canvas.viewport(), event)
            assert event.isAccepted()
        event = QDropEvent(QPointF(at), Qt.DropAction.CopyAction, data, LEFT, NO_KEY)
        QApplication.sendEvent(self.canvas.viewport(), event)

    def draw_wire(self, start: QPointF, end: QPointF) -> None:
        port = self.canvas.viewport()
        a, b = (self.canvas.to_viewport(each).toPoint() for each in (start, end))
        self.qtbot.mousePress(port, LEFT, pos=a)
        for step in range(1, 6):
            self.qtbot.mouseMove(port, a + QPoint(*_part(b - a, step)))
        self.qtbot.mouseRelease(port, LEFT, pos=b)

    def choose(self, text: str) -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        next(each for each in menu.actions() if each.text().startswith(text)).trigger()
        menu.close()

    def port(self, block: str) -> QPointF:
        """The rightmost port that leaves a block."""
        ports = self.scene.hits.ports()
        found = [each for each in ports if (each.block, each.way) == (block, "out")]
        return max((each.at for each in found), key=lambda at: at.x())


def _part(whole: QPoint, step: int) -> tuple[int, int]:
    return whole.x() * step // 5, whole.y() * step // 5


@pytest.fixture
def builder(open_desk, unet) -> Builder:
    return Builder(open_desk(unet(depth=4), ViewState(workspace="build")))


def test_from_a_blueprint_to_a_figure_and_to_code(builder: Builder, tmp_path: Path) -> None:
    desk, session = builder.desk, builder.session
    builder.choose_blueprint("passes the bottleneck")
    assert session.document.blueprint is not None
    assert session.document.blueprint[0] == "encoder_decoder"
    assert session.facts.skips == ()

    builder.switch_skips("U-Net")
    assert [skip.name for skip in session.facts.skips] == ["skip1", "skip2", "skip3", "skip4"]

    third = next(edge for edge in builder.scene.figure.edges if edge.skip == "skip3")
    builder.drop("attention-gate", third.path.pointAtPercent(0.5))
    assert "attn3.gated" in builder.graph
    assert session.facts.skip("skip3") is not None
    assert builder.blueprints.restart.text() == "Start again from U-Net"

    before = len(session.facts.skips)
    builder.draw_wire(builder.port("enc1"), builder.scene.figure.nodes["dec1"].centre)
    builder.choose("Concatenate")
    assert len(session.facts.skips) == before + 1
    assert session.facts.problems == ()

    assert break_level_two(builder)
    problems, window = desk.window.findChild(ProblemsList), desk.window
    strip = next(each for each in problems.strips if each.isVisibleTo(window))
    desk.wait(lambda: any(button.text().startswith("Use") for button in strip.buttons))
    repair = next(each for each in strip.buttons if each.text().startswith("Use"))
    builder.qtbot.mouseClick(repair, LEFT)
    assert session.facts.problems == ()

    saved = tmp_path / "visit.fieldglass"
    desk.window.saver.save(saved)
    desk.wait(saved.exists)
    assert load(saved, desk.store).document.graph == builder.graph
    figures(builder, tmp_path)
    code(builder, tmp_path)


def break_level_two(builder: Builder) -> tuple[str, ...]:
    """Type an odd size of level 2 into the input's inspector; the problems."""
    builder.session.set_view(selection="input")
    settings = builder.desk.window.findChild(OperatorSettings)
    box = settings.fields["size"].editor.lineEdit()
    box.selectAll()
    builder.qtbot.keyClicks(box, "250 x 250")
    builder.qtbot.keyClick(box, Qt.Key.Key_Return)
    return builder.session.facts.problems


def figures(builder: Builder, folder: Path) -> None:
    for ending in (".svg", ".tex"):
        export(builder.scene, folder / f"visit{ending}")
    svg = ET.parse(folder / "visit.svg").getroot()
    words = " ".join(svg.itertext())
    assert "enc 1" in words
    assert "bottleneck" in words
    assert r"\begin{tikzpicture}" in (folder / "visit.tex").read_text(encoding="utf-8")


def code(builder: Builder, folder: Path) -> None:
    path = folder / "visit.py"
    builder.desk.window.commands.code.write(str(path))
    builder.desk.wait(path.exists)
    run = "import visit, torch; print(visit.build()(torch.zeros(1, 3, 64, 64)).shape)"
    done = subprocess.run(
        [sys.executable, "-c", run], cwd=folder, capture_output=True, text=True, check=False
    )
    assert "torch.Size([1, 3, " in done.stdout, done.stderr
