"""Blobs are kept under their hash, once, and never half."""

import hashlib
import os

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


# ------------------------------------------------------------------------ temporary files


def old(path):
    path.write_bytes(b"half")
    os.utime(path, (1, 1))
    return path


def test_only_abandoned_temporary_files_of_ours_are_swept(tmp_path):
    ours = old(tmp_path / ".net.fieldglass.abcd1234.part")
    others = [
        old(tmp_path / "film.mp4.part"),
        old(tmp_path / ".film.mp4.part"),
        old(tmp_path / ".other.fieldglass.abcd1234.part"),
        old(tmp_path / "net.fieldglass"),
    ]
    fresh = tmp_path / ".net.fieldglass.efgh5678.part"
    fresh.write_bytes(b"being written")
    (tmp_path / ".net.fieldglass.folder12.part").mkdir()
    assert atomic_file.sweep(tmp_path, lambda start: start.startswith("net")) == 1
    assert not ours.exists()
    assert fresh.exists()
    assert all(other.exists() for other in others)
    assert atomic_file.sweep(tmp_path / "nowhere") == 0


@pytest.mark.skipif(os.name != "posix", reason="elsewhere an open file cannot be deleted at all")
def test_a_temporary_file_that_is_being_written_slowly_is_left(tmp_path):
    def chunks():
        yield b"half"
        (temporary,) = tmp_path.glob(".slow.*.part")
        os.utime(temporary, (1, 1))
        assert atomic_file.sweep(tmp_path) == 0
        yield b" and half"

    atomic_file.write(tmp_path / "slow", chunks())
    assert (tmp_path / "slow").read_bytes() == b"half and half"


def test_a_pipe_is_written_to_and_stays_one(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    atomic_file.write(pipe, (b"a", b"b"))
    assert os.read(reader, 10) == b"ab"
    os.close(reader)
    assert pipe.is_fifo()
