"""`fieldglass run --tiles`: the whole picture, piece by piece."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from viewer.command_line.main import main

SMALL = "unet:depth=2,base=4,size=16,norm=none"


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture of 61 × 90, no multiple of what the network halves."""
    path = tmp_path_factory.mktemp("tiles") / "picture.png"
    values = np.random.default_rng(0).integers(0, 256, (61, 90, 3), np.uint8)
    Image.fromarray(values).save(path)
    return path


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    capsys.readouterr()
    status = main([str(word) for word in words])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_tiles_are_the_whole_at_its_own_size(
    capsys: pytest.CaptureFixture[str], picture: Path, tmp_path: Path
) -> None:
    given = ("run", SMALL, "--image", picture, "--format", "json")
    status, said, _ = run(capsys, *given, "--tiles", 56, "-o", tmp_path / "tiles")
    assert status == 0
    found = json.loads(said)
    assert found["tiles"]["picture"] == [61, 90]
    assert found["input"] == [3, 64, 92]
    assert found["tiles"]["count"] > 2
    assert max(found["tiles"]["size"]) <= 56
    status, said, _ = run(capsys, *given, "--tiles", "-o", tmp_path / "whole")
    assert status == 0
    assert json.loads(said)["tiles"]["count"] == 1
    pieces, whole = (np.load(tmp_path / name / "output.npy") for name in ("tiles", "whole"))
    assert pieces.shape == (3, 61, 90)
    np.testing.assert_allclose(pieces, whole, rtol=0, atol=1e-5 * np.abs(whole).max())
    with Image.open(tmp_path / "tiles" / "output.png") as drawn:
        assert drawn.size == (90, 61)


@pytest.mark.parametrize(
    ("layer", "shape"), [("dec1.act2", (4, 61, 90)), ("enc2.act1", (8, 32, 46))]
)
def test_a_layer_s_maps_in_tiles_are_those_of_the_whole(
    layer: str,
    shape: tuple[int, ...],
    capsys: pytest.CaptureFixture[str],
    picture: Path,
    tmp_path: Path,
) -> None:
    given = ("run", SMALL, "--image", picture, "--layer", layer, "--format", "json")
    found = {}
    for name, side in (("pieces", 56), ("whole", 128)):
        status, said, _ = run(capsys, *given, "--tiles", side, "-o", tmp_path / name)
        assert status == 0
        files = {Path(each["file"]).name: each for each in json.loads(said)["files"]}
        assert set(files) == {"output.png", "output.npy", "mosaic.png", "mosaic.npy"}
        assert files["mosaic.npy"]["layer"] == layer
        assert tuple(files["mosaic.npy"]["shape"]) == shape
        found[name] = np.load(tmp_path / name / "mosaic.npy")
    most = np.abs(found["whole"]).max()
    assert most > 0
    np.testing.assert_allclose(found["pieces"], found["whole"], rtol=0, atol=1e-5 * most)


def test_a_volume_runs_in_tiles_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    volume = np.random.default_rng(2).random((21, 18, 26), np.float32)
    np.save(tmp_path / "volume.npy", volume)
    model = "unet:depth=1,base=2,convs=1,size=8,axes=3,in=1,out=1,norm=none"
    given = ("run", model, "--image", tmp_path / "volume.npy", "--format", "json")
    found = {}
    for name, side in (("pieces", ("--tiles", 16)), ("whole", ("--tiles", 64))):
        status, said, error = run(capsys, *given, *side, "-o", tmp_path / name)
        assert status == 0, error
        found[name] = json.loads(said)["tiles"]
    assert found["pieces"]["picture"] == [21, 18, 26]
    assert (found["pieces"]["count"] > 2, found["whole"]["count"]) == (True, 1)
    pieces, whole = (np.load(tmp_path / name / "output.npy") for name in ("pieces", "whole"))
    assert pieces.shape == (1, 21, 18, 26)
    np.testing.assert_allclose(pieces, whole, rtol=0, atol=1e-5 * np.abs(whole).max())


def test_the_number_format_is_chosen_and_measured(
    capsys: pytest.CaptureFixture[str], picture: Path, tmp_path: Path
) -> None:
    given = ("run", SMALL, "--image", picture, "--format", "json", "-o", tmp_path / "out")
    status, said, _ = run(capsys, *given, "--precision", "bfloat16")
    assert status == 0
    found = json.loads(said)
    assert found["precision"] == "bfloat16"
    assert 0 < found["precision_gap"] < 0.3
    status, said, _ = run(capsys, *given)
    assert (json.loads(said)["precision"], json.loads(said)["precision_gap"]) == ("float32", None)


def test_a_device_that_cannot_be_is_refused_before_the_window(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, _, said = run(capsys, "--device", "gpu")
    assert status == 2
    assert "auto, cpu, cuda, cuda:N and mps are known" in said


@pytest.mark.parametrize(
    ("model", "more", "words"),
    [
        ("unet:depth=2,base=4,size=16,norm=instance", ("--tiles",), "measures statistics"),
        (SMALL, ("--tiles", "many"), "it takes a side in pixels"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str],
    picture: Path,
    tmp_path: Path,
    model: str,
    more: tuple[str, ...],
    words: str,
) -> None:
    status, _, said = run(capsys, "run", model, "--image", picture, "-o", tmp_path / "no", *more)
    assert status == 2
    assert words in said
    assert said.count("\n") == 1
    assert not (tmp_path / "no").exists()


def test_the_whole_output_is_held_against_a_target(
    capsys: pytest.CaptureFixture[str], picture: Path, tmp_path: Path
) -> None:
    with Image.open(picture) as opened:
        size = opened.size
    plane = np.random.default_rng(0).integers(0, 2, size[::-1]).astype(np.uint8) * 255
    Image.fromarray(plane).save(tmp_path / "mask.png")
    folder = tmp_path / "out"
    told = ("--tiles", "56", "--target", tmp_path / "mask.png", "--format", "json")
    model = "unet:depth=2,base=4,size=16,norm=none,out=1"
    status, out, _ = run(
        capsys, "run", model, "--seed", "1", "--image", picture, "-o", folder, *told
    )
    assert status == 0
    answer = json.loads(out)
    assert answer["tiles"]["count"] > 1
    found, wanted = np.load(folder / "output.npy")[0] > 0, plane > 0
    dice = 2 * (found & wanted).sum() / (found.sum() + wanted.sum())
    assert answer["target"]["kind"] == "mask"
    assert answer["target"]["dice"] == pytest.approx(dice)


def test_it_is_said_why_tiles_are_larger_than_was_asked(
    capsys: pytest.CaptureFixture[str], picture: Path, tmp_path: Path
) -> None:
    told = ("--tiles", "4", "-o", tmp_path / "out")
    status, out, _ = run(capsys, "run", SMALL, "--seed", "1", "--image", picture, *told)
    assert status == 0
    assert "Tiles of 4 are too small: the output sees" in out
