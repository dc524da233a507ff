"""The sub-commands as scripts use them: answers, exit status, one line of complaint."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from viewer import cli

ROOT = Path(__file__).parents[3]
TRUTHS = json.loads((ROOT / "tests" / "data" / "receptive_fields.json").read_text())["entries"]
MODELS = ROOT / "tests" / "analysis" / "exchange" / "models.py"
SMALL = "unet:depth=2,base=4,size=64"


class Shell:
    """Runs `main` in this process and reads what it says."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def text(self, *arguments: object) -> str:
        status = cli.main([str(each) for each in arguments])
        said = self._capture.readouterr()
        assert (status, said.err) == (0, "")
        return said.out

    def json(self, *arguments: object) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.text(*arguments, "--format", "json"))
        return answer

    def json_and_remark(self, *arguments: object) -> tuple[dict[str, Any], str]:
        """The answer, and what was said of it on standard error."""
        status = cli.main([*map(str, arguments), "--format", "json"])
        said = self._capture.readouterr()
        assert status == 0
        return json.loads(said.out), said.err

    def remarked(self, *arguments: object) -> str:
        """What was said on standard error of work that was done all the same."""
        status = cli.main([str(each) for each in arguments])
        said = self._capture.readouterr()
        assert (status, said.out) == (0, "")
        return said.err

    def refused(self, *arguments: object) -> str:
        """The one line on standard error, without the program's name."""
        status = cli.main([str(each) for each in arguments])
        said = self._capture.readouterr()
        assert (status, said.out) == (2, "")
        assert said.err.startswith("fieldglass: ")
        assert said.err.endswith("\n")
        assert said.err.count("\n") == 1
        assert "Traceback" not in said.err
        return said.err.removeprefix("fieldglass: ").strip()


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


def listing(folder: Path) -> list[str]:
    """What lies in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())


def real(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, without a display."""
    clean = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "QT_QPA_PLATFORM")}
    return subprocess.run(
        [sys.executable, "-m", "viewer.cli", *map(str, arguments)],
        cwd=ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
    )


# -------------------------------------------------------------------------------- describe


def test_describe_gives_the_stable_interface(shell: Shell) -> None:
    answer = shell.json("describe", "unet")
    assert answer["model"] == "unet"
    assert answer["input"] == [3, 256, 256]
    assert answer["parameters"] == 7_763_107 == sum(r["parameters"] for r in answer["layers"])
    assert answer["macs"] == sum(row["macs"] for row in answer["layers"])
    names = [row["name"] for row in answer["layers"]]
    assert names[0] == "input"
    assert names[-1] == "output"
    conv = next(row for row in answer["layers"] if row["name"] == "enc1.conv1")
    assert conv == {
        "name": "enc1.conv1",
        "group": "enc1",
        "operator": "conv",
        "inputs": ["input"],
        "shape": [32, 256, 256],
        "parameters": 864,
        "shares": None,
        "macs": 864 * 256 * 256,
        "activation_bytes": 32 * 256 * 256 * 4,
        "error": None,
    }
    assert answer["skips"][0] == {
        "name": "skip1",
        "from": "enc1.act2",
        "to": "join1",
        "join": "concat",
        "kind": "long",
    }
    assert [skip["name"] for skip in answer["skips"]] == ["skip1", "skip2", "skip3", "skip4"]
    assert next(row for row in answer["layers"] if row["name"] == "pool1")["group"] is None


def test_describe_lists_the_blueprints(shell: Shell) -> None:
    said = shell.text("describe", "--list")
    for word in ("unet", "encoder_decoder", "red_net", "depth=4", "transposed|nearest|bilinear"):
        assert word in said
    assert "vgg16 = vgg:layers=16" in said


def test_a_preset_is_a_model_and_its_settings_can_be_changed(shell: Shell) -> None:
    answer = shell.json("describe", "red30:in=3,out=3")
    assert answer["parameters"] == 4_134_785 + 2 * 128 * 9 * 2 + 2
    assert shell.json("describe", "patch_70", "--size", "6,64,64")["layers"][-1]["shape"] == [
        *(1, 6, 6)
    ]


