"""Files of every kind that are cut off, or far too long: one sentence, the document as it was."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from analysis.storage.document import Document, to_json

TENSORS = {"head.weight": torch.zeros(64, 64)}


def picture(path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    Image.fromarray(noise).save(path)


def zipped(path: Path) -> None:
    path.write_bytes(gzip.compress(np.random.default_rng(0).bytes(9000)))


WRITERS: dict[str, Callable[[Path], object]] = {
    "x.png": picture,
    "x.jpg": picture,
    "x.tif": picture,
    "x.webp": picture,
    "x.gif": picture,
    "x.npy": lambda path: np.save(path, np.zeros((64, 64))),
    "x.npz": lambda path: np.savez(path, image=np.zeros((64, 64))),
    "x.nii.gz": zipped,
    "x.pth": lambda path: torch.save(TENSORS, path),
    "x.safetensors": lambda path: save_file(TENSORS, path),
}


@pytest.fixture
def said_of(desk, tmp_path):
    """Drops a file and gives what is said; the document must be the one before."""

    def drop(path: Path) -> str:
        desk.session.notifications.dismiss()
        before = desk.session.document
        desk.drop(path)
        told = desk.wait_told(path.name)
        desk.wait(lambda: desk.session.document is before)
        return told

    desk.wait_frame()
    return drop


def test_what_is_cut_off_is_said_and_nothing_else_happens(said_of, desk, tmp_path):
    document = tmp_path / "x.fieldglass"
    document.write_bytes(to_json(desk.session.document))
    plans = tmp_path / "plans.json"
    plans.write_text('{"configurations": {"2d": {}}}')
    for name, write in WRITERS.items():
        write(tmp_path / name)
    for path in (*(tmp_path / name for name in WRITERS), document, plans):
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
        said = said_of(path)
        is_tensors = path.suffix in (".pth", ".safetensors")
        words = ("is cut off: its end is missing",) if is_tensors else ("damaged", "no image")
        assert any(word in said for word in words), said


@pytest.mark.parametrize(
    "name",
    [
        *("x.png", "x.npy", "x.nii", "x.fieldglass", "plans.json"),
        *("x.pth", "x.safetensors", "x.onnx", "x.pt2", "x.py"),
    ],
)
def test_two_gigabytes_are_refused_at_once(said_of, tmp_path, name):
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(2 << 30)
    said_of(path)


def test_a_long_archive_without_its_end_is_not_copied_before_it_is_refused(
    said_of, desk, tmp_path, monkeypatch
):
    monkeypatch.setattr(type(desk.window.store), "put", None)
    path = tmp_path / "x.pth"
    torch.save(TENSORS, path)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
        file.truncate(2 << 30)
    assert "is cut off: its end is missing" in said_of(path)


def test_an_error_goes_once_a_sound_document_is_open_and_unknown_keys_are_said(desk, tmp_path):
    broken, sound = tmp_path / "broken.fieldglass", tmp_path / "sound.fieldglass"
    broken.write_text("no JSON")
    plain = json.loads(to_json(Document(graph=desk.session.document.graph, title="sound")))
    sound.write_text(json.dumps(plain))
    desk.wait_frame()
    desk.drop(broken)
    assert "JSON" in desk.wait_told("JSON")
    desk.drop(sound)
    desk.wait(lambda: desk.session.document.title == "sound")
    assert desk.said == ""
    sound.write_text(json.dumps({**plain, "author": "somebody"}))
    desk.drop(sound)
    assert desk.wait_told("author") == (
        "Ignored, and left out of the file when it is saved: author."
    )
