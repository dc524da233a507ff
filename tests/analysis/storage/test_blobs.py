"""Blobs are kept under their hash, once, and never half."""

import hashlib

import pytest

from analysis.storage import atomic_file
from analysis.storage.blobs import BlobStore, is_hash


def test_the_same_bytes_are_kept_once(tmp_path):
    store = BlobStore(tmp_path / "store")
    file = tmp_path / "picture.png"
    file.write_bytes(b"picture" * 1000)
    key = store.put(b"picture" * 1000)
    assert key == hashlib.sha256(b"picture" * 1000).hexdigest() == store.put(file)
    assert store.path(key).read_bytes() == file.read_bytes()
    assert len([path for path in store.folder.rglob("*") if path.is_file()]) == 1


def test_damage_is_seen(tmp_path):
    store = BlobStore(tmp_path)
    key = store.put(b"weights")
    assert store.sound(key)
    store.path(key).write_bytes(b"weight")
    assert store.has(key)
    assert not store.sound(key)
    store.drop(key)
    assert not store.has(key)


def test_what_is_no_hash_leads_nowhere(tmp_path):
    store = BlobStore(tmp_path)
    for text in ("", "../secret", "A" * 64, "0" * 63, "0" * 64 + "\n"):
        assert not is_hash(text)
        with pytest.raises(ValueError, match="SHA-256"):
            store.path(text)


def test_a_write_that_stops_half_way_leaves_nothing(tmp_path):
    def chunks():
        yield b"half"
        raise OSError(28, "full")

    with pytest.raises(OSError, match="full"):
        atomic_file.write(tmp_path / "file", chunks())
    assert list(tmp_path.iterdir()) == []
