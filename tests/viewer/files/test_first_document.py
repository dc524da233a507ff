"""The program starts whatever can be written, and says what it cannot keep."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from viewer.files import data_folder as folders
from viewer.files.data_folder import data_folder, is_temporary
from viewer.files.first_document import first_document

START = """
import sys, tempfile
if sys.argv[1] != "as it is":
    tempfile.tempdir = sys.argv[1]
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from viewer import app
from viewer.shell.window import Window

def look() -> None:
    (window,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, Window)]
    print(window.notice.text.text() if window.notice.isVisible() else "nothing said")
    print("weights" if window.session.document.weights else "no weights")
    window.session.set_view(workspace="fields")
    window.session.edit("edit", type(window.session.document)(title="another"))
    window.saver.keep_recovery()
    window.background.close()
    QTimer.singleShot(0, window.end_at_once)

def make(arguments, make=app.make_application):
    made = make(arguments)
    QTimer.singleShot(0, look)  # when the event loop runs, after the window is shown
    return made

app.make_application = make
print(app.main(["--lang", "en"]))
"""


@pytest.fixture
def nowhere(tmp_path) -> Path:
    """A folder that nobody can make or write: it is below a regular file."""
    (tmp_path / "file").write_bytes(b"")
    return tmp_path / "file" / "folder"


def start(home: Path, temporary: str = "as it is") -> tuple[str, str]:
    """Start the program with this home and end it; what it said, and its weights."""
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME")
    done = subprocess.run(
        [sys.executable, "-c", START, temporary],
        env=os.environ | {name: str(home) for name in names},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    said, weights, status = done.stdout.splitlines()
    assert (done.returncode, status) == (0, "0")
    return said, weights


def test_a_folder_that_can_be_written_is_not_spoken_of(tmp_path):
    assert start(tmp_path / "home") == ("nothing said", "weights")
    assert list((tmp_path / "home").rglob("recovery/*.fieldglass"))


def test_a_data_folder_that_cannot_be_written_is_said_and_a_temporary_one_serves(tmp_path, nowhere):
    (tmp_path / "temporary").mkdir()
    said, weights = start(nowhere, str(tmp_path / "temporary"))
    assert str(nowhere)[:20] in said
    assert "cannot be written" in said
    assert weights == "weights"
    assert list((tmp_path / "temporary").rglob("recovery/*.fieldglass"))


def test_without_any_folder_the_window_still_opens(nowhere):
    said, weights = start(nowhere, str(nowhere))
    assert "cannot be stored" in said
    assert weights == "no weights"


# ------------------------------------------------------------------ the temporary folder


@pytest.fixture
def temporary(tmp_path, nowhere, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(nowhere))
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    folders._usable.cache_clear()
    yield folder
    folders._usable.cache_clear()


def test_the_next_start_finds_the_same_temporary_folder(temporary):
    first = data_folder()
    folders._usable.cache_clear()
    assert data_folder() == first
    assert is_temporary()
    assert first.parent == temporary
    if os.name == "posix":
        assert first.stat().st_mode & 0o777 == 0o700
    assert first_document().document.weights is not None


@pytest.mark.skipif(os.name != "posix", reason="links and permissions of POSIX")
@pytest.mark.parametrize("trap", ["a link", "writable by all", "a file"])
def test_a_folder_that_somebody_else_prepared_is_not_used(temporary, tmp_path, trap):
    prepared = temporary / f"fieldglass-{folders._user()}"
    if trap == "a link":
        (tmp_path / "theirs").mkdir()
        prepared.symlink_to(tmp_path / "theirs")
    elif trap == "a file":
        prepared.write_bytes(b"")
    else:
        prepared.mkdir()
        prepared.chmod(0o777)
    used = data_folder()
    assert used != prepared
    assert used.parent == temporary
    assert used.stat().st_mode & 0o777 == 0o700
