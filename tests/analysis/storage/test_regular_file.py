"""A pipe or a device is refused at once by whatever opens files; nothing waits for it."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.inference.image_file.decoding import decode, image_size
from analysis.inference.image_file.formats import ImageError
from analysis.storage.blobs import BlobStore, hash_file
from analysis.storage.document import DocumentError
from analysis.storage.document_file import load
from analysis.storage.regular_file import NotRegularError, open_regular, read_fault, special_fault

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a folder holds no pipes there")


@pytest.fixture(params=["pipe", "link to a pipe", "device"])
def special(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A pipe that nobody writes to, a link to it, and a device."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    if request.param == "pipe":
        return pipe
    link = tmp_path / "link"
    link.symlink_to(pipe if "pipe" in request.param else "/dev/zero")
    return link


@pytest.mark.parametrize("opens", [open_regular, hash_file])
def test_what_is_no_file_is_not_opened(special: Path, opens: Callable[[Path], object]) -> None:
    with pytest.raises(NotRegularError) as caught:
        opens(special)
    assert read_fault(caught.value, special).code == "not-a-file"
    fault = special_fault(special)
    assert fault is not None
    assert fault.numbers == (str(special),)


def test_documents_images_and_blobs_refuse_it(special: Path, tmp_path: Path) -> None:
    store = BlobStore(tmp_path / "store")
    with pytest.raises(DocumentError) as document:
        load(special, store)
    assert document.value.code == "not-a-file"
    with pytest.raises(NotRegularError):
        store.put(special)
    for ask in (decode, image_size):
        with pytest.raises(ImageError) as image:
            ask(special)
        assert image.value.fault.code == "not-a-file"


def test_files_folders_and_nothing_are_no_special_files(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    with open_regular(tmp_path / "a") as file:
        assert file.read() == b"abc"
    for path in (tmp_path / "a", tmp_path, tmp_path / "gone", "bad\0name"):
        assert special_fault(path) is None
    with pytest.raises(IsADirectoryError):
        open_regular(tmp_path)
    with pytest.raises(FileNotFoundError):
        open_regular(tmp_path / "gone")
