"""Animations in files: frames, exact palettes, real text, and nothing left of a cancelled one."""

from __future__ import annotations

import io
import itertools
import json
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from analysis.arithmetic import PRESETS, Case, as_values, plan, seeded
from viewer.drawing.arithmetic.animation import Animation
from viewer.drawing.arithmetic.animation_file import export_animation
from viewer.drawing.arithmetic.formats.contract import Cancelled, CannotExport
from viewer.drawing.arithmetic.formats.png_sheet import sheet_size
from viewer.drawing.arithmetic.gif import Palette, gif
from viewer.drawing.arithmetic.matrix_picture import MatrixPicture
from viewer.drawing.arithmetic.scene import Scene
from viewer.drawing.arithmetic.zero_insertion_picture import ZeroInsertionPicture
from viewer.look.fonts import load_fonts
from viewer.look.tokens import tokens
from viewer.text.translation import language

SVG = "{http://www.w3.org/2000/svg}"
SMALL = (320, 240)


@pytest.fixture(autouse=True)
def english(qapp):
    load_fonts()
    language.use("en")


def film(name: str = "no_padding_no_strides", size=SMALL, look="flat", **options) -> Animation:
    preset = PRESETS[name]
    x, w, b = seeded(preset.case)
    if preset.input_values is not None:
        x = as_values(preset.input_values, preset.case.input_shape)
    if preset.kernel_values is not None:
        w = as_values(preset.kernel_values, preset.case.kernel_shape)
    mode, shown = options.pop("mode", "light"), options.pop("shown", "numbers")
    scene = Scene(plan(preset.case), x, w, b, look=look, mode=mode, shown=shown)
    return Animation(scene, size, **options)


def decoded(path: Path | io.BytesIO) -> list[np.ndarray]:
    frames = []
    with Image.open(path) as image:
        for number in range(image.n_frames):
            image.seek(number)
            frames.append(np.asarray(image.convert("RGB")).astype(np.uint32))
    return [rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2] for rgb in frames]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("look", ["flat", "plates"])
def test_a_gif_has_a_frame_a_step_and_exactly_the_flat_colours(tmp_path, look, mode):
    made = film("padding_strides", look=look, mode=mode)
    (path,) = export_animation(made, tmp_path / "a.gif")
    shown = decoded(path)
    assert len(shown) == 9
    known = tokens()[mode]
    names = ("surface", "a_in", "a_out") + (("a_inbg", "a_outbg") if look == "flat" else ())
    flats = [int(known[name][1:], 16) for name in names]
    for painted, theirs in zip(made.frames(), shown, strict=True):
        ours = painted & 0xFFFFFF
        for flat in flats:
            assert (theirs[ours == flat] == flat).all(), f"{flat:06x}"
            assert (ours == flat).any(), f"{flat:06x}"
        apart = [np.abs((ours >> n & 255).astype(int) - (theirs >> n & 255)) for n in (16, 8, 0)]
        assert max(channel.max() for channel in apart) <= 24


def test_a_gif_has_one_palette_its_delays_and_its_loop(tmp_path):
    (path,) = export_animation(film(speed=2.0), tmp_path / "a.gif")
    delays = []
    with Image.open(path) as image:
        for number in range(image.n_frames):
            image.seek(number)
            delays.append(image.info["duration"])
        assert image.info["loop"] == 0
    assert delays == [200, 200, 200, 600]
    (once,) = export_animation(film(loop=False), tmp_path / "b.gif")
    with Image.open(once) as image:
        assert "loop" not in image.info


def test_any_pixels_come_back_when_they_are_255_colours():
    random = np.random.default_rng(3)
    colours = random.integers(0, 1 << 24, 255, np.uint32)
    frames = [colours[random.integers(0, 255, (37, 53))] for _ in range(4)]
    frames.insert(2, frames[1].copy())  # nothing changes
    data = b"".join(gif(frames, Palette.of(frames), itertools.repeat(100)))
    path = io.BytesIO(data)
    for ours, theirs in zip(frames, decoded(path), strict=True):
        assert np.array_equal(ours, theirs)


def test_a_colour_outside_the_palette_becomes_the_nearest():
    palette = Palette([0x000000, 0xFFFFFF, 0x2AA198])
    found = palette.places(np.array([[0xFF2AA199, 0xFF101010, 0xFFF0F0F0]], np.uint32))
    assert found.tolist() == [[2, 0, 1]]


def test_a_range_is_exported_alone(tmp_path):
    made = film("arbitrary_padding_no_strides", first=6, last=11)
    (path,) = export_animation(made, tmp_path / "a.gif")
    assert len(decoded(path)) == 6
    (path,) = export_animation(made, tmp_path / "a.json")
    steps = json.loads(path.read_text())["animation"]
    assert [step["output"] for step in steps] == [[1, column] for column in range(6)]


def test_svg_frames_hold_real_text(tmp_path):
    paths = export_animation(film(), tmp_path / "a.svg")
    assert [path.name for path in paths] == [f"a-0{n}.svg" for n in (1, 2, 3, 4)]
    root = ET.parse(paths[1]).getroot()
    texts = ["".join(each.itertext()).strip() for each in root.iter(f"{SVG}text")]
    assert {"input 4 × 4", "kernel 3 × 3", "output 2 × 2", "padding p = 0"} <= set(texts)
    assert any(text.endswith("= 14") for text in texts)
    assert root.get("width") == "320"
    assert not [path for path in tmp_path.iterdir() if path.suffix != ".svg"]


