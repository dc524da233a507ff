"""`fieldglass train`: the files it writes, what its report holds, and one line where it cannot."""

from __future__ import annotations

import csv
import errno
import json
from pathlib import Path

import pytest
from safetensors.numpy import load_file

from viewer import cli

RECIPE = {
    "task": "denoise",
    "model": "unet:depth=2,base=4,norm=none,size=32",
    "twins": [{"name": "with", "skip": "concat"}, {"name": "without", "skip": "none"}],
    "noise": {"sigma": [7, 52]},
    "data": "cells",
    "patch": 16,
    "batch": 2,
    "steps": 4,
    "learning_rate": 0.001,
    "evaluate": {"sigma": [10, 25], "every": 2},
}


def trained(folder: Path, recipe: object, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    (folder / "recipe.json").write_text(json.dumps(recipe))
    status = cli.main(["train", str(folder / "recipe.json"), "-o", str(folder / "out")])
    out, error = capsys.readouterr()
    return status, error if status else out


def test_weights_curves_and_a_report_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, table = trained(tmp_path, RECIPE, capsys)
    assert status == 0
    assert table.count("without") == 2
    folder = tmp_path / "out"
    report = json.loads((folder / "report.json").read_text())
    assert report["recipe"] == RECIPE
    assert set(report["noisy_psnr"]) == {"10", "25"}
    assert report["noisy_psnr"]["10"] == pytest.approx(28.13, abs=1)
    for name in ("with", "without"):
        twin = report["twins"][name]
        assert len(twin["losses"]) == 4
        assert {sigma: len(each) for sigma, each in twin["psnr"].items()} == {"10": 2, "25": 2}
        assert twin["seconds"] > 0
        weights = load_file(folder / f"{name}.safetensors")
        assert sum(each.size for each in weights.values()) == twin["parameters"]
        assert set(twin["gradient_norms"]["last"]) <= {key.rpartition(".")[0] for key in weights}
    drawn = (folder / "curves.svg").read_text()
    assert "without" in drawn
    assert "<text" in drawn


def test_the_weights_run_where_the_model_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert trained(tmp_path, RECIPE, capsys)[0] == 0
    asked = ["describe", RECIPE["model"], "--weights", str(tmp_path / "out/with.safetensors")]
    assert cli.main([str(each) for each in asked]) == 0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"stpes": 3}, "There is no key stpes."),
        ({"patch": 18}, "sizes clash at"),
        ({"model": "unett"}, "unett"),
        ({"data": "/nowhere/at/all"}, "There is no folder /nowhere/at/all"),
        ({"task": "segment", "data": "photographs"}, "has no masks"),
    ],
)
def test_what_cannot_be_is_one_line_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, object], says: str
) -> None:
    status, line = trained(tmp_path, {**RECIPE, **changes}, capsys)
    assert status == 2
    assert line.count("\n") == 1
    assert line.startswith("fieldglass: ")
    assert says in line
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("text", ["{", "[]", "[" * 100_000])
def test_a_file_that_is_no_recipe_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (tmp_path / "r.json").write_text(text)
    assert cli.main(["train", str(tmp_path / "r.json"), "-o", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_without_a_folder_it_asks_for_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["train", "r.json"]) == 2
    assert "-o DIR" in capsys.readouterr().err


def test_codes_of_an_autoencoder_are_told_beside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = {
        "task": "reconstruct",
        "model": "dense_autoencoder:hidden=16,code=4,size=16",
        "twins": [{"name": "small", "penalty": {"kind": "sparse_l1"}}],
        "data": "digits",
        "patch": 16,
        "batch": 2,
        "steps": 2,
        "evaluate": {"every": 2},
    }
    status, table = trained(tmp_path, recipe, capsys)
    assert status == 0
    report = json.loads((tmp_path / "out" / "report.json").read_text())["twins"]["small"]
    [row] = [line.split() for line in table.splitlines() if " code " in line and "small" in line]
    assert row[:3] == ["small", "code", "4"]
    assert f"{100 * report['codes']['accuracy']['pixels']:.1f}" in row
    assert len(report["penalties"]) == 2
    recipe["twins"] = [{"name": "small", "penalty": {"kind": "variational"}}]
    status, said = trained(tmp_path, recipe, capsys)
    assert status == 2
    assert "variational_autoencoder" in said


@pytest.mark.parametrize(
    ("device", "said"), [("mps", "train runs on auto"), ("cuda:977", "cuda:977")]
)
def test_a_device_that_is_not_there_is_refused(
    device: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "recipe.json").write_text(json.dumps(RECIPE))
    given = ["train", str(tmp_path / "recipe.json"), "-o", str(tmp_path / "out")]
    assert cli.main([*given, "--device", device]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_every_number_stands_in_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trained(tmp_path, RECIPE, capsys)
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    with (tmp_path / "out" / "numbers.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for name, twin in report["twins"].items():
        own = [row for row in rows if row["twin"] == name]
        losses = [float(row["training_loss"]) for row in own if not row["seconds"]]
        scores = [float(row["score"]) for row in own if row["sigma"] == "10"]
        assert losses == twin["losses"]
        assert scores == twin["psnr"]["10"]


def test_no_score_before_is_told_where_the_input_is_the_picture_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = {key: value for key, value in RECIPE.items() if key != "noise"}
    status, table = trained(tmp_path, recipe | {"task": "reconstruct"}, capsys)
    assert status == 0
    assert "before" in table
    assert "nan" not in table
    assert json.loads((tmp_path / "out" / "report.json").read_text())["noisy_psnr"] == {}


def test_a_full_disk_leaves_the_folder_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from analysis.storage import atomic_file

    write = atomic_file.write

    def full(path: Path, chunks: list[bytes]) -> None:
        if path.name == "numbers.csv":
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, chunks)

    monkeypatch.setattr(atomic_file, "write", full)
    status, line = trained(tmp_path, RECIPE, capsys)
    numbers = tmp_path / "out" / "numbers.csv"
    assert (status, line.count("\n")) == (2, 1)
    assert f"{numbers} cannot be written (No space left on device)" in line
    assert not numbers.parent.exists()
    numbers.parent.mkdir()
    (numbers.parent / "with.safetensors").write_text("of another training")
    assert trained(tmp_path, RECIPE, capsys)[0] == 2
    assert [each.name for each in numbers.parent.iterdir()] == ["with.safetensors"]
    assert (numbers.parent / "with.safetensors").read_text() == "of another training"
