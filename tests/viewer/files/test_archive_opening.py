"""torch's archives hold programs: the window asks before it opens one, a `.pt` by its content."""

from __future__ import annotations

import warnings

import pytest
import torch

from viewer.cli import main


@pytest.mark.parametrize("name", ["net.pt2", "net.torchscript", "net.pt"])
def test_it_is_asked_for_before_it_is_loaded(desk, tmp_path, name):
    path = tmp_path / name
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.save(torch.jit.trace(torch.nn.ReLU(), torch.zeros(1, 2)), path)
    before = desk.session.document
    desk.window.opener.open(str(path))
    assert desk.wait_said().endswith("Opening it runs its code. Open it?")
    assert desk.session.document == before


@pytest.mark.parametrize("name", ["net.pt2", "net.pt"])
def test_the_command_line_wants_trust(tmp_path, capsys, name):
    path = tmp_path / name
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.save(torch.jit.trace(torch.nn.ReLU(), torch.zeros(1, 2)), path)
    assert main(["describe", str(path)]) == 2
    assert "--trust" in capsys.readouterr().err
