"""`fieldglass animate`: every format without a display, and refusals in one line."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from PIL import Image

from viewer.cli import main

CASE = {"kind": "conv", "in": [4, 4], "kernel": [3, 3], "input_values": None}


@pytest.fixture
def case(qapp, tmp_path):
    def write(given: object = CASE):
        path = tmp_path / "case.json"
        path.write_text(json.dumps(given))
        return str(path)

    return write


@pytest.mark.parametrize("ending", ["gif", "png", "tex", "json"])
@pytest.mark.parametrize("look", ["plates", "flat"])
def test_every_format_is_written(case, tmp_path, ending, look):
    out = tmp_path / f"out.{ending}"
    assert main(["animate", "--case", case(), "-o", str(out), "--look", look]) == 0
    assert out.stat().st_size > 100


def test_svg_is_one_file_a_frame(case, tmp_path):
    assert main(["animate", "--case", case(), "-o", str(tmp_path / "out.svg")]) == 0
    assert sorted(p.name for p in tmp_path.glob("*.svg")) == [f"out-0{n}.svg" for n in (1, 2, 3, 4)]


def test_options_reach_the_picture(case, tmp_path):
    out = tmp_path / "out.gif"
    options = ["--frame", "200,180", "--range", "2-3", "--speed", "4", "--theme", "dark"]
    assert main(["animate", "--case", case(), "-o", str(out), *options]) == 0
    with Image.open(out) as image:
        assert image.size == (200, 180)
        assert image.n_frames == 2
        assert image.info["duration"] == 100
        assert image.convert("RGB").getpixel((0, 0)) == (0x1D, 0x21, 0x27)


def test_a_list_of_cases_is_a_list_of_files(case, tmp_path):
    given = case([CASE, {**CASE, "kind": "transposed"}])
    assert main(["animate", "--case", given, "-o", str(tmp_path / "out.gif")]) == 0
    counts = []
    for number in (1, 2):
        with Image.open(tmp_path / f"out-{number}.gif") as image:
            counts.append(image.n_frames)
    assert counts == [4, 36]


@pytest.mark.parametrize(
    ("given", "options", "said"),
    [
        (CASE, ["-o", "out.bmp"], "ends in none of .gif"),
        (CASE, ["-o", "out.gif", "--range", "3-9"], "has the steps 1-4"),
        (CASE, ["-o", "out.gif", "--frame", "3"], "--frame is 3"),
        (CASE, ["-o", "out.gif", "--speed", "0"], "--speed is 0"),
        (CASE, ["-o", "out.gif", "--by", "input"], "transposed"),
        ({**CASE, "kernel": [7, 7]}, ["-o", "out.gif"], "7"),
        ([CASE, {"kind": "conv"}], ["-o", "out.gif"], "case 2"),
        ({**CASE, "in": [400, 400]}, ["-o", "out.gif"], "--range 1-10000 works"),
        (CASE, ["-o", "nowhere/out.gif"], "cannot be written"),
    ],
)
def test_a_refusal_is_one_line_and_leaves_nothing(
    case, tmp_path, monkeypatch, capsys, given, options, said
):
    monkeypatch.chdir(tmp_path)
    assert main(["animate", "--case", case(given), *options]) == 2
    error = capsys.readouterr().err
    assert error.startswith("fieldglass: ")
    assert error.count("\n") == 1
    assert said in error
    assert [path.name for path in tmp_path.iterdir()] == ["case.json"]


def test_no_display_and_no_torch_are_needed(case, tmp_path):
    code = (
        "import sys; from viewer.cli import main; status = main(sys.argv[1:]); "
        "assert 'torch' not in sys.modules; assert 'PySide6.QtWidgets' not in sys.modules; "
        "sys.exit(status)"
    )
    out = tmp_path / "out.gif"
    asked = ["animate", "--case", case(), "-o", str(out)]
    bare = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "QT_QPA_PLATFORM")}
    done = subprocess.run(
        [sys.executable, "-c", code, *asked], env=bare, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert out.exists()
