"""A dropped Python file: asked for first, run in a process of its own, unable to do harm."""

from __future__ import annotations

from pathlib import Path

import pytest

SMALL = """
from pathlib import Path
Path(__file__).with_suffix(".ran").touch()
import torch
from torch import nn

class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3, padding=1)
        self.last = nn.Conv2d(4, 3, 1)
    def forward(self, x):
        return self.last(torch.relu(self.first(x)))
"""


def write(path: Path, code: str) -> Path:
    path.write_text(code, encoding="utf-8")
    return path


def test_a_model_is_asked_for_and_its_code_runs_only_after_the_button(desk, tmp_path):
    file = write(tmp_path / "small.py", SMALL)
    before = desk.session.document
    desk.drop(file)
    assert "runs its code" in desk.said
    desk.answer("Leave it")
    assert desk.said == ""
    assert desk.session.document is before
    assert not file.with_suffix(".ran").exists()
    desk.drop(file)
    desk.answer("Run it and open")
    desk.wait(lambda: desk.session.document is not before)
    assert file.with_suffix(".ran").exists()
    assert {"first", "last"} <= {node.id for node in desk.session.document.graph.nodes}
    assert desk.session.document.image == before.image
    frame = desk.wait_frame()
    assert not frame.untrained
    assert desk.said == ""


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("raise ValueError('no luck today')", "no luck today"),
        ("x = 1", ""),
        ("def broken(:", ""),
        ("import no_such_package_at_all", "no_such_package_at_all"),
        ("import os; os._exit(3)", ""),
    ],
)
def test_a_file_that_fails_gets_a_sentence_and_nothing_is_lost(desk, tmp_path, code, says):
    before = desk.session.document
    desk.drop(write(tmp_path / "bad.py", code))
    desk.answer("Run it and open")
    desk.wait(lambda: desk.said and not desk.said.startswith("Reading"))
    assert says in desk.said
    assert "Traceback" not in desk.said
    assert desk.session.document is before
    assert not desk.window.saver.unsaved


def test_a_file_that_hangs_can_be_given_up(desk, tmp_path):
    hang = """
from pathlib import Path
Path(__file__).with_suffix(".ran").touch()
while True:
    pass
"""
    file = write(tmp_path / "hang.py", hang)
    before = desk.session.document
    desk.drop(file)
    desk.answer("Run it and open")
    desk.wait(file.with_suffix(".ran").exists)
    assert desk.said.startswith("Reading hang.py")
    desk.edit(gates={"skip1": 0.5})  # work goes on meanwhile
    desk.wait_frame()
    desk.answer("Cancel")
    assert desk.said == ""
    desk.do("undo")
    assert desk.session.document == before