def test_describe_as_csv(shell: Shell) -> None:
    rows = list(csv.DictReader(io.StringIO(shell.text("describe", SMALL, "--format", "csv"))))
    assert rows[1]["name"] == "enc1.conv1"
    assert rows[1]["shape"] == "4 64 64"
    assert sum(int(row["parameters"]) for row in rows) == 7559


def test_describe_as_a_table(shell: Shell) -> None:
    said = shell.text("describe", SMALL)
    assert re.search(r"^enc1\.conv1 +enc1 +conv +4×64×64 +108 ", said, re.MULTILINE)
    assert "7,559 parameters" in said


@pytest.mark.parametrize(
    ("size", "shape"),
    [("1,64", [3, 64]), ("1,16,16,16", [3, 16, 16, 16]), ("2,32,48", [3, 32, 48])],
)
def test_size_chooses_channels_and_dimensions(shell: Shell, size: str, shape: list[int]) -> None:
    answer = shell.json("describe", SMALL, "--size", size)
    assert answer["input"] == [int(part) for part in size.split(",")]
    assert answer["layers"][-1]["shape"] == shape


def test_shapes_that_clash_are_said_on_the_node(shell: Shell) -> None:
    layers = shell.json("describe", SMALL, "--size", "3,30,30")["layers"]
    faulty = next(row for row in layers if row["error"])
    assert faulty["name"] == "join2"
    assert "15" in faulty["error"]
    assert "14" in faulty["error"]
    behind = layers[layers.index(faulty) :]
    assert all(row["shape"] is None for row in behind)
    assert [row["name"] for row in layers if row["error"]] == ["join2"]


def test_an_answer_goes_into_a_file(shell: Shell, tmp_path: Path) -> None:
    out = tmp_path / "answer.json"
    assert shell.text("describe", SMALL, "--format", "json", "-o", out) == ""
    assert json.loads(out.read_text())["parameters"] == 7559
    assert listing(tmp_path) == ["answer.json"]


# ----------------------------------------------------------------------------------- field


def _name(endpoint: str) -> str:
    """The truth's names count levels from 0."""
    if endpoint == "out":
        return "output"
    kind, level, part = re.fullmatch(r"([bdepu])(\d?)(?:\.c(\d))?", endpoint).groups()  # type: ignore[union-attr]
    stem = {"b": "bottleneck", "d": "dec", "e": "enc", "p": "pool", "u": "up"}[kind]
    number = str(int(level) + 1) if level else ""
    return f"{stem}{number}" + (f".conv{int(part) + 1}" if part else "")


def _phases(row: dict[str, Any], truth: dict[str, Any]) -> None:
    """Every position of the truth's period, whatever period the answer is given in."""
    for axis in row["phases"].values():
        for unit, (extent, low) in enumerate(
            zip(truth["rf_by_phase"], truth["lo_by_phase"], strict=True)
        ):
            turn, phase = divmod(unit, axis["period"])
            assert axis["extents"][phase] == extent
            assert turn * axis["advance"] + axis["offsets"][phase] == low


@pytest.mark.parametrize("up", ["transposed", "nearest"])
def test_fields_of_the_unet_by_phase(shell: Shell, up: str) -> None:
    word = {"transposed": "convT2", "nearest": "nearest x2"}[up]
    truths = [e for e in TRUTHS if e["network"] == f"U-Net 4-level same k3 {word}"]
    layers = {row["name"]: row for row in shell.json("field", f"unet:up={up}")["layers"]}
    assert truths
    for truth in truths:
        row = layers[_name(truth["endpoint"])]
        assert row["exactness"] == "exact"
        assert row["statistics"] == "ignored"
        assert row["jump"] == [truth["stride"]] * 2
        assert row["extent_min"] == [truth["rf_min"]] * 2
        assert row["extent_max"] == [truth["rf"]] * 2
        _phases(row, truth)


