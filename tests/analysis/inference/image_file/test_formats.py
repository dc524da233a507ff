"""Only the promised formats are read, whatever a file is called; no other program is started."""

import ast
import io
import stat
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import EpsImagePlugin, Image

from analysis.inference.image_file.decoding import decode, image_size
from analysis.inference.image_file.formats import FORMATS, ImageError
from viewer.files.file_kinds import IMAGES

ROOT = Path(__file__).parents[4]
PICTURE = np.add.outer(np.arange(24), np.arange(40)).astype(np.uint8) * 4
EPS = b"""%!PS-Adobe-3.0 EPSF-3.0
%%BoundingBox: 0 0 40 24
%%EndComments
{} loop
%%EOF
"""


def every_format() -> dict[str, bytes]:
    """The same picture in every format that Pillow can write here, by Pillow's name."""
    Image.init()
    made: dict[str, bytes] = {"EPS by hand": EPS}
    for name in sorted(Image.SAVE):
        for mode in ("RGB", "L", "1", "P"):
            file = io.BytesIO()
            try:
                with warnings.catch_warnings(action="ignore"):  # some formats are to go
                    Image.fromarray(PICTURE).convert(mode).save(file, name)
            except (OSError, ValueError, KeyError, RuntimeError, AttributeError):
                continue
            made[name] = file.getvalue()
            break
    return made


@pytest.fixture(scope="module")
def written() -> dict[str, bytes]:
    return every_format()


@pytest.fixture
def other_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that is there once Ghostscript, or what stands in its place, has been started."""
    marker = tmp_path / "started"
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "gs"
    program.write_text(f"#!/bin/sh\ntouch {marker}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setattr(EpsImagePlugin, "gs_binary", "gs")
    return marker


def test_pillow_by_itself_would_start_the_other_program(
    tmp_path: Path, other_program: Path
) -> None:
    (tmp_path / "photo.png").write_bytes(EPS)
    with Image.open(tmp_path / "photo.png") as image, pytest.raises(OSError, match=r"."):
        image.load()
    assert other_program.exists()


@pytest.mark.parametrize("ending", IMAGES)
def test_every_format_under_every_ending_is_read_rightly_or_refused(
    tmp_path: Path, written: dict[str, bytes], other_program: Path, ending: str
) -> None:
    assert set(FORMATS) <= set(written)
    assert len(written) > 2 * len(FORMATS)
    path = tmp_path / f"photo{ending}"
    for name, content in written.items():
        path.write_bytes(content)
        if name in FORMATS:
            error = np.abs(decode(path)[:, :, 0].astype(int) - PICTURE)
            assert error.mean() < 6, name
        elif name in ("MPO", "DIB"):  # JPEG with small pictures beside it; a BMP without its head
            continue
        else:
            for ask in (decode, image_size):
                with pytest.raises(ImageError) as caught:
                    ask(path)
                assert caught.value.fault.code == "image-format", name
    assert not other_program.exists()


def _openings(path: Path) -> list[ast.Call]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "open"
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("Image", "Pillow", "PIL")
    ]


def test_images_are_opened_in_one_place_and_by_name_of_format() -> None:
    found = {
        path.relative_to(ROOT): calls
        for folder in ("analysis", "viewer")
        for path in (ROOT / folder).rglob("*.py")
        if (calls := _openings(path))
    }
    assert found
    assert {path.parent for path in found} == {Path("analysis/inference/image_file")}
    for path, calls in found.items():
        for call in calls:
            named = {word.arg: ast.unparse(word.value) for word in call.keywords}
            assert named.get("formats") in ("FORMATS", "('PNG',)", "('TIFF',)", "('BMP',)"), path
