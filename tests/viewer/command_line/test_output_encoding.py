"""What is printed can be printed in any encoding, and JSON stays the same answer."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from analysis.graph import Graph, Node
from analysis.operators import Input, Output, ReLU
from analysis.storage.document import Document, to_json
from viewer import cli
from viewer.command_line import main

ODD = "⌊名😀é"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    graph = Graph.of(
        [
            Node("input", Input(3, (8, 8))),
            Node(ODD, ReLU(), ("input",)),
            Node("output", Output(), (ODD,)),
        ]
    )
    path = tmp_path / "odd.fieldglass"
    path.write_bytes(to_json(Document(graph)))
    return path


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "pool.json"
    path.write_text('{"kind": "pool", "in": [4, 4], "kernel": 2, "padding": 1, "name": "名😀"}')
    return path


def printed(monkeypatch, encoding: str, *arguments: object) -> tuple[int, str, str]:
    streams = [io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2)]
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", streams[0])
        patch.setattr(sys, "stderr", streams[1])
        status = cli.main([str(each) for each in arguments])
        for stream in streams:
            stream.flush()
    out, err = (stream.buffer.getvalue().decode(encoding) for stream in streams)
    return status, out, err


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "gbk", "latin-1", "utf-8"])
@pytest.mark.parametrize("form", ["table", "csv", "json"])
@pytest.mark.parametrize("command", ["describe", "field", "arithmetic"])
def test_every_answer_is_printed_in_every_encoding(
    monkeypatch, model, case, command, form, encoding
):
    given = ["--case", case] if command == "arithmetic" else [model]
    status, out, err = printed(monkeypatch, encoding, command, *given, "--format", form)
    assert (status, err) == (0, "")
    assert out
    if form == "json":
        _, plain, _ = printed(monkeypatch, "utf-8", command, *given, "--format", form)
        assert json.loads(out) == json.loads(plain)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_refusal_is_printed_in_every_encoding(monkeypatch, encoding):
    status, out, err = printed(monkeypatch, encoding, "describe", f"unet:{ODD}=3")
    assert (status, out) == (2, "")
    assert err.startswith("fieldglass: ")
    assert "\\u540d" in err


def test_help_is_printed_in_every_encoding(monkeypatch):
    for command in main.SUB_COMMANDS:
        assert printed(monkeypatch, "ascii", command, "--help")[0] == 0
    assert printed(monkeypatch, "ascii", "describe", "--list")[0] == 0