def test_a_sheet_holds_every_step(tmp_path):
    made = film("padding_strides")
    (path,) = export_animation(made, tmp_path / "a.png")
    columns, rows = sheet_size(made)
    assert columns * rows >= 9
    with Image.open(path) as image:
        assert image.size == (320 * columns, 240 * rows)
        sheet = np.asarray(image.convert("RGB"))
    for number, frame in enumerate(made.frames()):
        row, column = divmod(number, columns)
        part = sheet[row * 240 : row * 240 + 240, column * 320 : column * 320 + 320]
        got = part.astype(np.uint32)
        packed = got[..., 0] << 16 | got[..., 1] << 8 | got[..., 2]
        assert np.mean(packed != frame & 0xFFFFFF) < 0.001


def test_a_sheet_that_is_too_large_is_refused_with_what_works(tmp_path):
    case = Case("conv", (70, 70), (3, 3))
    x, w, b = seeded(case)
    with pytest.raises(CannotExport, match="4624 steps"):
        export_animation(Animation(Scene(plan(case), x, w, b)), tmp_path / "a.png")
    assert not list(tmp_path.iterdir())


def test_the_matrix_is_latex_in_symbols_or_numbers(tmp_path):
    (path,) = export_animation(film(shown="symbols"), tmp_path / "a.tex")
    text = path.read_text()
    assert r"\setcounter{MaxMatrixCols}{16}" in text
    rows = text.split(r"\begin{pmatrix}")[1].split(r"\end{pmatrix}")[0].strip().splitlines()
    assert len(rows) == 4
    assert rows[0].startswith("w_{0,0} & w_{0,1} & w_{0,2} & 0 & w_{1,0}")
    assert all(row.count("&") == 15 for row in rows)
    (path,) = export_animation(film("padding_strides_transposed"), tmp_path / "b.tex")
    assert r"C^{\mathsf T} =" in path.read_text()


def test_json_holds_every_product(tmp_path):
    (path,) = export_animation(film(), tmp_path / "a.json")
    answer = json.loads(path.read_text())
    assert answer["output_values"][0] == [12, 14]
    for step in answer["animation"]:
        assert sum(tap["product"] for tap in step["taps"]) == step["result"]
        y, x = step["output"]
        assert step["result"] == answer["output_values"][y][x]


@pytest.mark.parametrize("ending", [".gif", ".png", ".svg", ".json"])
def test_cancelling_leaves_nothing_and_keeps_what_was(tmp_path, ending):
    old = tmp_path / f"a{ending}"
    old.write_bytes(b"old")
    told = []

    def stop_at_two(done: int, count: int) -> bool:
        told.append((done, count))
        return done < 2

    with pytest.raises(Cancelled):
        export_animation(film("padding_strides"), old, stop_at_two)
    assert told == [(0, 9), (1, 9), (2, 9)]
    assert old.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [old]


def test_progress_ends_full(tmp_path):
    told = []
    export_animation(film(), tmp_path / "a.gif", lambda *done: told.append(done) is None)
    assert told == [(n, 4) for n in range(5)]


def test_without_an_encoder_mp4_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(CannotExport, match="pip install"):
        export_animation(film(), tmp_path / "a.mp4")
    assert not list(tmp_path.iterdir())


def test_mp4_has_even_sizes_and_the_time_of_its_steps(tmp_path):
    import av

    (path,) = export_animation(film(size=(321, 241)), tmp_path / "a.mp4")
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == 10 * (3 + 3)
    assert frames[0].shape == (242, 322, 3)
    surface = tokens()["light"]["surface"]
    wanted = [int(surface[n : n + 2], 16) for n in (1, 3, 5)]
    assert np.abs(frames[0][2, 2].astype(int) - wanted).max() <= 3


def test_several_pictures_stand_side_by_side(tmp_path):
    made = film("padding_strides_transposed", pictures=(ZeroInsertionPicture(), MatrixPicture()))
    (path,) = export_animation(made, tmp_path / "a.gif")
    shown = decoded(path)
    assert len(shown) == 25
    blue = int(tokens()["light"]["a_in"][1:], 16)
    assert (shown[8][:, :160] == blue).any()
    assert (shown[8][:, 160:] == blue).any()


def test_another_ending_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="bmp"):
        export_animation(film(), tmp_path / "a.bmp")


def test_json_of_the_backward_pass_has_the_gradient_that_is_shown(tmp_path: Path):
    forward = film().scene
    given = np.arange(4).reshape(1, 2, 2)
    scene = replace(forward, grad_output=given, by="input")
    export_animation(Animation(scene, SMALL), tmp_path / "back.json")
    written = json.loads((tmp_path / "back.json").read_text())["backward"]
    assert written["grad_output"] == given[0].tolist()
    assert written["grad_input"] == scene.gradients.input[0].tolist()


def test_json_of_infinite_values_says_what_works(tmp_path: Path):
    forward = film().scene
    x = forward.x.astype(float)
    x[0, 0, 0] = np.inf
    scene = replace(forward, x=x, w=np.ones_like(forward.w))
    with pytest.raises(CannotExport, match="GIF works"):
        export_animation(Animation(scene, SMALL), tmp_path / "inf.json")
    assert list(tmp_path.iterdir()) == []
