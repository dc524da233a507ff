"""`fieldglass lesson check`: a lesson that is right, and one line for one that is not."""

from __future__ import annotations

import json
import os
from pathlib import Path

from viewer.command_line.main import main

SHIPPED = Path(__file__).parents[3] / "assets" / "lessons" / "pooling"


def copied(folder: Path, old: str = "", new: str = "") -> Path:
    for code in ("en", "zh_CN"):
        text = (SHIPPED / f"{code}.md").read_text(encoding="utf-8")
        (folder / f"{code}.md").write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_a_lesson_that_is_right(tmp_path: Path, capsys) -> None:
    assert main(["lesson", "check", str(copied(tmp_path)), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["language"] for each in found["lessons"]] == ["en", "zh_CN"]
    assert {each["steps"] for each in found["lessons"]} == {3}


def refused(capsys, folder: Path) -> str:
    assert main(["lesson", "check", str(folder)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert said.err.startswith("fieldglass: ")
    return str(said.err)


def test_an_unknown_control_is_named_with_its_line(tmp_path: Path, capsys) -> None:
    folder = copied(tmp_path, "control: arithmetic.backward", "control: arithmetic.backwards")
    said = refused(capsys, folder)
    line = (folder / "en.md").read_text().splitlines().index("control: arithmetic.backwards") + 1
    assert f"en.md, line {line}: There is no control arithmetic.backwards." in said
    assert "(1 more)" in said


def test_what_is_no_lesson(tmp_path: Path, capsys) -> None:
    assert "There is no folder" in refused(capsys, tmp_path / "nowhere")
    assert "There is no lesson here" in refused(capsys, tmp_path)
    os.mkfifo(tmp_path / "en.md")
    assert "en.md" in refused(capsys, tmp_path)


def test_text_of_a_lesson_does_not_steer_the_terminal(tmp_path: Path, capsys) -> None:
    said = refused(capsys, copied(tmp_path, "control: ", "control: \x1b[31m"))
    assert "\x1b" not in said
