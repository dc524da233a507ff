"""An export format is one file and one row: dialogs, command line and messages know it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtWidgets import QFileDialog

from viewer import cli
from viewer.drawing.files import formats
from viewer.drawing.files.file_format import FileFormat
from viewer.shell.figure_export.dialog import FigureDialog
from viewer.text.languages import LANGUAGES
from viewer.text.translation import language
from viewer.workspaces.arithmetic.export.dialog import ExportDialog

CASE = {"kind": "conv", "in": [4, 4], "kernel": [3, 3], "input_values": None}


def names_as_text(diagram) -> bytes:
    """A toy writer of diagrams: the blocks' names."""
    return "\n".join(node.name for node in diagram.figure.nodes.values()).encode()


def steps_as_text(film, path: Path, progress) -> list[Path]:
    """A toy writer of animations: a line a step."""
    lines = []
    for done, step in enumerate(film.steps):
        progress(done, len(film.steps))
        lines.append(f"step {step}")
    path.write_text("\n".join(lines))
    return [path]


@pytest.fixture
def toys(monkeypatch):
    file = ModuleType("toy_writers")
    file.names_as_text, file.steps_as_text = names_as_text, steps_as_text
    monkeypatch.setitem(sys.modules, "toy_writers", file)
    diagram = FileFormat(".names", "Names", "toy_writers:names_as_text")
    film = formats.AnimationFormat(".steps", "Steps", "toy_writers:steps_as_text", "a line a step")
    monkeypatch.setattr(formats, "DIAGRAMS", (*formats.DIAGRAMS, diagram))
    monkeypatch.setattr(formats, "ANIMATIONS", (*formats.ANIMATIONS, film))


def refused(capsys, *arguments: str) -> str:
    assert cli.main(list(arguments)) == 2
    return capsys.readouterr().err


def helped(capsys, command: str) -> str:
    assert cli.main([command, "--help"]) == 0
    return capsys.readouterr().out


def test_the_command_line_takes_a_new_diagram_and_says_so(toys, qapp, tmp_path, capsys):
    assert ".names" in helped(capsys, "diagram")
    assert ".names" in refused(capsys, "diagram", "unet", "-o", "a.bmp")
    assert ".names" in refused(capsys, "diagram", "unet")
    out = tmp_path / "net.NAMES"
    assert cli.main(["diagram", "unet:depth=1,base=2", "-o", str(out)]) == 0
    assert "bottleneck" in out.read_text()


def test_the_window_offers_a_new_diagram_and_says_so(toys, open_desk, tmp_path):
    desk = open_desk(pictured=False)
    desk.do("export")
    figure = desk.window.findChild(FigureDialog)
    figure.ask()
    dialog = desk.window.findChild(QFileDialog)
    assert dialog.nameFilters() == [f"{f.title} (*{f.ending})" for f in formats.DIAGRAMS]
    dialog.reject()
    figure.reject()
    out = tmp_path / "net.names"
    desk.window.commands.exports.diagram(str(out))
    assert "bottleneck" in out.read_text()
    desk.window.commands.exports.diagram(str(tmp_path / "net.bmp"))
    assert ".names" in desk.said
    assert ".bmp" in desk.said


def test_the_command_line_takes_a_new_animation_and_says_so(toys, qapp, tmp_path, capsys):
    assert ".steps" in helped(capsys, "animate")
    case, out = tmp_path / "case.json", tmp_path / "a.steps"
    case.write_text(json.dumps(CASE))
    assert ".steps" in refused(capsys, "animate", "--case", str(case), "-o", "a.bmp")
    assert cli.main(["animate", "--case", str(case), "-o", str(out)]) == 0
    assert out.read_text().splitlines() == [f"step {n}" for n in range(4)]


def test_the_window_offers_a_new_animation_with_what_it_holds(toys, open_desk, tmp_path):
    desk = open_desk(pictured=False)
    desk.session.set_view(workspace="arithmetic")
    dialog = ExportDialog(desk.arithmetic.model, desk.window.background, desk.window)
    assert "Steps (a line a step)" in dialog.facts.text()
    dialog.export.click()
    asked = dialog.findChild(QFileDialog)
    assert "Steps (*.steps)" in asked.nameFilters()
    asked.reject()
    out = tmp_path / "a.steps"
    dialog.write(str(out))
    steps = desk.arithmetic.model.scene.steps
    desk.wait(lambda: out.exists() and len(out.read_text().splitlines()) == steps)
    dialog.reject()


def test_the_list_of_commands_names_every_ending(capsys):
    assert cli.main(["--help"]) == 0
    lines = {line.split()[0]: line.split() for line in capsys.readouterr().out.splitlines() if line}
    assert {row.ending for row in formats.DIAGRAMS} <= {*lines["diagram"]}
    assert {row.ending for row in formats.ANIMATIONS} <= {*lines["animate"]}


TABLES = {
    "diagrams": formats.DIAGRAMS,
    "animations": formats.ANIMATIONS,
    "figures": formats.FIGURES,
}


@pytest.mark.parametrize("table", TABLES)
def test_every_row_names_a_function_and_an_ending_of_its_own(table):
    rows = TABLES[table]
    assert all(callable(row.writer()) for row in rows)
    assert len({row.ending for row in rows}) == len(rows)
    assert all(row.ending == f".{row.ending[1:].lower()}" for row in rows)


@pytest.mark.parametrize("code", [row.code for row in LANGUAGES])
def test_the_sentence_about_a_wrong_ending_lists_all_in_every_language(open_desk, code):
    language.use(code)
    desk = open_desk(pictured=False)
    desk.window.commands.exports.diagram("net.bmp")
    assert all(row.ending in desk.said for row in formats.DIAGRAMS)
