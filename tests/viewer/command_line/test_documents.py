"""A document's own weights and image on the command line: whole, or said to be wanting."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from PIL import Image

from analysis.blueprints import BLUEPRINTS
from analysis.storage.blobs import BlobRef, BlobStore
from analysis.storage.document import Document
from analysis.storage.document_file import load, save
from tests.viewer.command_line.test_command_line import Shell, shell

__all__ = ["shell"]


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A document with weights (one layer's) and an image beside it."""
    store = BlobStore(tmp_path / "store")
    tensor = {"enc1.conv1.weight": np.ones((4, 1, 3, 3), np.float32)}
    weights = store.put(safetensors.numpy.save(tensor))
    Image.new("L", (16, 16), 90).save(tmp_path / "photo.png")
    made = Document(
        graph=BLUEPRINTS["unet"].build({"depth": 1, "base": 4, "in": 1, "size": 16}),
        weights=BlobRef(weights, "mine.safetensors"),
        image=BlobRef(store.put(tmp_path / "photo.png"), "cells.png"),
    )
    path = tmp_path / "net.fieldglass"
    save(path, made, {}, store)
    return path


def alter(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def beside(document: Path, ending: str) -> Path:
    return next(document.parent.glob(f"net.*.{ending}"))


USES = (
    ("convert", "-o", "out.fieldglass"),
    ("run", "--image", "photo.png", "-o", "out"),
    ("field", "--effective", "--image", "photo.png", "--unit", "3,3"),
)


@pytest.mark.parametrize("use", USES, ids=lambda use: use[0])
@pytest.mark.parametrize("harm", ["altered", "gone"])
def test_weights_that_are_not_those_of_the_document_are_not_used(
    shell: Shell, document: Path, monkeypatch, use, harm
) -> None:
    monkeypatch.chdir(document.parent)
    weights = beside(document, "safetensors")
    if harm == "altered":
        alter(weights)
    else:
        weights.unlink()
    said = shell.refused(use[0], document, *use[1:])
    assert weights.name in said
    assert ("damaged" if harm == "altered" else "no weights file") in said
    assert "--seed" in said
    assert not (document.parent / "out.fieldglass").exists()


def test_an_altered_file_beside_the_right_one_does_no_harm(shell: Shell, document: Path) -> None:
    weights = beside(document, "safetensors")
    decoy = weights.with_name(f"a.{weights.name.split('.')[1]}.safetensors")
    decoy.write_bytes(b"not these")
    out = document.with_name("out.fieldglass")
    shell.text("convert", document, "-o", out)
    opened = load(out, BlobStore(document.parent / "other"))
    assert opened.missing == ()


def test_an_altered_image_is_not_taken_along(shell: Shell, document: Path) -> None:
    alter(beside(document, "png"))
    out = document.with_name("out.fieldglass")
    shell.text("convert", document, "-o", out)
    assert list(document.parent.glob("out.*.png")) == []


@pytest.mark.parametrize("letters", [256, 300, 5_000])
@pytest.mark.parametrize("ending", ["", ".fieldglass", ".py", ".safetensors", ":size=8"])
def test_a_name_longer_than_a_file_can_have_is_no_error_of_its_own(
    shell: Shell, letters: int, ending: str
) -> None:
    assert "of its own" not in shell.refused("describe", "u" * letters + ending)
    assert "of its own" not in shell.refused("describe", "--trust", "u" * letters + ending)


@pytest.mark.parametrize("option", ["--weights", "--image", "-o", "--case"])
def test_no_option_that_names_a_file_minds_a_name_that_is_too_long(
    shell: Shell, tmp_path: Path, monkeypatch, option: str
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "u" * 300 + ".json"
    command = {
        "--weights": ("convert", "unet:depth=1", "-o", "x.fieldglass"),
        "--image": ("run", "unet:depth=1", "-o", "x"),
        "-o": ("describe", "unet:depth=1"),
        "--case": ("arithmetic",),
    }[option]
    said = shell.refused(*command, option, name)
    assert "of its own" not in said
