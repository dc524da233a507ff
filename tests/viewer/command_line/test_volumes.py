"""`fieldglass run` on volumes: the part and the slice that the network is given."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from viewer import cli


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    status = cli.main(["run", *(str(each) for each in arguments)])
    return status, capsys.readouterr().err


@pytest.fixture
def volume(tmp_path: Path) -> np.ndarray:
    values = np.random.default_rng(2).random((7, 20, 24)).astype(np.float32)
    values[0, 0, :2] = 0, 1  # so that it is shown as it is stored
    np.save(tmp_path / "v.npy", values)
    return values


def test_a_network_of_three_axes_is_given_the_middle_of_the_volume(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, volume: np.ndarray
) -> None:
    model, out = "plain_chain:axes=3,in=1,size=16", tmp_path / "out"
    status, said = run(capsys, model, "--size", "1,4,16,16", "--image", tmp_path / "v.npy",
                       "--layer", "input", "-o", out)  # fmt: skip
    assert status == 0
    assert "of 7 × 20 × 24 the network is given 4 × 16 × 16 around slice 4" in said
    given = np.load(out / "mosaic.npy")
    np.testing.assert_allclose(given[0], volume[1:5, 2:18, 4:20], atol=1e-6)


def test_a_network_of_two_axes_is_given_the_slice_that_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, volume: np.ndarray
) -> None:
    out = tmp_path / "out"
    options = ("--size", "1,7,24", "--axis", 1, "--page", 9, "--layer", "input", "-o", out)
    model, picture = "plain_chain:in=1,size=16", tmp_path / "v.npy"
    status, said = run(capsys, model, "--image", picture, *options)
    assert (status, said.count("slices")) == (0, 0)
    np.testing.assert_allclose(np.load(out / "mosaic.npy")[0], volume[:, 8], atol=1e-6)


def test_a_slice_or_channel_that_is_not_there_is_refused_in_a_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, volume: np.ndarray
) -> None:
    for option, words in (("--page", "has 7 pages"), ("--channel", "has 1 channels")):
        status, said = run(capsys, "plain_chain:in=1,size=16", "--size", "1,16,16", "--image",
                           tmp_path / "v.npy", option, 8, "-o", tmp_path / "out")  # fmt: skip
        assert status == 2
        assert words in said
        assert said.count("\n") == 1


def test_a_mask_beside_the_image_gives_dice_and_iou(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    mask = np.zeros((6, 16, 16), np.uint8)
    mask[2:5, 4:11, 6:13] = 1
    np.save(tmp_path / "v.npy", mask.astype(np.float32))
    np.save(tmp_path / "m.npy", mask)
    model = "plain_chain:axes=3,in=1,out=1,size=16"
    options = ("--size", "1,4,16,16", "-o", tmp_path / "out", "--format", "json")
    arguments = (model, "--image", tmp_path / "v.npy", "--target", tmp_path / "m.npy", *options)
    assert cli.main(["run", *map(str, arguments)]) == 0
    answer = json.loads(capsys.readouterr().out)["target"]
    positive = np.load(tmp_path / "out" / "output.npy")[0] > answer["threshold"]
    both = (positive & (mask[0:4] > 0)).sum()
    assert answer["dice"] == pytest.approx(2 * both / (positive.sum() + mask[0:4].sum()))
    assert answer["iou"] == pytest.approx(both / (positive | (mask[0:4] > 0)).sum())