def test_fields_per_layer_of_the_unet(shell: Shell) -> None:
    layers = shell.json("field", "unet")["layers"]
    seen = {row["name"]: row["extent_max"][0] for row in layers}
    names = ["enc1.conv2", "pool1", "enc2.conv2", "pool2", "enc3.conv2", "pool3", "enc4.conv2"]
    assert [seen[name] for name in names] == [5, 6, 14, 16, 32, 36, 68]
    assert layers[-1]["name"] == "output"
    assert layers[-1]["centre_offset"] == [[-5.5, 5.5], [-5.5, 5.5]]


def test_fields_of_the_original_unet(shell: Shell) -> None:
    truth = next(e for e in TRUTHS if e["network"].startswith("original U-Net"))
    row = shell.json("field", "unet:padding=valid", "--layer", "output")["layers"][0]
    assert row["shape"][1:] == [388, 388]
    assert row["phases"]["y"]["extents"] == truth["sizes_first16"]
    for unit, box in ((0, truth["first_unit"]), (387, truth["last_unit"])):
        answer = shell.json("field", "unet:padding=valid", "--unit", f"{unit},{unit}")
        low, high = box[0], box[1] + 1
        assert answer["units"][0]["box"] == [low, low, high, high]


def test_no_period_gives_the_extents_of_this_size(shell: Shell) -> None:
    row = shell.json("field", "unet:depth=1,base=2,norm=instance,size=16", "--strict")["layers"][-1]
    assert row["statistics"] == "included"
    assert row["exactness"] == "whole input"
    assert row["phases"] is None
    assert row["extent_max"] == [16, 16]


@pytest.mark.parametrize(("size", "axes"), [("1,64", "x"), ("1,16,16,16", "zyx")])
def test_fields_in_other_dimensions(shell: Shell, size: str, axes: str) -> None:
    row = shell.json("field", SMALL, "--size", size, "--layer", "output")["layers"][0]
    assert list(row["phases"]) == list(axes)
    assert len(row["jump"]) == len(row["extent_min"]) == len(row["centre_offset"]) == len(axes)


def test_layers_behind_a_fault_have_no_field(shell: Shell) -> None:
    rows = shell.json("field", SMALL, "--size", "3,30,30")["layers"]
    assert rows[-1]["phases"] is None
    assert rows[-1]["exactness"] == "unknown"
    assert "width" in rows[[r["name"] for r in rows].index("join2")]["note"] or "height" in str(
        rows
    )


# ----------------------------------------------------------------------------------- units


def test_a_unit_is_followed_through_every_earlier_layer(shell: Shell) -> None:
    answer = shell.json("field", "unet", "--unit", "0,0", "--unit", "128,130")
    corner, middle = answer["units"]
    assert corner["layer"] == "output"
    assert corner["box"] == [0, 0, 94, 94]
    assert corner["pixels"] == 94 * 94
    assert corner["boxes"] == [[0, 0, 94, 94]]
    assert middle["unit"] == [128, 130]
    assert middle["layers"][0]["name"] == "input"
    assert middle["layers"][0]["box"] == middle["box"]
    assert middle["layers"][-1] == {"name": "output", "box": [128, 130, 129, 131], "pixels": 1}


def test_masks_are_the_exact_set(shell: Shell, tmp_path: Path) -> None:
    one = tmp_path / "one.png"
    answer = shell.json("field", SMALL, "--layer", "pool2", "--unit", "1,2", "--mask", one)
    mask = np.asarray(Image.open(one))
    assert mask.shape == (64, 64)
    assert set(np.unique(mask)) == {0, 255}
    assert (mask == 255).sum() == answer["units"][0]["pixels"]
    y0, x0, y1, x1 = answer["units"][0]["box"]
    assert (mask[y0:y1, x0:x1] == 255).all()
    shell.text("field", SMALL, "--unit", "0,0", "--unit", "9,9", "--mask", tmp_path / "m.png")
    assert listing(tmp_path) == ["m-1.png", "m-2.png", "one.png"]


