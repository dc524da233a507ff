"""The file of a document: what is written is there, what cannot be is said, nothing is lost."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.storage import atomic_file
from analysis.storage.blobs import BlobRef, BlobStore
from analysis.storage.document import Document, DocumentError
from analysis.storage.document_file import beside_name, load, save
from tests.analysis.blueprints.test_blueprints import build


@pytest.fixture
def store(tmp_path):
    return BlobStore(tmp_path / "blobs")


def with_weights(store):
    key = store.put(struct.pack("<4f", 1, 2, 3, 4))
    return Document(graph=build("unet:depth=1,base=2"), weights=BlobRef(key, "a/b.safetensors"))


def test_weights_travel_beside_the_file(tmp_path, store):
    saved = with_weights(store)
    path = tmp_path / "net.fieldglass"
    save(path, saved, {"zoom": 2}, store)
    assert (tmp_path / f"net.{saved.weights.hash[:12]}.safetensors").is_file()
    elsewhere = BlobStore(tmp_path / "other")
    opened = load(path, elsewhere)
    assert (opened.document, opened.view, opened.missing) == (saved, {"zoom": 2}, ())
    assert elsewhere.sound(saved.weights.hash)


def test_a_renamed_file_still_finds_its_weights(tmp_path, store):
    path = tmp_path / "net.fieldglass"
    save(path, with_weights(store), {}, store)
    path = path.rename(tmp_path / "renamed.fieldglass")
    assert load(path, BlobStore(tmp_path / "other")).missing == ()


@pytest.mark.parametrize(
    ("damage", "code"), [(True, "weights-damaged"), (False, "weights-missing")]
)
def test_without_its_weights_the_graph_still_opens(tmp_path, store, damage, code):
    saved = with_weights(store)
    path = tmp_path / "net.fieldglass"
    save(path, saved, {}, store)
    beside = next(tmp_path.glob("*.safetensors"))
    if damage:
        beside.write_bytes(b"else")
    else:
        beside.unlink()
    other = BlobStore(tmp_path / "other")
    opened = load(path, other)
    assert opened.document == saved
    assert [fault.code for fault in opened.missing] == [code]
    assert not other.has(saved.weights.hash)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk-full"),
        (errno.EROFS, "read-only-folder"),
        (errno.EIO, "cannot-write"),
    ],
)
def test_a_failed_save_leaves_the_old_file_and_no_rubbish(
    tmp_path, store, monkeypatch, number, code
):
    path = tmp_path / "net.fieldglass"
    save(path, Document(title="old"), {}, store)
    before = sorted(tmp_path.iterdir())

    def fail(_):
        raise OSError(number, "no")

    monkeypatch.setattr(atomic_file.os, "fsync", fail)
    with pytest.raises(DocumentError) as caught:
        save(path, Document(title="new"), {}, store)
    assert caught.value.code == code
    monkeypatch.undo()
    assert sorted(tmp_path.iterdir()) == before
    assert load(path, store).document.title == "old"


def test_a_folder_that_is_not_there_is_said(tmp_path, store):
    with pytest.raises(DocumentError) as caught:
        save(tmp_path / "no" / "net.fieldglass", Document(), {}, store)
    assert caught.value.code == "no-folder"
    with pytest.raises(DocumentError) as caught:
        load(tmp_path / "nothing.fieldglass", store)
    assert caught.value.code == "missing-file"
    with pytest.raises(DocumentError) as caught:
        load(tmp_path, store)
    assert caught.value.code == "cannot-read"


def test_saving_keeps_the_permissions(tmp_path, store):
    path = tmp_path / "net.fieldglass"
    save(path, Document(), {}, store)
    assert path.stat().st_mode & 0o777 == 0o666 & ~_umask()
    path.chmod(0o640)
    save(path, Document(), {}, store)
    assert path.stat().st_mode & 0o777 == 0o640


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


# ------------------------------------------------------------------- nothing lost in silence


def refused(path, document, store, **how) -> str:
    """The code of the refusal; the folder is as it was."""
    before = snapshot(path.parent)
    with pytest.raises(DocumentError) as caught:
        save(path, document, {}, store, **how)
    assert snapshot(path.parent) == before
    return caught.value.code


def snapshot(folder: Path) -> dict[str, bytes | None]:
    return {each.name: each.read_bytes() if each.is_file() else None for each in folder.iterdir()}


def gone(store, key):
    shutil.rmtree(store.folder)


def emptied(store, key):
    store.path(key).write_bytes(b"")


def altered(store, key):
    content = bytearray(store.path(key).read_bytes())
    content[3] ^= 1
    store.path(key).write_bytes(content)


def made_a_folder(store, key):
    store.path(key).unlink()
    store.path(key).mkdir()


@pytest.mark.parametrize("kind", ["weights", "image"])
@pytest.mark.parametrize("harm", [gone, emptied, altered, made_a_folder])
def test_a_blob_that_cannot_be_had_is_no_success(tmp_path, store, kind, harm):
    key = store.put(b"some sixteen byte")
    saved = Document(title="mine", **{kind: BlobRef(key, "blob.bin")})
    harm(store, key)
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / "net.fieldglass"
    assert refused(path, saved, store) == f"{kind}-not-stored"
    save(path, saved, {}, store, without_blobs=True)  # once the person has said so
    assert load(path, BlobStore(tmp_path / "other")).document == saved


def test_a_blob_that_is_whole_beside_the_file_is_enough(tmp_path, store):
    saved = with_weights(store)
    path = tmp_path / "net.fieldglass"
    save(path, saved, {}, store)
    gone(store, saved.weights.hash)
    save(path, saved, {}, store)
    renamed = tmp_path / "renamed.fieldglass"
    save(renamed, saved, {}, store)
    path.unlink()
    assert load(renamed, BlobStore(tmp_path / "other")).missing == ()


def test_a_damaged_blob_beside_the_file_is_written_anew(tmp_path, store):
    saved = with_weights(store)
    path = tmp_path / "net.fieldglass"
    save(path, saved, {}, store)
    beside = path.with_name(beside_name(path, saved.weights))
    beside.write_bytes(b"else")
    save(path, saved, {}, store)
    assert beside.read_bytes() == store.path(saved.weights.hash).read_bytes()


def test_a_file_that_another_program_changed_is_not_overwritten_unasked(tmp_path, store):
    path = tmp_path / "net.fieldglass"
    mine = save(path, Document(title="mine"), {}, store)
    assert load(path, store).hash == mine
    mine = save(path, Document(title="mine again"), {}, store, expected=mine)
    theirs = path.read_bytes().replace(b"mine again", b"theirs")
    path.write_bytes(theirs)
    assert refused(path, Document(title="mine"), store, expected=mine) == "changed-meanwhile"
    save(path, Document(title="mine"), {}, store, expected=None)
    assert load(path, store).document.title == "mine"


def test_a_file_that_was_only_touched_or_taken_away_is_written(tmp_path, store):
    path = tmp_path / "net.fieldglass"
    mine = save(path, Document(title="one"), {}, store)
    os.utime(path, (1, 1))
    mine = save(path, Document(title="two"), {}, store, expected=mine)
    path.unlink()
    save(path, Document(title="three"), {}, store, expected=mine)
    assert load(path, store).document.title == "three"


def test_a_read_only_file_is_left_as_it_is(tmp_path, store):
    path = tmp_path / "net.fieldglass"
    save(path, Document(title="old"), {}, store)
    path.chmod(0o444)
    assert refused(path, with_weights(store), store) == "read-only-file"


@pytest.mark.parametrize("far", [False, True])
def test_a_symbolic_link_stays_and_its_target_is_written(tmp_path, store, far):
    folder = tmp_path / "far" if far else tmp_path
    folder.mkdir(exist_ok=True)
    target, link = folder / "target.fieldglass", tmp_path / "link.fieldglass"
    save(target, Document(title="old"), {}, store)
    link.symlink_to(target)
    saved = with_weights(store)
    save(link, saved, {}, store)
    assert link.is_symlink()
    for name in (link, target):
        opened = load(name, BlobStore(tmp_path / f"other {name.name}"))
        assert (opened.document, opened.missing) == (saved, ())


def test_what_is_no_file_is_not_replaced(tmp_path, store):
    os.mkfifo(tmp_path / "pipe.fieldglass")
    (tmp_path / "folder.fieldglass").mkdir()
    for name in ("pipe", "folder"):
        assert refused(tmp_path / f"{name}.fieldglass", Document(), store) == "cannot-write"
        with pytest.raises(DocumentError) as caught:
            load(tmp_path / f"{name}.fieldglass", store)
        assert caught.value.code == ("not-a-file" if name == "pipe" else "cannot-read")


def test_what_the_disk_did_not_keep_is_no_success(tmp_path, store, monkeypatch):
    path = tmp_path / "net.fieldglass"
    saved = with_weights(store)
    whole = atomic_file.write

    def losing(target, chunks):
        content = b"".join(chunks)
        whole(target, (content[: len(content) // 2],))

    monkeypatch.setattr(atomic_file, "write", losing)
    with pytest.raises(DocumentError) as caught:
        save(path, saved, {}, store)
    assert caught.value.code == "cannot-write"
    assert not path.exists()  # the file comes last
    with pytest.raises(DocumentError) as caught:
        save(path, Document(), {}, store)
    assert caught.value.code == "cannot-write"


@pytest.mark.parametrize("letters", [1, 200, 240])
@pytest.mark.parametrize("letter", ["n", "ü", "网"])
def test_every_name_that_a_document_can_have_keeps_its_weights(tmp_path, store, letter, letters):
    stem = letter * (letters // len(letter.encode()) or 1)
    saved = with_weights(store)
    path = tmp_path / f"{stem}.fieldglass"
    save(path, saved, {}, store)
    assert load(path, BlobStore(tmp_path / "other")).missing == ()


# ------------------------------------------------------------------------- killed while saving

SAVE_UNTIL_KILLED = """
import itertools, os, signal, sys
from pathlib import Path
from analysis.storage.blobs import BlobRef, BlobStore
from analysis.storage.document import Document
from analysis.storage.document_file import save
left = int(sys.argv[4])
def deadly(call):
    def counted(*arguments):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments)
    return counted
