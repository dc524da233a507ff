"""Names that try to be more than names, into every output: whatever is in them stays text."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMessageBox, QToolTip

from analysis.graph import Graph, Node
from analysis.operators import (
    Concatenate,
    Convolution,
    Input,
    MaxPool,
    Output,
    ReLU,
    Upsample,
)
from analysis.storage.document import Document, to_json
from tests.viewer.latex import has_latex
from viewer import cli
from viewer.session import Session
from viewer.text.escaping import (
    csv_text,
    file_text,
    json_text,
    sentence_text,
    tex_text,
    visible,
    xml_text,
)
from viewer.workspaces.build.layers.model import LayersModel
from viewer.workspaces.build.layers.tree import LayersTree
from viewer.workspaces.receptive_fields.layers.table import FieldTable

HOSTILE = (
    "\x1b]0;owned\x07\x1b[31mred\x1b[2J",
    "\x9b31m",
    '=HYPERLINK("http://x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1,2)",
    "\t=1+1",
    "  =1+1",
    "<h1>big</h1><a href='http://x'>here</a><img src=x>",
    "</text></svg><script>alert(1)</script>",
    "a & b ]]> <!-- \"quoted\" 'too'",
    r"\input{|touch owned}",
    r"\write18{touch owned}",
    r"^^5cinput{/etc/passwd} % nothing more",
    r"$#_{}~^\} \end{document}",
    "left\u202egnp.exe",
    "zero\u200bwidth\ufeff",
    "no\ufffe\uffff\ufdd0characters",
    "line\nbreak\r\nand\0null",
    "file%s%n{0}{name}",
    "多くの文字 é ß Ж",
    "x" * 10_000,
    "words " * 2_000,
)
STEERING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff\ufdd0]"
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
ROOT = Path(__file__).parents[3]


def hostile_document() -> Document:
    """A small U with a hostile name on every layer, in groups of hostile names."""
    first, second, third, fourth, *others = HOSTILE
    conv = Convolution(4, (3, 3), padding=((1, 1), (1, 1)))
    nodes = [
        Node("input", Input(3, (16, 16))),
        Node(
            first, Convolution(4, (3, 3), padding=((1, 1), (1, 1))), ("input",), f"{first}/{second}"
        ),
        Node(second, MaxPool((2, 2)), (first,), second),
        Node(third, conv, (second,)),
        Node(fourth, Upsample((2.0, 2.0)), (third,)),
        Node("join", Concatenate(), (first, fourth)),
    ]
    last = "join"
    for name in others:
        nodes.append(Node(name, ReLU(), (last,), f"{name}/{name}" if "/" not in name else ""))
        last = name
    nodes.append(Node("output", Output(), (last,)))
    return Document(Graph.of(nodes), title="<b>\u202etitle[*]</b>&\x1b[31m")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "hostile.fieldglass"
    path.write_bytes(to_json(hostile_document()))
    return path


def said_by(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert cli.main([str(each) for each in arguments]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return said.out


# ------------------------------------------------------------------------------ the terminal


@pytest.mark.parametrize("command", [("describe",), ("field",), ("field", "--unit", "8,8")])
def test_a_table_on_a_terminal_steers_nothing(capsys, model, command):
    name, *options = command
    said = said_by(capsys, name, model, *options)
    assert not STEERING.search(said)
    assert r"\x1b]0;owned\x07" in said
    assert r"left\u202egnp.exe" in said
    assert max(map(len, said.splitlines())) < 1000


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("command", ["describe {}", "field unet --layer {}", "describe unet:{}=2"])
def test_a_refusal_is_one_short_line_whatever_it_names(capsys, name, command):
    given = [part.replace("{}", name) for part in command.split(" ")]
    assert cli.main(given) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("fieldglass: ")
    assert said.err.count("\n") == 1
    assert not STEERING.search(said.err)
    assert len(said.err) < 1200
    assert "error of its own" not in said.err


# ------------------------------------------------------------------------------ data


@pytest.mark.parametrize("command", ["describe", "field"])
def test_no_cell_of_a_csv_is_a_formula(capsys, model, command):
    rows = list(csv.DictReader(io.StringIO(said_by(capsys, command, model, "--format", "csv"))))
    assert [row["name"] for row in rows] == [
        csv_text(node.id) for node in hostile_document().graph.nodes
    ]
    texts = [
        row[column] for row in rows for column in ("name", "group", "operator") if column in row
    ]
    for text in texts:
        assert not text.lstrip().startswith(FORMULA)
        assert not STEERING.search(text)
    assert any(text.startswith("'=HYPERLINK") for text in texts)


@pytest.mark.parametrize("command", ["describe", "field"])
def test_json_gives_every_name_as_it_was_without_a_steering_byte(capsys, model, command):
    said = said_by(capsys, command, model, "--format", "json")
    assert not STEERING.search(said)
    names = [layer["name"] for layer in json.loads(said)["layers"]]
    assert sorted(names) == sorted(node.id for node in hostile_document().graph.nodes)


def test_the_tables_of_the_window_are_escaped_like_those_of_the_terminal(tmp_path):
    from analysis.facts import analyse
    from viewer.workspaces.receptive_fields.layers.table_file import write_table

    facts = analyse(hostile_document().graph)
    write_table(tmp_path / "fields.csv", facts)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "fields.csv").read_text("utf-8"))))
    assert len(rows) >= 4
    assert not any(row["layer"].lstrip().startswith(FORMULA) for row in rows)
    write_table(tmp_path / "fields.json", facts)
    text = (tmp_path / "fields.json").read_text(encoding="utf-8")
    assert not STEERING.search(text)
    assert {row["layer"] for row in json.loads(text)["layers"]} <= {
        node.id for node in facts.graph.nodes
    }


# ------------------------------------------------------------------------------ figures


def drawn(capsys, model: Path, ending: str) -> Path:
    path = model.with_name(f"figure{ending}")
    assert said_by(capsys, "diagram", model, "-o", path) == ""
    return path


def test_an_svg_is_well_formed_and_holds_the_names_as_text(capsys, model):
    root = ET.parse(drawn(capsys, model, ".svg")).getroot()
    names = {each.tag.rpartition("}")[2] for each in root.iter()}
    assert names <= {"svg", "g", "title", "rect", "path", "text", "defs", "polyline", "circle"} | {
        "desc", "polygon", "ellipse", "line", "image"
    }  # fmt: skip
    titles = [each.text or "" for each in root.iter() if each.tag.endswith("}title")]
    assert any("</svg><script>" in title for title in titles)
    assert any(r"\ufffe\uffff\ufdd0" in title for title in titles)
    assert not any(STEERING.search(title) for title in titles)
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    assert float(root.get("width", "inf")) < 10_000


@pytest.mark.parametrize("ending", [".png", ".pdf"])
def test_a_picture_stays_of_a_size_that_can_be_looked_at(capsys, model, ending):
    path = drawn(capsys, model, ending)
    if ending == ".png":
        picture = QImage(str(path))
        assert 0 < picture.width() < 20_000
    else:
        content = path.read_bytes()
        assert content.startswith(b"%PDF")
        assert not re.search(rb"/URI|/JavaScript|/Launch|owned", content)


def test_tikz_holds_commands_of_ours_alone(capsys, model):
    text = drawn(capsys, model, ".tex").read_text(encoding="utf-8")
    assert not STEERING.search(text)
    body = text[text.index(r"\begin{tikzpicture}") : text.rindex(r"\end{tikzpicture}")]
    commands = set(re.findall(r"\\[A-Za-z]+|\\.", body))
    ours = {
        r"\begin",
        r"\draw",
        r"\node",
        r"\\",
        r"\letter",
        r"\scalebox",
        r"\textbf",
        r"\times",
        r"\dots",
        r"\parallel",
    }
    ours |= set(re.findall(r"\\[A-Za-z]+|\\.", "".join(map(tex_text, map(chr, range(32, 127))))))
    assert commands <= ours
    assert "^^" not in text
    assert "%" not in text.replace(r"\%", "")
    assert text.count(r"\end{document}") == 1


@pytest.mark.skipif(not has_latex(), reason="no pdflatex with the class standalone here")
def test_tikz_compiles_and_runs_nothing_of_a_name(capsys, model, tmp_path):
    path = drawn(capsys, model, ".tex")
    done = subprocess.run(
        ["pdflatex", "-shell-escape", "-interaction=nonstopmode", "-halt-on-error", path.name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert not (tmp_path / "owned").exists()
    assert (tmp_path / "figure.pdf").exists()


# ------------------------------------------------------------------------------ the window


def words_on(widget) -> list[str]:
    labels = [label.text() for label in widget.findChildren(QLabel)]
    buttons = [button.text() for button in widget.findChildren(QAbstractButton)]
    names = [each.accessibleName() for each in widget.findChildren(QLabel)]
    return [*labels, *buttons, *names]


@pytest.mark.parametrize("workspace", ["build", "fields", "arithmetic", "live"])
def test_the_window_shows_every_name_as_visible_plain_text(open_desk, workspace):
    desk = open_desk(hostile_document(), pictured=False)
    desk.session.set_view(workspace=workspace)
    before = desk.window.minimumSizeHint().width()
    for block in desk.session.blocks:
        desk.session.set_view(selection=block.id)
        assert [text for text in words_on(desk.window) if STEERING.search(text)] == []
    assert desk.window.minimumSizeHint().width() <= before + 200
    for label in desk.window.findChildren(QLabel):
        if label.isVisible():
            assert label.textFormat() == Qt.TextFormat.PlainText, label.text()
    assert not STEERING.search(desk.window.windowTitle())
    assert r"\u202etitle[*][*]</b>" in desk.window.windowTitle()


@pytest.mark.parametrize("name", [each for each in HOSTILE if "\0" not in each and "/" not in each])
def test_a_notice_names_a_dropped_file_as_plain_text(open_desk, tmp_path, name):
    desk = open_desk(pictured=False)
    desk.window.opener.open(str(tmp_path / f"{name}.nothing"))
    notice = desk.window.notice.text
    assert notice.textFormat() == Qt.TextFormat.PlainText
    assert not STEERING.search(notice.text())
    assert "\n" not in notice.text()
    assert notice.minimumSizeHint().width() < 1200


def is_plain_tip(widget) -> bool:
    return (
        isinstance(widget, QLabel)
        and widget.inherits("QTipLabel")
        and widget.text() == "<h1>big</h1>"
        and widget.textFormat() == Qt.TextFormat.PlainText
    )


def test_a_tool_tip_and_a_message_show_markup_as_it_is(open_desk, qtbot):
    desk = open_desk(pictured=False)
    QToolTip.showText(QPoint(20, 20), "<h1>big</h1>", desk.window)
    qtbot.waitUntil(lambda: any(map(is_plain_tip, QApplication.topLevelWidgets())))
    QToolTip.hideText()
    box = QMessageBox(desk.window)
    box.setText("<h1>big</h1>")
    box.open()
    label = box.findChild(QLabel, "qt_msgbox_label")
    assert label.textFormat() == Qt.TextFormat.PlainText
    box.close()


def test_rows_copied_from_a_table_are_no_formulas(qapp, qtbot):
    session = Session(hostile_document())
    layers, fields = LayersTree(LayersModel(session)), FieldTable()
    for table in (layers, fields):
        qtbot.addWidget(table)
    fields.facts_model.show_facts(session.facts)
    layers.selectAll()
    for copied in (layers.copied(), fields.copied()):
        assert "cmd|" in copied
        assert not STEERING.search(copied.replace("\t", ""))
        for line in copied.splitlines():
            assert not any(cell.lstrip(" ").startswith(FORMULA) for cell in line.split("\t"))


def test_the_proposed_name_of_a_file_is_no_path():
    assert file_text("../../etc/passwd") == "-..-etc-passwd"
    for name in HOSTILE:
        assert not re.search(r"[/\\\0:]", file_text(name))
        assert len(file_text(name).encode()) < 255


def test_recent_files_keep_their_ampersands(open_desk, tmp_path):
    desk = open_desk(pictured=False)
    (tmp_path / "this & that.png").touch()
    desk.window.settings.remember(str(tmp_path / "this & that.png"))
    menu = next(m for m in desk.window.findChildren(type(desk.window.commands.menus["file"]))
                if m.title() == "Open recent")  # fmt: skip
    menu.aboutToShow.emit()
    assert menu.actions()[0].text() == "this && that.png"


# ------------------------------------------------------------------------------ the escapes


def test_only_the_file_of_escapes_escapes():
    """A second place that escapes would be a place that forgets: there is one."""
    for path in (ROOT / "viewer").rglob("*.py"):
        if path.name != "escaping.py":
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"from html import|html\.escape|saxutils|toHtmlEscaped", text), (
                path
            )


@pytest.mark.parametrize("name", HOSTILE)
def test_escapes_lose_nothing(name):
    assert json.loads(json_text({name: name})) == {name: name}
    assert ET.fromstring(f"<a b='{xml_text(name)}'>{xml_text(name)}</a>").get("b") == visible(
        name
    ).replace("\n", " ")
    assert visible(visible(name)) == visible(name)
    assert sentence_text(name) == sentence_text(sentence_text(name))


def test_half_a_surrogate_pair_is_shown_and_written():
    assert visible("a\ud800b") == r"a\ud800b"
    json_text("a\udcffb").encode()
    assert json.loads(json_text("a\udcffb")) == "a\udcffb"
    assert csv_text("\udcff").encode() == rb"\udcff"
    assert sys.getdefaultencoding() == "utf-8"
    QGuiApplication.clipboard().setText(visible("\ud800"))
