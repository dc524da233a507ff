"""Folders of opened models are swept when their maker was killed, and only then."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from analysis.exchange import model_folders

ROOT = Path(__file__).parents[3]
KILLED = """
import os, signal
from analysis.exchange import model_folders
(model_folders.make() / "tensors").touch()
os.kill(os.getpid(), signal.SIGKILL)
"""
pytestmark = pytest.mark.skipif("os.name != 'posix'", reason="locks of files are POSIX's")


def test_only_folders_of_the_dead_are_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.run([sys.executable, "-c", KILLED], cwd=ROOT, check=False)
    assert ended.returncode == -signal.SIGKILL
    (dead,) = tmp_path.iterdir()
    living = model_folders.make()
    unknown = tmp_path / f"{model_folders.PREFIX}of-somebody"
    unknown.mkdir()
    link = tmp_path / f"{model_folders.PREFIX}link"
    link.symlink_to(unknown)
    assert model_folders.sweep() == 1
    assert not dead.exists()
    assert set(tmp_path.iterdir()) == {living, unknown, link}
