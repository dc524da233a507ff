"""A killed program loses nothing: its work is offered at the next start, and taken back."""

from __future__ import annotations

import json
import signal
from pathlib import Path


def test_a_killed_program_offers_its_work(start, photo: Path, tmp_path: Path, wait) -> None:
    first = start(photo)
    wait("the unsaved mark", lambda: first._search("•"))
    folder = first.home / "data"
    wait("the recovery copy", lambda: list(folder.glob("**/recovery/*.fieldglass")))
    first.process.send_signal(signal.SIGKILL)
    assert first.end() == -signal.SIGKILL

    second = start()
    second.wait_for_offer()
    assert not second._search("•")
    second.restore()
    wait("the work, unsaved", lambda: second._search("•"))

    saved = tmp_path / "saved.fieldglass"
    second.answer_dialog("Save as", "Return", opened_by="ctrl+s", text=str(saved))
    wait("the document", saved.exists)
    assert json.loads(saved.read_text())["image"]["name"] == "photo.png"
    wait("no mark", lambda: second._search("^saved.fieldglass — Fieldglass$"))
    second.key("ctrl+q")
    assert second.end() == 0
    assert "Traceback" not in second.log.read_text(), second.log.read_text()
