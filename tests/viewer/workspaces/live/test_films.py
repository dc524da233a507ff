"""Films and cameras through the network in the real window, from a clip that is made here."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import Qt

from viewer.files import film_frames
from viewer.files.film_frames import FilmSource, NoReaderError, frames
from viewer.session.input_image.film_frame import FilmFrame
from viewer.workspaces.live.image.panel import ImagePanel

av = pytest.importorskip("av")
LEVELS = (20, 60, 100, 140, 180, 220)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six flat frames, ever brighter, at 20 a second."""
    path = tmp_path_factory.mktemp("film") / "clip.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=20)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for level in LEVELS:
            pixels = np.full((64, 64, 3), level, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode())
    return path


@pytest.fixture
def panel(desk) -> ImagePanel:
    desk.session.set_view(workspace="live")
    desk.wait_frame()
    found = desk.window.findChild(ImagePanel)
    assert found is not None
    return found


def film(desk) -> FilmFrame:
    return desk.session.live.part(FilmFrame)


def test_every_frame_is_read_with_its_time(clip: Path) -> None:
    read = list(frames(FilmSource(str(clip), "clip")))
    assert [round(float(pixels.mean())) for _, pixels in read] == pytest.approx(LEVELS, abs=4)
    assert [at for at, _ in read] == pytest.approx(np.arange(6) / 20, abs=1e-3)


def test_a_film_runs_to_its_end_and_leaves_the_document_alone(desk, panel, clip: Path) -> None:
    before, steps = desk.session.document, desk.session.history.count()
    seen: list[int] = []
    desk.session.frameReady.connect(lambda frame: seen.append(int(frame.clean[9, 9] & 255)))
    desk.drop(clip)
    desk.wait(lambda: seen and abs(seen[-1] - LEVELS[-1]) < 5)
    played = [level for level in seen if level in range(10, 240)]
    assert played == sorted(played)
    assert desk.session.document is before
    assert desk.session.history.count() == steps
    assert panel.player.place.text() == "clip.mp4, frame 6"
    desk.qtbot.mouseClick(panel.player.stop, Qt.MouseButton.LeftButton)
    desk.wait(lambda: desk.session.frame.image_hash == before.image.hash)
    assert panel.player.isHidden()


def test_another_image_ends_the_film(desk, panel, clip: Path, two_colours, tmp_path) -> None:
    desk.drop(clip)
    desk.wait(lambda: film(desk).pixels is not None)
    two_colours().save(tmp_path / "other.png")
    desk.drop(tmp_path / "other.png")
    desk.wait(lambda: desk.session.document.image.name == "other.png")
    assert film(desk).pixels is None
    desk.wait(lambda: desk.session.frame.image_hash == desk.session.document.image.hash)


def test_a_film_that_breaks_off_says_so_and_its_last_frame_stays(
    desk, panel, clip: Path, monkeypatch
) -> None:
    def broken(source: FilmSource):
        yield from list(frames(source))[:2]
        raise OSError("end of the tape")

    monkeypatch.setattr(film_frames, "frames", broken)
    desk.drop(clip)
    assert desk.wait_said() == "clip.mp4 breaks off here: end of the tape"
    assert film(desk).pixels is not None
    assert film(desk).paused  # nothing plays any more
    assert "clip.mp4" in desk.window.top.chip.text()  # not the image that it stands in place of
    assert not any(button.isChecked() for button in panel.grid.buttons)
    monkeypatch.setattr(film_frames, "frames", frames)
    desk.qtbot.mouseClick(panel.player.play, Qt.MouseButton.LeftButton)
    desk.wait(lambda: film(desk).at > 2)  # from the beginning, and now to the end


def test_a_file_that_was_cut_off_is_no_whole_film(desk, panel, tmp_path: Path) -> None:
    """FFmpeg reads it to its end without a word."""
    path = tmp_path / "cut.avi"
    noise = np.random.default_rng(0).integers(0, 256, (12, 64, 64, 3), dtype=np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=100)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for pixels in noise:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode())
    content = path.read_bytes()
    path.write_bytes(content[: 2 * len(content) // 3])
    desk.drop(path)
    said = desk.wait_said()
    assert re.fullmatch(r"cut.avi breaks off after [1-9] of its 12 frames\.", said)
    assert f"after {film(desk).at} of" in said  # its last frame stays
    assert film(desk).paused


def test_a_film_that_was_trimmed_is_whole_and_one_that_was_cut_off_is_not(tmp_path: Path) -> None:
    """A trimmed MP4 keeps and counts frames before its start, which are not shown."""
    whole, trimmed = tmp_path / "whole.mp4", tmp_path / "trimmed.mp4"
    noise = np.random.default_rng(0).integers(0, 256, (20, 32, 32, 3), dtype=np.uint8)
    with av.open(str(whole), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width = stream.height = 32
        stream.pix_fmt, stream.gop_size = "yuv420p", 100
        for pixels in noise:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode())
    with av.open(str(whole)) as read, av.open(str(trimmed), "w") as container:
        stream = container.add_stream_from_template(read.streams.video[0])
        for packet in read.demux(video=0):
            if packet.dts is not None:
                early = round(8 / 25 / packet.time_base)
                packet.pts, packet.dts = packet.pts - early, packet.dts - early
                packet.stream = stream
                container.mux(packet)
    assert len(list(frames(FilmSource(str(trimmed), "trimmed")))) == 12
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(film_frames.BrokenOffError):
        list(frames(FilmSource(str(whole), "whole")))


def test_a_file_that_is_no_film_says_so(desk, panel, tmp_path: Path) -> None:
    path = tmp_path / "odd.mp4"
    path.write_bytes(b"no film at all" * 20)
    desk.drop(path)
    assert desk.wait_said().startswith("odd.mp4 breaks off here: ")
    assert film(desk).pixels is None


def test_a_camera_is_watched_and_held(desk, panel, monkeypatch) -> None:
    pace = Event()

    def device(source: FilmSource):
        assert source.device_format == "fake"
        for count in itertools.count():
            pace.wait(0.005)
            yield 0.0, np.full((48, 64, 3), count % 200, np.uint8)

    monkeypatch.setattr(film_frames, "frames", device)
    monkeypatch.setattr(film_frames, "camera", lambda: FilmSource("x", "camera", "fake"))
    desk.do("image-camera")
    desk.wait(lambda: film(desk).at > 3)
    desk.qtbot.mouseClick(panel.player.play, Qt.MouseButton.LeftButton)
    assert film(desk).paused
    desk.qtbot.mouseClick(panel.player.play, Qt.MouseButton.LeftButton)
    held = film(desk).at
    desk.wait(lambda: film(desk).at > held + 1)
    desk.qtbot.mouseClick(panel.player.stop, Qt.MouseButton.LeftButton)
    assert film(desk).pixels is None


def test_a_camera_that_is_unplugged_and_a_reader_that_is_missing(desk, panel, monkeypatch) -> None:
    def unplugged(_: FilmSource):
        yield 0.0, np.zeros((48, 64, 3), np.uint8)
        raise OSError("no such device")

    def missing(_: FilmSource):
        raise NoReaderError
        yield

    monkeypatch.setattr(film_frames, "frames", unplugged)
    desk.window.opener.films.open_camera()
    assert desk.wait_said() == "The camera gives no picture: no such device"
    assert film(desk).pixels is not None
    monkeypatch.setattr(film_frames, "frames", missing)
    desk.window.opener.films.open_camera()
    desk.wait_told("pip install")