def test_units_in_one_and_three_dimensions(shell: Shell) -> None:
    line = shell.json("field", SMALL, "--size", "1,64", "--unit", "3")["units"][0]
    assert len(line["box"]) == 2
    room = shell.json("field", SMALL, "--size", "1,16,16,16", "--unit", "0,3,8")["units"][0]
    assert room["box"][:3] <= room["box"][3:]
    assert len(room["box"]) == 6


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--layer", "enc1.conv9"], "enc1.conv2"),
        (["--unit", "64,0"], "63,63"),
        (["--unit", "-1,0"], "--unit"),
        (["--unit=-1,0"], "outside"),
        (["--unit", "5"], "2 numbers"),
        (["--unit", "a,b"], "whole numbers"),
        (["--mask", "m.png"], "--unit"),
        (["--unit", "1,1", "--mask", "m.jpg"], ".png"),
        (["--unit", "1,1", "--size", "3,30,30"], "fault"),
        (["--size", "3,99999999999999,4"], "--size"),
    ],
)
def test_wrong_questions_about_fields(shell: Shell, arguments: list[str], said: str) -> None:
    assert said in shell.refused("field", SMALL, *arguments)


def _document(tmp_path: Path, *operators: tuple[str, str, dict[str, Any], list[str]]) -> Path:
    path = tmp_path / "made.fieldglass"
    entries = [
        {"id": name, "operator": key, "settings": settings, "inputs": inputs}
        for name, key, settings, inputs in operators
    ]
    path.write_text(json.dumps({"fieldglass": 1, "operators": entries}))
    return path


def test_a_join_of_different_strides_answers_with_a_bound(shell: Shell, tmp_path: Path) -> None:
    path = _document(
        tmp_path,
        ("input", "input", {"channels": 1, "size": [16, 16]}, []),
        ("fast", "conv", {"channels": 2, "kernel": [2, 2], "stride": [2, 2]}, ["input"]),
        ("slow", "conv", {"channels": 2, "kernel": [9, 9]}, ["input"]),
        ("join", "concat", {}, ["fast", "slow"]),
        ("output", "output", {}, ["join"]),
    )
    row = shell.json("field", path)["layers"][-1]
    assert row["exactness"] == "upper bound"
    assert row["phases"] is None
    assert row["extent_max"] == [9, 9]
    assert "1 and 2 px" in row["note"]


def test_a_unit_that_sees_nothing(shell: Shell, tmp_path: Path) -> None:
    wide = {"channels": 1, "kernel": [1, 1], "stride": [2, 2]}
    path = _document(
        tmp_path,
        ("input", "input", {"channels": 1, "size": [4, 4]}, []),
        ("output", "transposed_conv", wide, ["input"]),
    )
    row = shell.json("field", path)["layers"][-1]
    assert row["extent_min"] == [0, 0]
    assert row["phases"]["y"] == {
        "period": 2,
        "advance": 1,
        "extents": [1, 0],
        "offsets": [0, None],
    }
    mask = tmp_path / "mask.png"
    answer = shell.json("field", path, "--unit", "1,1", "--mask", mask)["units"][0]
    assert answer["box"] is None
    assert answer["pixels"] == 0
    assert not np.asarray(Image.open(mask)).any()


def test_a_unit_of_a_vector_sees_the_whole_input(shell: Shell, tmp_path: Path) -> None:
    path = _document(
        tmp_path,
        ("input", "input", {"channels": 1, "size": [4, 6]}, []),
        ("flat", "flatten", {}, ["input"]),
        ("dense", "linear", {"features": 5}, ["flat"]),
    )
    row = shell.json("field", path, "--layer", "dense")["layers"][0]
    assert row["exactness"] == "whole input"
    answer = shell.json("field", path, "--unit", "3")["units"][0]
    assert answer["layer"] == "dense"
    assert answer["box"] == [0, 0, 4, 6]
    assert answer["pixels"] == 24


