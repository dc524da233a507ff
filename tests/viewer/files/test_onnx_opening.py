"""An ONNX file holds no code: it opens by drop without a question, and on the command line."""

from __future__ import annotations

import json
import threading

import onnx

from tests.analysis.exchange.onnx.files import unet
from viewer.cli import main
from viewer.session import arrangement


def test_it_opens_in_the_window_without_a_question(desk, tmp_path, monkeypatch):
    path = tmp_path / "small.onnx"
    onnx.save(unet(), path)
    on_gui: list[bool] = []
    original = arrangement.analyse

    def watched(graph, **options):
        on_gui.append(threading.current_thread() is threading.main_thread())
        return original(graph, **options)

    monkeypatch.setattr(arrangement, "analyse", watched)
    desk.window.opener.open(str(path))
    desk.wait(lambda: desk.session.document.title == "small")
    graph = desk.session.document.graph
    assert "enc.conv" in graph
    assert graph["enc.conv"].scope == "enc"
    assert desk.session.document.weights is not None
    assert on_gui == [False]  # it is analysed and laid out by the worker that has read it


def test_describe_needs_no_trust(tmp_path, capsys):
    path = tmp_path / "small.onnx"
    onnx.save(unet(), path)
    assert main(["describe", str(path), "--size", "3,32,48", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["input"] == [3, 32, 48]
    assert [skip["join"] for skip in told["skips"]] == ["concat"]


def test_a_damaged_file_is_one_sentence(tmp_path, capsys):
    path = tmp_path / "cut.onnx"
    path.write_bytes(unet().SerializeToString()[:500])
    assert main(["describe", str(path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("fieldglass: cut.onnx is damaged or no ONNX file")
    assert said.count("\n") == 1
