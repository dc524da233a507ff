"""Several files into a folder: links and permissions stay, and whose error it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.storage.staged_files import write_all


def test_a_link_stays_and_its_file_keeps_its_permissions(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "folder", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (elsewhere / "real").write_bytes(b"old")
    (elsewhere / "real").chmod(0o640)
    (folder / "link").symlink_to(elsewhere / "real")
    (folder / "inner").symlink_to(elsewhere, target_is_directory=True)
    write_all(folder, [("link", b"new"), ("inner/other", b"more")])
    assert (folder / "link").is_symlink()
    assert (elsewhere / "real").read_bytes() == b"new"
    assert (elsewhere / "real").stat().st_mode & 0o777 == 0o640
    assert (elsewhere / "other").read_bytes() == b"more"
    assert {path.name for path in folder.iterdir()} == {"link", "inner"}


def test_a_link_to_another_disk_is_followed(tmp_path: Path) -> None:
    other = Path("/dev/shm")
    if not other.is_dir() or other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is one disk here")
    target = other / f"fieldglass-{tmp_path.name}-{id(tmp_path)}"
    (tmp_path / "link").symlink_to(target)
    try:
        write_all(tmp_path, [("link", b"new")])
        assert target.read_bytes() == b"new"
    finally:
        target.unlink(missing_ok=True)


def test_an_error_in_what_is_to_be_written_is_passed_as_it_is(tmp_path: Path) -> None:
    def files(first: bool) -> Iterator[tuple[str, bytes]]:
        if not first:
            yield "one", b"1"
        raise FileNotFoundError(2, "No such file", "source.bin")

    for first in (True, False):
        with pytest.raises(FileNotFoundError) as raised:
            write_all(tmp_path, files(first))
        assert raised.value.filename == "source.bin"
        assert not list(tmp_path.iterdir())


def test_what_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "two").mkdir()
    with pytest.raises(OSError, match="two") as raised:
        write_all(tmp_path, [("two", b"2")])
    assert raised.value.filename == str(tmp_path / "two")