# -------------------------------------------------------------------------- MODEL and usage


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["describe"], "MODEL"),
        (["describe", "unett"], "unet"),
        (["describe", "unet:depht=3"], "depth"),
        (["describe", "unet:depth=0"], "nearest is 1"),
        (["describe", "unet:depth=x"], "whole number"),
        (["describe", "unet:up=cubic"], "bilinear"),
        (["describe", "unet", "--format", "xml"], "xml"),
        (["describe", "unet", "--size", "3,a"], "whole numbers"),
        (["describe", "unet", "--size", "3,0,4"], "--size"),
        (["describe", "unet", "--size", "3,1,1,1,1"], "C,H,W"),
        (["describe", "none.fieldglass"], "none.fieldglass"),
        (["describe", "none.py:build"], "none.py"),
        (["describe", "net.onnx"], ".onnx"),
        (["describe", "os:getcwd"], "--trust"),
        (["convert", "unet", "-o", "net.txt"], ".fieldglass"),
        (["convert", "unet", "-o", "net.txt"], ".py"),
        (["convert", "unet"], "-o"),
        (["diagram", "unet", "-o", "net.gif"], ".svg .pdf .png .tex"),
        (["diagram", "unet"], "-o"),
        (["run", "unet", "-o", "out"], "--image"),
        (["run", "unet", "--image", "none.png", "-o", "out"], "none.png"),
        (["describ", "unet"], "describe"),
        (["train", "recipe.json"], "train"),
        (["skips", "unet"], "skips"),
        (["--nothing"], "--nothing"),
        (["--image", "none.png"], "none.png"),
    ],
)
def test_wrong_usage_is_one_line(
    shell: Shell,
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in shell.refused(*arguments)
    assert listing(tmp_path) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n",
        b"{}",
        b'{"fieldglass": 99, "operators": []}',
        b'{"fieldglass": 1, "operators": [{"id": "a", "operator": "warp"}]}',
        b'{"fieldglass": 1, "operators": [{"id": "a", "operator": "relu", "inputs": ["a"]}]}',
        b'{"fieldglass": 1, "operators": []}',
    ],
)
def test_a_damaged_document_is_one_line(shell: Shell, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.fieldglass"
    path.write_bytes(content)
    shell.refused("describe", path)
    shell.refused("field", path)
    shell.refused("diagram", path, "-o", tmp_path / "d.svg")
    assert listing(tmp_path) == ["broken.fieldglass"]


def test_help_is_no_error(shell: Shell) -> None:
    assert "describe" in shell.text("--help")
    assert "--unit" in shell.text("field", "--help")


def test_interrupting_leaves_one_line(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("viewer.command_line.commands.describe.open_model", interrupted)
    assert "interrupted" in shell.refused("describe", "unet")


# ---------------------------------------------------------------------- documents and figures


def test_a_converted_document_describes_the_same(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "small.fieldglass"
    shell.text("convert", SMALL, "-o", path)
    direct, saved = shell.json("describe", SMALL), shell.json("describe", path)
    assert saved.pop("model") == str(path)
    assert direct.pop("model") == SMALL
    assert saved == direct
    assert shell.json("describe", path, "--size", "3,32,32")["layers"][-1]["shape"] == [3, 32, 32]


def test_a_model_converted_to_code_and_back_describes_the_same(
    shell: Shell, tmp_path: Path
) -> None:
    code, trained = tmp_path / "net.py", tmp_path / "other.py"
    shell.text("convert", SMALL, "-o", code)
    assert listing(tmp_path) == ["net.py"]
    direct = shell.json("describe", SMALL)
    opened = shell.json("describe", code, "--trust", "--size", "3,64,64")
    assert (opened["parameters"], opened["macs"]) == (direct["parameters"], direct["macs"])
    shapes = [layer["shape"] for layer in direct["layers"]]
    assert [layer["shape"] for layer in opened["layers"]] == shapes
    shell.text("convert", code, "--trust", "--size", "3,64,64", "-o", trained)
    assert listing(tmp_path) == ["net.py", "other.py", "other.safetensors"]
    trained.unlink()
    before = (tmp_path / "other.safetensors").read_bytes()
    said = shell.refused("convert", code, "--trust", "--size", "3,64,64", "-o", trained)
    assert "other.safetensors" in said
    assert (tmp_path / "other.safetensors").read_bytes() == before
    assert not trained.exists()


def test_a_document_converted_again_keeps_its_image(shell: Shell, tmp_path: Path) -> None:
    from analysis.blueprints import BLUEPRINTS
    from analysis.storage.blobs import BlobRef, BlobStore
    from analysis.storage.document import Document
    from analysis.storage.document_file import load, save

    store = BlobStore(tmp_path / "store")
    document = Document(
        graph=BLUEPRINTS["unet"].build({"depth": 1, "base": 4}),
        image=BlobRef(store.put(b"any picture"), "cells.png"),
    )
    first, second, bare = (tmp_path / f"{n}.fieldglass" for n in ("first", "second", "bare"))
    save(first, document, {}, store)
    shell.text("convert", first, "-o", second)
    opened = load(second, BlobStore(tmp_path / "fresh"))
    assert (opened.document.image, opened.missing) == (document.image, ())
    for picture in tmp_path.glob("*.png"):
        picture.unlink()
    shell.text("convert", first, "-o", bare)
    opened = load(bare, BlobStore(tmp_path / "empty"))
    assert opened.document.image == document.image
    assert len(opened.missing) == 1


@pytest.mark.parametrize(
    ("ending", "start"), [("svg", b"<?xml"), ("pdf", b"%PDF"), ("png", b"\x89PNG"), ("tex", b"")]
)
def test_diagrams_need_no_display(tmp_path: Path, ending: str, start: bytes) -> None:
    path = tmp_path / f"net.{ending}"
    done = real("diagram", SMALL, "-o", path, "--palette", "mono", "--theme", "transparent")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert path.read_bytes().startswith(start)
    if ending == "svg":
        assert "<text" in path.read_text()
    assert listing(tmp_path) == [path.name]


def test_a_folder_that_cannot_be_written(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "file"  # below a regular file nobody can write, not even root
    file.write_bytes(b"")
    assert "cannot be written" in shell.refused("describe", SMALL, "-o", file / "a.txt")


def test_a_folder_that_is_not_there(shell: Shell, tmp_path: Path) -> None:
    missing = tmp_path / "none" / "x"
    for command, ending in (("describe", "txt"), ("diagram", "svg"), ("convert", "fieldglass")):
        shell.refused(command, SMALL, "-o", f"{missing}.{ending}")
    assert listing(tmp_path) == []


# ------------------------------------------------------------------------------ the program


def test_the_program_loads_no_torch_for_blueprints_and_documents(tmp_path: Path) -> None:
    path = tmp_path / "small.fieldglass"
    program = (
        "import sys; from viewer.cli import main\n"
        f"status = main(['convert', {SMALL!r}, '-o', {str(path)!r}])\n"
        f"status |= main(['describe', {str(path)!r}, '-o', {str(tmp_path / 'a')!r}])\n"
        f"status |= main(['field', {str(path)!r}, '-o', {str(tmp_path / 'b')!r}])\n"
        f"status |= main(['diagram', {str(path)!r}, '-o', {str(tmp_path / 'c.svg')!r}])\n"
        "sys.exit(status or 10 * ('torch' in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
    assert done.returncode == 0


def test_a_closed_pipe_is_no_complaint() -> None:
    program = [sys.executable, "-m", "viewer.cli", "field", "unet", "--format", "json"]
    pipe = subprocess.PIPE
    with subprocess.Popen(program, cwd=ROOT, stdout=pipe, stderr=pipe, text=True) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.read(1) == "{"
        child.stdout.close()
        assert child.stderr.read() == ""
        assert child.wait() == 0


def test_the_window_without_a_display_is_one_line() -> None:
    done = real()
    assert done.returncode == 2
    assert done.stderr.startswith("fieldglass: There is no display")
    assert done.stderr.count("\n") == 1


def test_the_bar_runs_to_and_fro() -> None:
    from viewer.command_line.shared.progress import BLOCK, WIDTH, bar

    room = WIDTH - BLOCK
    places = [bar(at).index("=") for at in range(2 * room + 1)]
    assert places[0] == places[-1] == 0
    assert max(places) == room
    assert all(len(bar(at)) == WIDTH for at in range(100))


def test_files_go_to_the_window(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    image = tmp_path / "a.png"
    image.touch()
    opened: list[list[str]] = []

    def window(arguments: list[str]) -> int:
        opened.append(arguments)
        return 0

    monkeypatch.setattr("viewer.app.main", window)
    given = [str(image), "--image", str(image), "--lang", "zh"]
    assert cli.main(given) == 0
    assert cli.main([]) == 0
    assert opened == [given, []]


def test_the_program_ends_with_two_on_wrong_usage() -> None:
    done = real("describe", "unett")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


# ---------------------------------------------------------------------------- code and torch


def test_a_python_file_needs_trust(shell: Shell, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    file = tmp_path / "net.py"
    file.write_text(f"open({str(marker)!r}, 'w')")
    assert "--trust" in shell.refused("describe", f"{file}:build")
    assert not marker.exists()


def test_a_python_file_is_described_with_its_module_paths(shell: Shell) -> None:
    answer = shell.json("describe", f"{MODELS}:ValidUNet", "--trust", "--size", "1,44,44")
    layers = {row["name"]: row for row in answer["layers"]}
    assert layers["enc.conv"]["group"] == "enc"
    assert layers["output"]["shape"] == [4, 28, 28]
    assert [skip["from"] for skip in answer["skips"]] == ["enc.relu"]


def test_shared_weights_are_counted_once_and_unused_ones_beside(shell: Shell, tmp_path) -> None:
    asked = ("describe", f"{MODELS}:Recurrent", "--trust", "--size", "3,16,16")
    answer = shell.json(*asked)
    once = (3 * 9 + 1) * 4 + (4 * 9 + 1) * 4 + 8 + 4 + 1
    assert (answer["parameters"], answer["unused_parameters"]) == (once, 5)
    layers = {row["name"]: row for row in answer["layers"]}
    passes = ("again.0", "again.02", "again.03")
    assert [layers[name]["shares"] for name in passes] == [None, "again.0", "again.0"]
    assert [layers[name]["parameters"] for name in passes] == [148, 0, 0]
    assert {layers[name]["macs"] for name in passes} == {16 * 16 * 4 * 4 * 9}
    assert "5 more parameters" in shell.text(*asked)
    document = tmp_path / "net.fieldglass"
    shell.text("convert", *asked[1:], "-o", document)
    again = shell.json("describe", document)
    assert (again["layers"], again["unused_parameters"]) == (answer["layers"], 5)


def test_a_file_that_raises_is_one_line(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "net.py"
    file.write_text("raise ValueError('first line\\nsecond line')")
    assert "ValueError: first line" in shell.refused("describe", file, "--trust")


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("picture") / "grain.png"
    grain = np.random.default_rng(5).integers(0, 256, (80, 70, 3), dtype=np.uint8)
    Image.fromarray(grain).save(path)
    return path


def test_run_writes_output_and_mosaic(shell: Shell, tmp_path: Path, picture: Path) -> None:
    out = tmp_path / "out"
    command = ("run", SMALL, "--image", picture, "--layer", "enc2.act2", "-o", out)
    answer = shell.json(*command, "--device", "cpu", "--seed", 4)
    assert listing(out) == ["mosaic.npy", "mosaic.png", "output.npy", "output.png"]
    values, maps = np.load(out / "output.npy"), np.load(out / "mosaic.npy")
    assert values.shape == (3, 64, 64)
    assert values.dtype == np.float32
    assert maps.shape == (8, 32, 32)
    assert maps.min() == 0
    assert np.asarray(Image.open(out / "mosaic.png")).shape == (96, 96, 4)
    assert [entry["layer"] for entry in answer["files"]] == ["output", "output"] + ["enc2.act2"] * 2
    again = tmp_path / "again"
    shell.text("run", SMALL, "--image", picture, "-o", again, "--seed", 4, "--device", "cpu")
    np.testing.assert_array_equal(np.load(again / "output.npy"), values)
    shell.text("run", SMALL, "--image", picture, "-o", again, "--seed", 5, "--device", "cpu")
    assert not np.array_equal(np.load(again / "output.npy"), values)


def test_an_opened_model_keeps_its_weights_as_a_document(
    shell: Shell, tmp_path: Path, picture: Path
) -> None:
    import torch

    from tests.analysis.exchange import models

    path = tmp_path / "net.fieldglass"
    size = ("--size", "3,32,48")
    shell.text("convert", f"{MODELS}:InterpolatingUNet", "--trust", *size, "-o", path)
    assert len(list(tmp_path.glob("net.*.safetensors"))) == 1
    answer = shell.json("run", path, "--image", picture, "-o", tmp_path, "--device", "cpu")
    assert answer["untrained"] == []
    from analysis.inference.image import fit_to_network, to_channels
    from analysis.inference.image_file.decoding import decode

    torch.manual_seed(0)
    model = models.InterpolatingUNet().eval()
    fitted, _ = fit_to_network(decode(picture), (32, 48))
    with torch.inference_mode():
        wanted = model(torch.from_numpy(to_channels(fitted, 3))[None])[0]
    ours = torch.from_numpy(np.load(tmp_path / "output.npy"))
    torch.testing.assert_close(ours, wanted, rtol=1e-4, atol=1e-4)


def test_missing_weights_are_not_replaced_in_silence(
    shell: Shell, tmp_path: Path, picture: Path
) -> None:
    path = tmp_path / "net.fieldglass"
    shell.text("convert", f"{MODELS}:Volume", "--trust", "--size", "1,8,8,8", "-o", path)
    for weights in tmp_path.glob("*.safetensors"):
        weights.unlink()
    assert "weights" in shell.refused("run", path, "--image", picture, "-o", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--device", "cuda:77"], "--device"),
        (["--device", "toaster"], "--device"),
        (["--weights", "none.safetensors"], "none.safetensors"),
        (["--layer", "nothing"], "nothing"),
        (["--size", "3,65536,65536"], "memory"),
        (["--size", "3,62,62"], "join"),
    ],
)
def test_runs_that_cannot_be(
    shell: Shell, tmp_path: Path, picture: Path, arguments: list[str], said: str
) -> None:
    out = tmp_path / "out"
    assert said in shell.refused("run", SMALL, "--image", picture, "-o", out, *arguments)
    assert not out.exists()


def test_weights_of_another_network(shell: Shell, tmp_path: Path, picture: Path) -> None:
    import torch
    from safetensors.torch import save_file

    own, other = tmp_path / "own.safetensors", tmp_path / "other.safetensors"
    head = {"head.weight": torch.zeros(3, 4, 1, 1), "head.bias": torch.tensor([0.25, 0.5, 0.75])}
    save_file(head, own)
    save_file({"stranger": torch.zeros(3)}, other)
    command = ("run", SMALL, "--image", picture, "-o", tmp_path / "out", "--device", "cpu")
    assert "other.safetensors" in shell.refused(*command, "--weights", other)
    answer, said = shell.json_and_remark(*command, "--weights", own)
    assert "own.safetensors: 2 of 56 tensors loaded; 54 missing" in said
    assert "head" not in answer["untrained"]
    assert "enc1.conv1" in answer["untrained"]
    output = np.load(tmp_path / "out" / "output.npy")
    np.testing.assert_array_equal(output[:, 5, 7], [0.25, 0.5, 0.75])
    text = tmp_path / "text.safetensors"
    text.write_text("no weights")
    assert "text.safetensors" in shell.refused(*command, "--weights", text)
    assert "text.safetensors" in shell.refused(
        "convert", SMALL, "--weights", text, "-o", tmp_path / "x.fieldglass"
    )


def test_a_picture_past_the_limit_is_refused_unread(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "huge.bmp"
    header = b"BM" + (54).to_bytes(4, "little") + bytes(4) + (54).to_bytes(4, "little")
    side = (30000).to_bytes(4, "little")
    path.write_bytes(header + (40).to_bytes(4, "little") + side + side + b"\1\0\x18\0" + bytes(24))
    said = shell.refused("run", SMALL, "--image", path, "-o", tmp_path / "out")
    assert "30\u202f000 × 30\u202f000" in said


def test_images_that_cannot_be_used(shell: Shell, tmp_path: Path, picture: Path) -> None:
    torn = tmp_path / "torn.png"
    torn.write_bytes(picture.read_bytes()[:4000])
    text = tmp_path / "text.png"
    text.write_text("no picture")
    for path in (torn, text):
        assert path.name in shell.refused("run", SMALL, "--image", path, "-o", tmp_path / "out")
    assert not (tmp_path / "out").exists()
