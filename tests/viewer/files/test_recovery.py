"""Copies of unsaved work: who they belong to, and that they go only when somebody says so."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox

from analysis.arithmetic.example import Example
from analysis.storage.document import to_json
from analysis.storage.document_file import load
from viewer.files.recovery import RecoveryCopy, claim, lost_copies, recovery_folder
from viewer.session import arrangement
from viewer.workspaces.build.blueprints.view_part import BlueprintsView

HOLD = """
import sys, time
from pathlib import Path
from viewer.files.recovery import RecoveryCopy
copy = RecoveryCopy(Path(sys.argv[1]))
copy.write(Path(sys.argv[2]).read_bytes(), copy.next_turn())
print(copy.path, flush=True)
time.sleep(1000)
"""


@pytest.fixture(autouse=True)
def folder():
    folder = recovery_folder()
    folder.mkdir(parents=True, exist_ok=True)
    yield folder
    for copy in folder.glob("*"):
        copy.unlink()


@pytest.fixture
def holder(folder, tmp_path):
    """Start another program that has a copy with this content; the program and the copy."""
    running = []

    def start(content: bytes) -> tuple[subprocess.Popen, Path]:
        source = tmp_path / "content"
        source.write_bytes(content)
        program = subprocess.Popen(
            [sys.executable, "-c", HOLD, folder, source], stdout=subprocess.PIPE, text=True
        )
        running.append(program)
        return program, Path(program.stdout.readline().strip())

    yield start
    for program in running:
        program.kill()
        program.wait()
        program.stdout.close()


def left(folder: Path, content: bytes, name: str = "left") -> Path:
    copy = folder / f"{name}.fieldglass"
    copy.write_bytes(content)
    return copy


def copies(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.fieldglass"))


def work(unet, number: int = 0) -> bytes:
    return to_json(replace(unet(), gates={"skip2": number / 8}, title=f"Work {number}"))


# ------------------------------------------------------------------------------- the lock


def lock_file(pid: int, program: str, host: str) -> str:
    return f"{pid}\n{program}\n{host}\n"


@pytest.mark.parametrize("whose", ["my own", "a living one's", "another computer's", "none"])
def test_a_copy_that_nobody_holds_is_lost_whatever_number_its_owner_had(folder, whose):
    copy = left(folder, b"{}")
    host = "elsewhere" if whose == "another computer's" else socket.gethostname()
    pid = os.getppid() if whose == "a living one's" else os.getpid()
    if whose != "none":
        program = Path(f"/proc/{pid}/exe")
        name = program.resolve().name if program.exists() else "python"
        copy.with_suffix(".lock").write_text(lock_file(pid, name, host))
    assert [found.path for found in lost_copies([folder])] == [copy]


def test_a_copy_is_lost_when_its_program_is_killed_and_not_before(folder, holder):
    program, copy = holder(b"{}")
    assert lost_copies([folder]) == []
    program.send_signal(signal.SIGKILL)
    program.wait()
    (found,) = lost_copies([folder])
    assert found.path == copy
    assert lost_copies([folder]) == []  # another window has claimed it
    found.release()
    assert claim(copy) is not None


def test_a_late_write_brings_nothing_back(folder):
    copy = RecoveryCopy(folder)
    old, new = copy.next_turn(), copy.next_turn()
    copy.write(b"new", new)
    copy.write(b"old", old)
    assert copy.path.read_bytes() == b"new"
    late = copy.next_turn()
    copy.remove()
    copy.write(b"late", late)
    assert list(folder.iterdir()) == []
    copy.write(b"next", copy.next_turn())
    assert copy.path.read_bytes() == b"next"


# ------------------------------------------------------------------------------ the offer


def test_unsaved_work_is_copied_and_offered_after_a_crash(open_desk, folder, unet):
    desk = open_desk()
    desk.edit(gates={"skip2": 0.0})
    desk.wait(lambda: copies(folder))
    worked_on = desk.session.document
    left(folder, copies(folder)[0].read_bytes(), "crashed")
    own = desk.window.saver.recovery.path

    another = open_desk()
    assert another.wait_told("unsaved work")
    assert worked_on.title in another.said
    another.answer("Restore")
    assert another.session.document == worked_on
    assert another.window.saver.unsaved
    assert another.window.saver.path is None
    assert copies(folder) == sorted([own, folder / "crashed.fieldglass"])
    another.do("undo")
    assert another.session.document != worked_on


@pytest.mark.parametrize("saved", [False, True])
def test_restored_work_is_shown_as_it_was_seen(open_desk, folder, tmp_path, saved):
    desk = open_desk()
    if saved:
        desk.window.saver.save(tmp_path / "mine.fieldglass")
        desk.wait(lambda: desk.window.saver.path is not None)
    levels = desk.session.view.part(BlueprintsView).having("skip", True)
    desk.session.set_view(workspace="build", selection="enc1", expanded=frozenset({"enc1"}))
    desk.session.set_view(parts=desk.session.view.parts.having(levels))
    desk.edit(gates={"skip2": 0.0})
    desk.wait(lambda: copies(folder))
    seen = desk.session.view
    left(folder, copies(folder)[0].read_bytes(), "crashed")

    another = open_desk()
    assert another.session.view != seen
    another.wait_said()
    another.answer("Restore")
    assert another.session.view == seen


def lost_work_of(open_desk, folder: Path, path: Path, **changes: object):
    """Save a document to a file, change it, and leave the copy of a crash; the changed one."""
    desk = open_desk()
    desk.window.saver.save(path)
    desk.wait(lambda: desk.window.saver.path == path)
    desk.edit(**changes)
    desk.wait(lambda: copies(folder))
    left(folder, copies(folder)[0].read_bytes(), "crashed")
    return desk.session.document


def test_restored_work_knows_its_file(open_desk, folder, tmp_path):
    path = tmp_path / "mine.fieldglass"
    worked_on = lost_work_of(open_desk, folder, path, gates={"skip2": 0.0})
    another = open_desk()
    assert another.wait_told("unsaved work: “mine.fieldglass”,")
    another.answer("Restore")
    assert another.session.document == worked_on
    assert another.window.saver.path == path
    assert another.window.windowTitle().startswith("mine.fieldglass •")
    assert not another.session.history.canUndo()
    saved = path.read_bytes()
    another.do("save")
    another.wait(lambda: not another.window.saver.unsaved)
    assert path.read_bytes() != saved
    assert load(path, another.store).document.gates == worked_on.gates


def test_a_file_changed_since_is_asked_about_before_restored_work_goes_into_it(
    open_desk, folder, tmp_path
):
    path = tmp_path / "mine.fieldglass"
    lost_work_of(open_desk, folder, path, gates={"skip2": 0.0})
    path.write_bytes(path.read_bytes() + b"\n")
    another = open_desk()
    another.wait_said()
    another.answer("Restore")
    another.do("save")
    another.wait(lambda: "changed" in another.said)
    assert another.window.saver.unsaved


def test_work_that_looks_like_what_is_shown_still_belongs_to_its_file(open_desk, folder, tmp_path):
    path = tmp_path / "mine.fieldglass"
    shown = lost_work_of(open_desk, folder, path, gates={"skip2": 0.0})
    another = open_desk(shown)
    another.wait_said()
    another.answer("Restore")
    assert (folder / "crashed.fieldglass").exists()
    assert another.window.saver.path == path
    assert another.window.saver.unsaved


def test_who_keeps_unsaved_changes_is_offered_the_copy_again(open_desk, folder, unet):
    left(folder, work(unet, 1))
    desk = open_desk()
    desk.wait_said()
    desk.session.edit("other", replace(unet(depth=1), image=desk.session.document.image))
    desk.answer("Restore")
    assert "Save the changes" in desk.said
    desk.answer("Cancel")
    assert "Work 1" in desk.said
    assert copies(folder)


def test_every_copy_is_offered_and_goes_only_when_it_was_answered_for(open_desk, folder, unet):
    for number in (1, 2, 3, 4):
        os.utime(left(folder, work(unet, number), str(number)), (number, number))
    desk = open_desk()
    assert "Work 4" in desk.wait_said()  # the newest first
    assert "3 more" in desk.said
    desk.answer("Discard")
    assert "Work 3" in desk.said
    assert [copy.stem for copy in copies(folder)] == ["1", "2", "3"]
    desk.answer("Later")
    assert "Work 2" in desk.said
    desk.answer("Restore")
    assert desk.session.document.title == "Work 2"
    assert "Work 1" in desk.said
    desk.answer("Restore")
    assert "Save the changes" in desk.said  # what was just restored is asked about
    desk.answer("Cancel")
    assert desk.session.document.title == "Work 2"
    desk.window.end_at_once()
    assert [copy.stem for copy in copies(folder)] == ["1", "2", "3"]
    assert {found.path.stem for found in lost_copies([folder])} == {"1", "2", "3"}


def test_what_was_not_answered_is_offered_again(open_desk, folder, unet):
    left(folder, work(unet, 1))
    desk = open_desk()
    desk.wait_said()
    assert desk.window.close()
    again = open_desk()
    assert "Work 1" in again.wait_said()


def test_the_copy_of_a_program_that_still_runs_is_left_alone(open_desk, folder, holder, unet):
    _, copy = holder(work(unet, 1))
    desk = open_desk()
    desk.edit(gates={"skip2": 0.0})
    desk.wait(lambda: len(copies(folder)) == 2)
    assert desk.said == ""
    assert desk.window.close()
    assert copies(folder) == [copy]


@pytest.mark.parametrize("content", [b"", b"half a docu", b'{"fieldglass": 999}', b"\xff\x00"])
def test_a_copy_that_cannot_be_read_is_said_and_kept(open_desk, folder, content):
    copy = left(folder, content)
    desk = open_desk()
    before = desk.session.document
    desk.wait_said()
    desk.answer("Restore")
    assert desk.said
    assert desk.session.document is before
    assert copy.with_suffix(".damaged").read_bytes() == content


def test_weights_that_are_gone_are_said_when_work_is_restored(open_desk, folder, unet):
    plain = json.loads(work(unet, 1))
    plain["weights"] = {"hash": "a" * 64, "name": "mine.safetensors"}
    left(folder, json.dumps(plain).encode())
    desk = open_desk()
    desk.wait_said()
    desk.answer("Restore")
    assert "weights" in desk.said.lower()
    assert desk.session.document.title == "Work 1"


# ---------------------------------------------------------------------- when a copy goes


def test_saving_takes_the_copy_away(desk, folder, tmp_path):
    desk.edit(gates={"skip2": 0.0})
    desk.wait(lambda: copies(folder))
    desk.window.saver.save(tmp_path / "a.fieldglass")
    desk.wait(lambda: not desk.window.saver.unsaved)
    assert list(folder.iterdir()) == []


def test_a_signal_to_end_keeps_the_copy_and_asks_nothing(desk, qtbot, folder):
    desk.edit(gates={"skip2": 0.0})
    with qtbot.waitSignal(desk.window.closed):
        desk.window.end_at_once()
    assert [found.path for found in lost_copies([folder])] == copies(folder) != []


def restored(open_desk, folder, unet):
    left(folder, work(unet, 1))
    desk = open_desk()
    desk.wait_said()
    desk.answer("Restore")
    return desk


def test_restored_work_is_asked_about_on_close_even_if_only_gates_differ(open_desk, folder, unet):
    desk = restored(open_desk, folder, unet)
    assert not desk.window.close()
    box = desk.window.findChild(QMessageBox, "save?")
    assert "Work 1" in box.text()
    box.button(QMessageBox.StandardButton.Cancel).click()
    assert copies(folder)


def test_restored_work_that_was_undone_is_kept_for_the_next_start(open_desk, folder, unet):
    desk = restored(open_desk, folder, unet)
    desk.do("undo")
    assert desk.window.close()
    assert "Work 1" in open_desk().wait_said()


def test_restored_work_is_never_saved_over_the_file_at_hand(open_desk, folder, unet, tmp_path):
    left(folder, work(unet, 1))
    desk = open_desk()
    desk.wait_said()
    path = tmp_path / "mine.fieldglass"
    desk.window.saver.save(path)
    desk.wait(lambda: desk.window.saver.path == path)
    desk.answer("Restore")
    assert desk.window.saver.path is None
    assert "mine" not in desk.window.windowTitle()


def test_numbers_typed_in_arithmetic_are_asked_about_before_and_after_a_crash(
    open_desk, folder, unet
):
    """Nothing of the network differs, and the file of a copy does not say that it was typed."""
    desk = open_desk()
    example = Example.first().with_value("kernel", (0, 0, 1, 1), 7)
    desk.edit(arithmetic=example)
    assert desk.window.saver.worth_asking
    desk.window.saver.keep_recovery_now()
    desk.session.history.setClean()
    assert desk.window.close()

    again = open_desk()
    again.wait_said()
    again.answer("Restore")
    assert again.session.document.arithmetic == example
    assert not again.window.close()
    box = again.window.findChild(QMessageBox, "save?")
    box.button(QMessageBox.StandardButton.Cancel).click()
    assert copies(folder)


def test_restored_work_is_analysed_and_laid_out_before_it_is_asked_for(
    open_desk, folder, unet, monkeypatch
):
    left(folder, to_json(unet(depth=3)))
    desk = open_desk()
    desk.wait_said()
    analysed = []
    monkeypatch.setattr(arrangement, "analyse", lambda graph, **_: analysed.append(graph))
    desk.answer("Restore")
    assert "enc3" in {block.id for block in desk.session.blocks}
    assert not analysed