for name in ("fdopen", "fsync", "replace"):
    setattr(os, name, deadly(getattr(os, name)))
store = BlobStore(Path(sys.argv[2]))
for turn in itertools.count(int(sys.argv[3])):
    weights = BlobRef(store.put(bytes([turn % 251]) * 300_000), "w.safetensors")
    save(Path(sys.argv[1]), Document(title=str(turn), weights=weights), {}, store)
    print(turn, flush=True)
"""
"""Saves again and again, and is killed at its nth step of writing a file."""


def test_a_kill_at_any_moment_leaves_a_whole_document_and_its_rubbish_is_swept(tmp_path):
    folder, blobs = tmp_path / "out", tmp_path / "blobs"
    folder.mkdir()
    path = folder / "net.fieldglass"
    save(path, Document(title="0"), {}, BlobStore(blobs))
    turn, steps = 0, len(("fdopen", "fsync", "replace", "fsync of the folder"))
    files = 3  # the weights in the store, the weights beside the document, the document
    for step in range(1, files * steps + 1):
        arguments = (path, blobs, str(turn + 1), str(step))
        program = subprocess.run(
            [sys.executable, "-c", SAVE_UNTIL_KILLED, *arguments],
            stdout=subprocess.PIPE,
            check=False,
        )
        assert program.returncode == -signal.SIGKILL
        turn = max([turn, *map(int, program.stdout.split())])
        opened = load(path, BlobStore(tmp_path / "other"))
        assert int(opened.document.title) >= turn
        assert opened.missing == ()
    assert len(list(tmp_path.rglob("*.part"))) >= files  # some came while a file was being written
    folders = [folder, *(each for each in blobs.iterdir())]
    for left in tmp_path.rglob("*.part"):
        os.utime(left, (1, 1))
    assert sum(map(atomic_file.sweep, folders)) > 0
    assert list(tmp_path.rglob("*.part")) == []
    assert load(path, BlobStore(blobs)).missing == ()
