"""`fieldglass skips`: its JSON to the letter, its sums, table, CSV, target and refusals."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from analysis.graph import Node
from analysis.operators import Sigmoid
from analysis.storage.document import Document, to_json
from tests.viewer.networks import document_of
from viewer import cli

SMALL = "unet:depth=2,base=4,size=16"


def said(capsys: pytest.CaptureFixture[str], *arguments: object, status: int = 0) -> str:
    assert cli.main([str(each) for each in arguments]) == status
    out, error = capsys.readouterr()
    return error if status else out


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    values = np.random.default_rng(3).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    Image.fromarray(values).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said(capsys, "skips", *arguments, "--format", "json"))
    return found


def test_the_keys_are_those_of_the_stable_interface(
    capsys: pytest.CaptureFixture[str], photo: Path
) -> None:
    found = answer(capsys, SMALL, "--image", photo)
    assert {
        *("model", "image", "f", "skips", "bottleneck", "bias", "checks", "exact"),
        *("why_not_exact", "bottleneck_share", "bias_share"),
    } <= found.keys()
    assert found["f"].keys() == {"name", "against", "all", "none"}
    assert [skip["name"] for skip in found["skips"]] == ["skip1", "skip2"]
    for skip in found["skips"]:
        assert {
            *("name", "from", "to", "join", "kind", "share", "shapley"),
            *("integrated_gradient", "bands", "ablation"),
        } <= skip.keys()
        assert skip["ablation"].keys() == {"zero", "mean", "noise"}
    assert found["checks"].keys() == {"split_error", "shapley_error", "gradient_gap"}
    assert found["exact"] is True
    assert found["why_not_exact"] is None


def test_what_must_sum_up_sums_up(capsys: pytest.CaptureFixture[str], photo: Path) -> None:
    found = answer(capsys, SMALL, "--image", photo)
    skips, f, checks = found["skips"], found["f"], found["checks"]
    assert (f["name"], f["against"], f["all"]) == ("mse", "output", 0)
    span = f["all"] - f["none"]
    assert span > 0
    assert sum(skip["shapley"] for skip in skips) == pytest.approx(span, rel=1e-9)
    total = sum(skip["integrated_gradient"] for skip in skips)
    assert total + checks["gradient_gap"] == pytest.approx(span, rel=1e-9)
    shares = [skip["share"] for skip in skips]
    assert sum(shares) + found["bottleneck_share"] + found["bias_share"] == pytest.approx(1)
    rest = [found["bottleneck"]["bands"], found["bias"]["bands"]]
    for band in zip(*(skip["bands"] for skip in skips), *rest, strict=True):
        assert sum(band) == pytest.approx(1, abs=1e-4)
    assert checks["split_error"] < 1e-5


def test_against_a_target_f_is_the_psnr_that_run_says(
    capsys: pytest.CaptureFixture[str], photo: Path, tmp_path: Path
) -> None:
    given = (SMALL, "--image", photo, "--target", photo)
    found = answer(capsys, *given)
    assert (found["f"]["name"], found["f"]["against"]) == ("psnr", "target")
    ran = json.loads(said(capsys, "run", *given, "-o", tmp_path / "out", "--format", "json"))
    assert found["f"]["all"] == pytest.approx(ran["target"]["psnr"], rel=1e-4)


def test_against_a_mask_f_is_a_dice_coefficient(
    capsys: pytest.CaptureFixture[str], photo: Path, tmp_path: Path
) -> None:
    labels = np.zeros((16, 16), np.uint8)
    labels[4:9, 3:12] = 255
    Image.fromarray(labels).save(tmp_path / "mask.png")
    one = SMALL + ",out=1"
    found = answer(capsys, one, "--image", photo, "--target", tmp_path / "mask.png")
    assert found["f"]["name"] == "dice"
    assert 0 < found["f"]["all"] < 1
    total = sum(skip["shapley"] for skip in found["skips"])
    assert total == pytest.approx(found["f"]["all"] - found["f"]["none"], abs=1e-12)


@pytest.mark.parametrize(
    ("model", "said_why"),
    [
        (SMALL + ",activation=silu", "silu"),
        (SMALL + ",norm=group", "group_norm"),
    ],
)
def test_it_says_why_it_is_not_exact(
    capsys: pytest.CaptureFixture[str], photo: Path, model: str, said_why: str
) -> None:
    found = answer(capsys, model, "--image", photo)
    assert found["exact"] is False
    assert said_why in found["why_not_exact"]


def test_shares_ahead_of_a_closing_sigmoid_are_called_so(
    capsys: pytest.CaptureFixture[str], photo: Path, tmp_path: Path
) -> None:
    assert answer(capsys, SMALL, "--image", photo)["share_of"] == {
        "layer": "output",
        "before": None,
    }
    plain = document_of(SMALL)
    graph = plain.graph.insert_on(plain.graph.edges[-1], Node("last", Sigmoid()))
    path = tmp_path / "squashed.fieldglass"
    path.write_bytes(to_json(Document(graph=graph)))
    found = answer(capsys, path, "--image", photo)
    assert found["share_of"] == {"layer": "head", "before": "sigmoid"}
    table = said(capsys, "skips", path, "--image", photo)
    assert "Shares are of the values before the closing sigmoid (layer head)." in table


def test_a_gated_skip_has_its_share(capsys: pytest.CaptureFixture[str], photo: Path) -> None:
    """What passes an attention gate is the skip's, and the split is exact as without a gate."""
    found = answer(capsys, "attention_unet:depth=2,base=4,size=16", "--image", photo)
    assert all(abs(skip["share"]) > 1e-3 for skip in found["skips"])
    assert found["exact"] is True


def test_table_and_csv_have_a_line_a_skip_and_the_rest(
    capsys: pytest.CaptureFixture[str], photo: Path, tmp_path: Path
) -> None:
    text = said(capsys, "skips", SMALL, "--image", photo, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["name"] for row in rows] == ["skip1", "skip2", "bottleneck", "bias"]
    assert len(rows[0]["bands"].split()) == 4
    said(capsys, "skips", SMALL, "--image", photo, "-o", tmp_path / "skips.txt")
    table = (tmp_path / "skips.txt").read_text()
    assert table.splitlines()[1].startswith("skip1")
    assert "minus the mean squared difference" in table


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["encoder_decoder:depth=2,base=4,size=16", "--image", "PHOTO"], "No skip"),
        ([SMALL, "--image", "none.png"], "none.png"),
        ([SMALL, "--image", "PHOTO", "--target", "none.png"], "none.png"),
        ([SMALL], "--image"),
    ],
)
def test_what_cannot_be_is_one_line(
    capsys: pytest.CaptureFixture[str], photo: Path, arguments: list[str], what: str
) -> None:
    given = [str(photo) if each == "PHOTO" else each for each in arguments]
    error = said(capsys, "skips", *given, status=2)
    line = error.strip().splitlines()[-1]
    assert line.startswith("fieldglass: ")
    assert what in line
