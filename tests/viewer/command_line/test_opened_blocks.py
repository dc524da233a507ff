"""`fieldglass diagram` draws blocks opened: as a document was saved, and as is asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from analysis.operators import Input
from analysis.storage.blobs import BlobStore
from analysis.storage.document import Document
from analysis.storage.document_file import save
from tests.analysis.blueprints.test_blueprints import build
from tests.viewer.command_line.test_command_line import Shell, shell

__all__ = ["shell"]


def ids(path: Path, *names: str) -> list[bool]:
    text = path.read_text(encoding="utf-8")
    return [f'id="{name}"' in text for name in names]


def test_stages_are_opened_by_name(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "net.svg"
    shell.text("diagram", "u2net", "--open", "enc2", "--open", "dec3", "-o", path)
    assert all(ids(path, "frame-enc2", "frame-dec3", "block-enc2-in", "block-dec3-bottom"))
    assert ids(path, "block-enc2", "block-dec2") == [False, True]


def test_a_document_is_drawn_as_it_was_left(shell: Shell, tmp_path: Path) -> None:
    file, path = tmp_path / "net.fieldglass", tmp_path / "net.svg"
    store = BlobStore(tmp_path / "store")
    save(file, Document(graph=build("u2net")), {"expanded": ["enc4"]}, store)
    shell.text("diagram", file, "-o", path)
    assert ids(path, "frame-enc4", "frame-enc3") == [True, False]
    shell.text("diagram", file, "--open", "enc3", "-o", path)
    assert ids(path, "frame-enc4", "frame-enc3") == [True, True]


def test_an_unknown_name_is_refused_with_those_there_are(shell: Shell, tmp_path: Path) -> None:
    said = shell.refused("diagram", "u2net", "--open", "stage9", "-o", tmp_path / "net.svg")
    assert "stage9" in said
    assert "enc1, enc2" in said
    assert not list(tmp_path.iterdir())


def test_the_maps_of_a_picture_are_drawn_in_the_blocks(shell: Shell, tmp_path: Path) -> None:
    image, plain, shown = (tmp_path / name for name in ("grey.png", "plain.svg", "shown.svg"))
    values = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(values).save(image)
    network = "unet:depth=2,base=4,size=64"
    shell.text("diagram", network, "-o", plain)
    shell.text("diagram", network, "--image", image, "-o", shown)
    pictures = [path.read_text(encoding="utf-8").count("<image") for path in (plain, shown)]
    assert pictures == [0, 7]
    assert all(ids(shown, "block-input", "block-enc1", "block-bottleneck", "block-output"))


def test_a_network_that_clashes_is_drawn_with_maps_as_far_as_it_runs(
    shell: Shell, tmp_path: Path
) -> None:
    image, file, shown = (tmp_path / name for name in ("a.png", "net.fieldglass", "shown.svg"))
    values = np.random.default_rng(0).integers(0, 255, (62, 62, 3), dtype=np.uint8)
    Image.fromarray(values).save(image)
    graph = build("unet:depth=2,base=4,size=64")
    clashing = graph.with_operator("input", Input(3, (62, 62)))
    save(file, Document(graph=clashing), {}, BlobStore(tmp_path / "store"))
    said = shell.remarked("diagram", file, "--image", image, "-o", shown)
    assert said.startswith("fieldglass: join2: ")
    assert "30 and 31" in said
    drawn = shown.read_text(encoding="utf-8")
    assert drawn.count("<image") == 4  # input, two encoder blocks and the bottleneck
    assert "30 ≠ 31 high" in drawn


def test_the_page_that_is_named_is_drawn(shell: Shell, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    pages = [Image.fromarray(rng.integers(0, 255, (64, 64), dtype=np.uint8)) for _ in range(2)]
    file, alone = tmp_path / "pages.tif", tmp_path / "second.tif"
    pages[0].save(file, save_all=True, append_images=pages[1:])
    pages[1].save(alone)
    drawn = []
    first_page, second_page = ([file, "--page", n] for n in "12")
    for name, given in (("first", first_page), ("page", second_page), ("alone", [alone])):
        path = tmp_path / f"{name}.svg"
        shell.text("diagram", "unet:depth=2,base=4,size=64", "--image", *given, "-o", path)
        drawn.append(path.read_text(encoding="utf-8"))
    first, page, second = drawn
    assert page == second != first


def test_a_picture_that_is_not_there_is_refused(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "net.svg"
    said = shell.refused("diagram", "unet", "--image", tmp_path / "none.png", "-o", path)
    assert "none.png" in said
    assert not path.exists()
