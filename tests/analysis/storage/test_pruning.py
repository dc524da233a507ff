"""Stored files that nothing needs are found by what is written in the files that are kept."""

import json
import os

import pytest

from analysis.graph import Graph
from analysis.storage.blobs import BlobRef, BlobStore
from analysis.storage.document import Document, to_json
from analysis.storage.document_file import load, save
from analysis.storage.pruning import delete, references, stored_files, unneeded


@pytest.fixture
def store(tmp_path):
    return BlobStore(tmp_path / "blobs")


def aged(store, content, used=1000.0):
    key = store.put(content)
    os.utime(store.path(key), (used, used))
    return key


def test_only_what_is_not_kept_and_long_unused_is_unneeded(store):
    kept, fresh, old = (aged(store, name) for name in (b"kept", b"fresh", b"old"))
    os.utime(store.path(fresh), (3000, 3000))
    assert [each.hash for each in unneeded(store, {kept}, 2000)] == [old]
    assert {each.hash for each in unneeded(store, set(), 4000)} == {kept, fresh, old}


def test_what_else_lies_in_the_folder_is_left(store):
    key = aged(store, b"old")
    strangers = [store.folder / "notes.txt", store.folder / key[:2] / "notes", store.folder / "zz"]
    strangers[2].mkdir()
    misplaced = strangers[2] / key
    for path in (*strangers[:2], misplaced):
        path.write_bytes(b"mine")
    assert [each.hash for each in stored_files(store)] == [key]
    assert delete(store, stored_files(store)) == 3
    assert all(path.exists() for path in (*strangers, misplaced))


def test_what_was_used_since_it_was_listed_stays(store):
    again, gone = aged(store, b"again"), aged(store, b"gone")
    listed = unneeded(store, set(), 2000)
    assert store.put(b"again") == again
    store.path(gone).unlink()
    assert delete(store, listed) == 0
    assert store.sound(again)


def test_opening_a_document_is_a_use(tmp_path, store):
    key = aged(store, b"weights")
    path = tmp_path / "a.fieldglass"
    save(path, Document(weights=BlobRef(key, "w.bin")), {}, store)
    load(path, store)
    assert unneeded(store, set(), 2000) == []


@pytest.mark.parametrize("form", ["whole", "cut off", "of a newer version", "with rubbish"])
def test_a_document_needs_what_is_written_in_it_whatever_its_form(tmp_path, form):
    weights, image = "a1" * 32, "b2" * 32
    content = to_json(Document(Graph(), weights=BlobRef(weights, "w"), image=BlobRef(image, "i")))
    if form == "of a newer version":
        plain = json.loads(content)
        content = json.dumps(
            {"fieldglass": 99, "stores": [plain["weights"], plain["image"]]}
        ).encode()
    elif form == "cut off":
        content = content.rstrip()[:-3]
    elif form == "with rubbish":
        content = b"\xff\x00" + content + b"\xfe"
    (tmp_path / "file").write_bytes(content)
    assert references([tmp_path / "file", tmp_path / "nothing"]) == {weights, image}


def test_a_longer_number_is_no_hash(tmp_path):
    (tmp_path / "file").write_bytes(b"c" * 65 + b" " + b"d" * 63 + b" " + b"E" * 64)
    assert references([tmp_path / "file"]) == set()


def test_what_cannot_be_read_is_not_taken_for_needing_nothing(tmp_path):
    with pytest.raises(OSError, match="director"):
        references([tmp_path])
