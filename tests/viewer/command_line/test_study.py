"""`fieldglass study`: its files, its answer, how it goes on, what it says of bad input."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from analysis.faults import Fault
from tests.analysis.study.pictures import folder_of
from viewer import cli
from viewer.command_line.studying.listening import Listening, duration
from viewer.text.translation import language

MODEL = "unet:depth=2,base=4,size=16,norm=none,out=3"


def studied(
    data: Path, out: Path, capsys: pytest.CaptureFixture[str], *more: str
) -> tuple[int, str, str]:
    asked = ["study", MODEL, str(data), "-o", str(out), "--device", "cpu", "--workers", "1"]
    try:
        status = cli.main([*asked, *more])
    finally:
        language.use("en")
    printed = capsys.readouterr()
    return status, printed.out, printed.err


class Page(HTMLParser):
    """Collects what a page would fetch or run, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.words: list[str] = []
        self.images = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.images += tag == "img"
        for name, value in attrs:
            if name in ("src", "href") and not (value or "").startswith("data:"):
                self.fetched.append(f"{tag} {value}")
        if tag in ("script", "link", "iframe"):
            self.fetched.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_reports_rows_and_what_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = folder_of(tmp_path / "data", 4, targets=True), tmp_path / "out"
    for part in ("images", "targets"):
        (data / part / "<b>$x.png").write_bytes(b"no picture")
    status, printed, said = studied(data, out, capsys, "--format", "json")
    assert status == 0, said
    assert "left out: <b>$x.png" in said
    assert said.count("untrained") == 1
    answer = json.loads((out / "report.json").read_text())
    assert json.loads(printed) == answer
    assert (answer["images"], answer["of"], answer["complete"]) == (4, 5, True)
    assert list(answer["skipped"]) == ["<b>$x.png"]
    assert answer["f"]["name"] == "psnr"
    assert set(answer["units"].values()) == {"dB"}
    for skip in answer["skips"]:
        for key in ("share", "shapley", "integrated_gradient", "ablation", "deep"):
            assert skip[key]["low"] <= skip[key]["mean"] <= skip[key]["high"]
        assert set(skip["ablation"]["by_mode"]) == {"zero", "mean", "noise"}
        assert skip["off"]["psnr"]["images"] == 4
    with (out / "rows.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["image"] for row in rows] == [f"p{at:02d}.png" for at in range(4)]
    shares = [float(row["skip1.share"]) for row in rows]
    assert sum(shares) / 4 == pytest.approx(answer["skips"][0]["share"]["mean"], rel=1e-9)
    page = Page()
    page.feed((out / "report.html").read_text())
    assert page.fetched == []
    assert page.images == 12  # six charts, light and dark
    words = " ".join(page.words)
    assert "<b>$x.png" in words
    assert "enc1.conv1" in words
    assert (out / "report.pdf").read_bytes().startswith(b"%PDF")

    # Without the files that are none nothing is left to do; in Chinese the report is Chinese.
    for part in ("images", "targets"):
        (data / part / "<b>$x.png").unlink()
    status, printed, said = studied(data, out, capsys, "--lang", "zh")
    assert status == 0, said
    assert "skip1" in printed
    assert "4 of 4 images; mean ± half its 95 % interval." in printed
    chinese = (out / "report.html").read_text()
    assert 'lang="zh"' in chinese
    assert re.search("[一-鿿]", chinese)

    # Another network is another study, and touches nothing.
    before = sorted((out / "shards").iterdir())
    status, _, said = studied(data, out, capsys, "--seed", "3")
    assert status == 2
    assert "another network, other settings or other data" in said
    assert sorted((out / "shards").iterdir()) == before


def test_sigterm_ends_it_after_the_image_under_way_and_the_report_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def tell(self: Listening, done: int) -> None:
        if done == 1:
            os.kill(os.getpid(), signal.SIGTERM)

    pages: list[Path] = []
    before = signal.getsignal(signal.SIGTERM)
    data, out = folder_of(tmp_path / "data", 5), tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(Listening, "tell", tell)
        patch.setattr(  # its charts are drawn by the tests above
            "viewer.drawing.report.study.page.write_report",
            lambda folder, *_: pages.append(folder),
        )
        status, _, said = studied(data, out, capsys)
    assert status == 2
    assert "stopped: 1 of 5 images are measured and kept" in said
    answer = json.loads((out / "report.json").read_text())
    assert (answer["images"], answer["of"], answer["complete"]) == (1, 5, False)
    assert pages == [out]
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda place: None, "There is no folder"),
        (lambda place: place.mkdir(), "holds no pictures"),
        (lambda place: (place.mkdir(), (place / "a.png").write_bytes(b"x")), "can be read"),
    ],
)
def test_a_folder_without_images_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], make: object, says: str
) -> None:
    make(tmp_path / "data")  # type: ignore[operator]
    status, printed, said = studied(tmp_path / "data", tmp_path / "out", capsys)
    assert (status, printed) == (2, "")
    assert says in said
    assert said.startswith("fieldglass: ")
    assert said.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_charts_are_told_in_dark_by_colours_that_differ_in_light() -> None:
    from viewer.drawing.report.study.chart_look import COLORS, in_dark
    from viewer.look.tokens import tokens

    light, dark = tokens()["light"], tokens()["dark"]
    assert len({light[each] for each in COLORS}) == len(COLORS)
    drawn = f'<path fill="{light["skip"].lower()}"/><use href="#p123456"/>'.encode()
    assert in_dark(drawn) == drawn.replace(
        light["skip"].lower().encode(), dark["skip"].lower().encode()
    )


def test_without_ray_it_says_how_to_get_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.study.runners.cluster.crew.find_spec", lambda _: None)
    status, _, said = studied(tmp_path, tmp_path / "out", capsys, "--ray", "auto")
    assert status == 2
    assert "pip install 'fieldglass[ray]'" in said


def test_the_time_that_is_left_is_told_after_a_few_images() -> None:
    heard = Listening()
    heard.begun(10, 110)
    assert heard.seconds_left(12) is None
    heard._started -= 20
    assert heard.seconds_left(20) == pytest.approx(180, rel=0.01)
    assert [duration(each) for each in (0.2, 40, 200, 9000)] == ["1 s", "40 s", "3 min", "2 h"]


def test_every_fault_of_a_study_has_its_numbers() -> None:
    from viewer.text.fault_sentences import fault_sentence

    said = fault_sentence(Fault("study-no-cluster", ("auto", "none answers")))
    assert said == "There is no Ray cluster at auto that can be used (none answers)."
