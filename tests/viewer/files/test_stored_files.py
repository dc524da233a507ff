"""Tidying up: what is freed is said before, and nothing that anybody needs goes."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.storage.blobs import BlobRef
from analysis.storage.document import Document, to_json
from analysis.storage.document_file import save
from viewer.files.recovery import recovery_folder
from viewer.files.stored_files import FORGOTTEN, sweep


@pytest.fixture(autouse=True)
def copies():
    folder = recovery_folder()
    folder.mkdir(parents=True, exist_ok=True)
    yield folder
    for copy in folder.iterdir():
        copy.unlink()


def age_everything(store, seconds: float) -> None:
    for path in store.folder.glob("*/*"):
        used = path.stat().st_mtime - seconds
        os.utime(path, (used, used))


def weights(store, content: bytes) -> BlobRef:
    return BlobRef(store.put(content), "w.safetensors")


def keep(desk, store, content: bytes) -> BlobRef:
    """Weights of a step that undo still reaches."""
    ref = weights(store, content)
    desk.edit(weights=ref)
    desk.do("undo")
    return ref


def test_what_nothing_needs_is_counted_and_deleted_when_the_person_says_so(
    desk, store, tmp_path, copies
):
    needed = [
        keep(desk, store, b"a step of undo"),
        weights(store, b"a recent document"),
        weights(store, b"a recovery copy"),
        weights(store, b"a copy that cannot be read"),
        desk.session.document.image,
    ]
    path = tmp_path / "recent.fieldglass"
    save(path, Document(weights=needed[1]), {}, store)
    desk.window.settings.remember(str(path))
    path.with_name(f"recent.{needed[1].hash[:12]}.safetensors").unlink()
    (copies / "a.fieldglass").write_bytes(to_json(Document(weights=needed[2])))
    (copies / "b.damaged").write_bytes(to_json(Document(weights=needed[3]))[:-9])
    unneeded = weights(store, b"x" * (3 << 19))
    age_everything(store, 3 * 24 * 3600)
    today = weights(store, b"used today")

    desk.do("tidy-up")
    said = desk.wait_said()
    assert said.startswith("1 stored")
    assert "1.5 MiB" in said
    desk.answer("Keep them")
    assert store.has(unneeded.hash)

    desk.do("tidy-up")
    desk.wait_said()
    desk.answer("Delete them")
    told = desk.wait_told("deleted")
    assert "1.5 MiB" in told
    assert not store.has(unneeded.hash)
    assert all(store.sound(ref.hash) for ref in (*needed, today))

    desk.do("tidy-up")
    desk.wait_told("Nothing")


def test_what_came_into_use_while_the_question_stood_is_not_deleted(desk, store):
    # That the engine cannot read such weights may be said over what this waits for.
    posted: list[str] = []
    desk.session.notifications.posted.connect(lambda notice: posted.append(notice.text))
    wanted = weights(store, b"wanted after all")
    age_everything(store, 3 * 24 * 3600)
    desk.do("tidy-up")
    desk.wait_said()
    desk.edit(weights=wanted)
    desk.answer("Delete them")
    desk.wait(lambda: any("deleted" in text for text in posted))
    assert store.sound(wanted.hash)


def test_where_it_cannot_be_known_nothing_is_deleted(desk, store, tmp_path):
    old = weights(store, b"old")
    age_everything(store, 2 * FORGOTTEN)
    (tmp_path / "odd.fieldglass").mkdir()
    desk.window.settings.remember(str(tmp_path / "odd.fieldglass"))
    desk.do("tidy-up")
    assert desk.wait_told("odd.fieldglass")
    desk.window.stored.clean_up()
    desk.window.background.close()
    assert store.has(old.hash)


def test_what_is_long_forgotten_goes_at_the_start_and_nothing_younger(open_desk, store, unet):
    forgotten = weights(store, b"forgotten")
    age_everything(store, FORGOTTEN)
    young = weights(store, b"young")
    age_everything(store, 24 * 3600)
    needed = weights(store, b"needed")
    age_everything(store, 24 * 3600)
    os.utime(store.path(needed.hash), (1, 1))
    desk = open_desk(replace(unet(), weights=needed), pictured=False)
    desk.wait(lambda: not store.has(forgotten.hash))
    assert store.has(young.hash)
    assert store.has(needed.hash)


# ------------------------------------------------------------------------ temporary files


def abandoned(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    os.utime(path, (1, 1))
    return path


def test_what_kills_left_is_swept_at_the_next_start(open_desk, store, tmp_path, copies):
    key = store.put(b"something")
    documents = tmp_path / "documents"
    left = [
        abandoned(store.folder / key[:2] / f".{key[:40]}.abcdefgh.part"),
        abandoned(copies / ".copy.fieldglass.abcdefgh.part"),
        abandoned(documents / ".mine.fieldglass.abcdefgh.part"),
        abandoned(documents / f".mine.{key[:12]}.safetensors.abcdefgh.part"),
    ]
    others = [
        abandoned(documents / ".other.fieldglass.abcdefgh.part"),
        abandoned(documents / "mine.download.part"),
        abandoned(tmp_path / ".mine.fieldglass.abcdefgh.part"),
    ]
    mine = documents / "mine.fieldglass"
    save(mine, Document(), {}, store)
    open_desk().window.settings.remember(str(mine))
    open_desk().wait(lambda: not any(path.exists() for path in left))
    assert all(path.exists() for path in others)
    assert mine.exists()
    assert store.sound(key)


def test_a_long_name_and_a_link_are_swept_too(store, tmp_path):
    target = tmp_path / "far" / f"{'n' * 60}.fieldglass"
    link = tmp_path / "link.fieldglass"
    left = abandoned(target.parent / f".{'n' * 40}.abcdefgh.part")
    save(target, Document(), {}, store)
    link.symlink_to(target)
    assert sweep(store, [link]) == 1
    assert not left.exists()
