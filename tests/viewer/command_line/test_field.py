"""`fieldglass field` beyond the fields themselves: effective, projective and tiling."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from analysis.graph import Graph, Node
from analysis.operators import Flatten, Input, Linear, PixelShuffle, PixelUnshuffle
from analysis.storage.document import Document, to_json
from tests.viewer.command_line.test_command_line import Shell

SMALL = "unet:depth=2,base=4,size=64"


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "grain.png"
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def test_tiling_of_the_four_level_unet(shell: Shell) -> None:
    answer = shell.json("field", "unet:depth=4,base=4", "--layer", "output", "--tiling")
    (layer,) = answer["layers"]
    assert layer["tiling"] == {
        "multiple": [16, 16],
        "margin": [107, 107],
        "overlap": [214, 214],
        "aligned_margin": [112, 112],
        "aligned_overlap": [224, 224],
    }
    assert layer["extent_max"] == [204, 204]
    header, row = shell.text(
        "field", "unet:depth=4,base=4", "--layer", "output", "--tiling"
    ).splitlines()
    assert header.split()[-5:] == [
        "multiple", "margin", "overlap", "aligned_margin", "aligned_overlap",
    ]  # fmt: skip
    assert row.split()[-5:-2] == ["16×16", "107×107", "214×214"]


def test_tiling_stands_beside_a_unit(shell: Shell) -> None:
    answer = shell.json("field", SMALL, "--unit", "3,4", "--tiling")
    assert answer["units"][0]["tiling"]["multiple"] == [4, 4]
    assert answer["units"][0]["box"] is not None


def test_a_pixel_is_in_the_field_of_the_units_it_reaches(shell: Shell) -> None:
    answer = shell.json("field", SMALL, "--projective", "20,30")
    assert answer["layers"]
    (found,) = answer["projective"]
    assert found["pixel"] == [20, 30]
    assert found["source"] == "input"
    rows = {row["name"]: row for row in found["layers"]}
    assert list(rows)[-1] == "output"
    assert rows["enc1.conv1"]["box"] == [19, 29, 22, 32]
    box = rows["output"]["box"]
    for unit, inside in [((box[0], 30), True), ((box[2], 30), False)]:
        seen = shell.json("field", SMALL, "--unit", f"{unit[0]},{unit[1]}")["units"][0]["box"]
        assert (seen[0] <= 20 < seen[2]) == inside


def test_projective_tables(shell: Shell) -> None:
    text = shell.text(
        "field", SMALL, "--projective", "0,0", "--projective", "63,63", "--layer", "enc1.conv1",
        "--format", "csv",
    )  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["box"] for row in rows] == ["0 0 2 2", "62 62 64 64"]
    assert shell.text("field", SMALL, "--projective", "0,0").splitlines()[1].split() == [
        "0,0", "input", "[0,", "1)", "×", "[0,", "1)", "1", "exact",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--projective", "64,0"], "--projective 64,0 is outside the input, which is 64 × 64."),
        (["--projective", "3"], "a pixel takes 2 numbers"),
        (["--projective", "a,b"], "--projective is a,b"),
        (["--effective"], "--effective and --image belong together"),
        (["--image", "x.png"], "--effective and --image belong together"),
        (["--effective", "--image", "nowhere.png"], "nowhere.png"),
    ],
)
def test_bad_questions(shell: Shell, given: list[str], said: str) -> None:
    assert said in shell.refused("field", SMALL, *given)


def test_the_effective_field_of_two_units(shell: Shell, image: Path) -> None:
    answer = shell.json(
        "field", SMALL, "--effective", "--image", image, "--unit", "30,30", "--unit", "0,5"
    )
    first, corner = answer["units"]
    found = first["effective"]
    assert found["centre"] == [30, 30]
    assert [each["fraction"] for each in found["squares"]] == [0.2, 0.3, 0.5, 0.99]
    sides = [each["side"] for each in found["squares"]]
    assert sides == sorted(sides)
    box = first["box"]
    assert found["box_area"] == (box[2] - box[0]) * (box[3] - box[1])
    assert found["share"] == found["area"] / found["box_area"]
    assert abs(found["outside"]) < 1e-6
    assert corner["effective"]["squares"][0]["box"][0] == 0


def test_the_middle_unit_stands_for_the_layer(shell: Shell, image: Path) -> None:
    answer = shell.json(
        "field", SMALL, "--effective", "--image", image, "--layer", "bottleneck.conv1"
    )
    assert [entry["unit"] for entry in answer["units"]] == [[8, 8]]
    lines = shell.text(
        "field", SMALL, "--effective", "--image", image, "--layer", "bottleneck.conv1"
    ).splitlines()
    assert len(lines) == 5
    assert lines[1].split()[:2] == ["8,8", "0.2"]


def test_a_seed_decides_the_effective_field(shell: Shell, image: Path) -> None:
    question = ("field", SMALL, "--effective", "--image", image, "--unit", "30,30")
    one = shell.json(*question, "--seed", 1)
    assert one == shell.json(*question, "--seed", 1)
    assert one["units"][0]["effective"] != shell.json(*question)["units"][0]["effective"]


def test_a_vector_has_no_effective_field(shell: Shell, image: Path, tmp_path: Path) -> None:
    nodes = [
        Node("input", Input(3, (8, 8))),
        Node("flat", Flatten(), ("input",)),
        Node("line", Linear(5), ("flat",)),
    ]
    path = tmp_path / "vector.fieldglass"
    path.write_bytes(to_json(Document(Graph.of(nodes))))
    line = shell.refused("field", path, "--effective", "--image", image)
    assert "line has none like the input's" in line
    reached = shell.json("field", path, "--projective", "1,7")["projective"][0]["layers"]
    assert [row["exactness"] for row in reached] == ["exact", "whole input", "whole input"]


def _saved(tmp_path: Path, *nodes: Node) -> Path:
    path = tmp_path / "made.fieldglass"
    path.write_bytes(to_json(Document(Graph.of(nodes))))
    return path


@pytest.mark.parametrize("command", ["describe", "field"])
@pytest.mark.parametrize(
    ("size", "said"),
    [((1 << 25,), "the most is 16"), ((4, 4, 4, 4), "The input has 4 axes; at most 3 work.")],
)
def test_inputs_past_what_works(
    shell: Shell, tmp_path: Path, command: str, size: tuple[int, ...], said: str
) -> None:
    line = shell.refused(command, _saved(tmp_path, Node("input", Input(1, size))))
    assert said in line
    assert "input: " in line


def test_boxes_in_tables_are_intervals(shell: Shell) -> None:
    answer = shell.json("field", SMALL, "--unit", "3,40")
    y0, x0, y1, x1 = answer["units"][0]["box"]
    text = shell.text("field", SMALL, "--unit", "3,40")
    assert f"[{y0}, {y1}) × [{x0}, {x1})" in text


def test_totals_of_a_clash_say_what_they_leave_out(shell: Shell) -> None:
    arguments = ("describe", SMALL, "--size", "3,30,30")
    layers = shell.json(*arguments)["layers"]
    hidden = sum(row["shape"] is None for row in layers)
    assert f"{hidden} of {len(layers)} layers have no shape" in shell.text(*arguments)
    assert "have no shape" not in shell.text("describe", SMALL)


def test_a_bound_gives_its_reason_with_every_answer(shell: Shell, tmp_path: Path) -> None:
    path = _saved(
        tmp_path,
        Node("input", Input(1, (8, 8))),
        Node("dealt", PixelUnshuffle(2), ("input",)),
        Node("back", PixelShuffle(2), ("dealt",)),
    )
    (unit,) = shell.json("field", path, "--unit", "1,1")["units"]
    (pixel,) = shell.json("field", path, "--projective", "0,0")["projective"]
    reason = "An operator on the way takes some channels of a stack."
    assert (unit["exactness"], unit["note"].startswith(reason)) == ("upper bound", True)
    said = {row["name"]: row["note"] for row in pixel["layers"]}
    assert said["dealt"] is None
    assert said["back"] == unit["note"]
    exact = shell.json("field", path, "--layer", "dealt", "--unit", "1,1")
    assert exact["units"][0]["note"] is None


def test_a_layer_behind_a_fault_names_the_fault(shell: Shell) -> None:
    said = shell.refused("field", "unet:depth=5,base=4", "--size", "3,8,8", "--unit", "0,0")
    assert "a fault at pool4. The kernel covers 2 px of the height" in said
