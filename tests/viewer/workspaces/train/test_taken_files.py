"""What is taken out of a training into files: weights, report, numbers, curves, events."""

from __future__ import annotations

import csv
import errno
import json

from analysis.storage import atomic_file
from analysis.training.numbers_table import numbers_csv
from analysis.training.recipe import Twin
from tests.viewer.workspaces.train.test_training import click
from viewer.workspaces.train.export.page import report_page
from viewer.workspaces.train.export.report import report_text
from viewer.workspaces.train.export.taking import Results
from viewer.workspaces.train.results.panel import ResultsPanel


def test_report_numbers_and_curves_as_files(train, tmp_path):
    desk, lab, here = train
    click(desk, "train.play")
    here.turn(6)
    taking = Results(lab)
    report = json.loads(report_text(lab.log))
    for name in ("with skips", "without"):
        twin = report["twins"][name]
        assert len(twin["losses"]) == 6
        assert twin["evaluated_at"] == [0, 3, 6]
        assert len(twin["psnr"]["25"]) == 3
        assert twin["gradient_norms"]["first"].keys() == twin["gradient_norms"]["last"].keys()
    page = report_page(lab.log, "steps")
    assert page.count("data:image/png;base64,") == len(lab.log.previews.pictures) * 4
    assert "<script" not in page
    assert f"{lab.log.twins[1].parameters:,}".replace(",", "\N{NARROW NO-BREAK SPACE}") in page
    rows = list(csv.DictReader(numbers_csv(lab.log.record, lab.log.record.losses).splitlines()))
    assert [float(r["training_loss"]) for r in rows if r["twin"] == "without" and not r["seconds"]
            ] == lab.log.record.losses["without"]  # fmt: skip
    for ending in ("svg", "png"):
        path = tmp_path / f"curves.{ending}"
        taking.save_curves(str(path))
        assert path.stat().st_size > 2000
    assert "with skips" in (tmp_path / "curves.svg").read_text()
    for save, ending in (
        (taking.save_curves, ".html"),
        (desk.window.findChild(ResultsPanel).chart.save, ".txt"),
    ):
        save(str(tmp_path / f"curves{ending}"))
        assert desk.said == f"{ending} is no kind of file this can be."
    taking.save_events(str(tmp_path))
    desk.wait(lambda: len(list(tmp_path.glob("*/events.out.tfevents.*"))) == 2)
    desk.wait_told("with skips/, without/ are written.")
    content = next((tmp_path / "without").iterdir()).read_bytes()
    assert content.count(b"loss/training") == 6
    folder = tmp_path / "weights"
    folder.mkdir()
    taking.save_weights(str(folder))
    desk.wait(lambda: len(list(folder.glob("*.safetensors"))) == 2)
    desk.wait_told("with skips.safetensors, without.safetensors are written.")


def test_of_many_files_two_are_named_in_full(train, tmp_path):
    desk, lab, here = train
    names = [f"network with a rather long name, number {at}" for at in range(4)]
    lab.set_recipe(steps=1, twins=tuple(map(Twin, names)))
    lab.start()
    here.turn(1)
    Results(lab).save_weights(str(tmp_path / "weights"))
    desk.wait_told(f"{names[0]}.safetensors, {names[1]}.safetensors and 2 more are written.")


def test_weights_of_a_training_that_another_one_replaces_are_told_of(train, tmp_path, monkeypatch):
    desk, lab, here = train
    lab.start()
    here.turn(6)
    with monkeypatch.context() as held:
        held.setattr(here, "tell", lambda _: None)
        Results(lab).save_weights(str(tmp_path / "weights"))
    lab.start()
    desk.wait_told("The weights were not written: their training has ended.")
    assert not (tmp_path / "weights").exists()


def test_a_question_goes_with_the_training_it_is_about(train):
    desk, lab, here = train
    lab.start()
    here.turn(6)
    lab._whose.ask(lab.start, lab.start)
    desk.wait_told("A training of your own is under way.")
    lab.start()
    assert "A training of your own" not in desk.said


def test_weights_that_find_the_disk_full_leave_nothing(train, tmp_path, monkeypatch):
    desk, lab, here = train
    lab.toggle()
    here.turn(6)
    write = atomic_file.write

    def full(path, chunks):
        if path.name == "without.safetensors":
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write(path, chunks)

    monkeypatch.setattr(atomic_file, "write", full)
    folder = tmp_path / "weights"
    Results(lab).save_weights(str(folder))
    desk.wait_told("without.safetensors was not written: the disk is full.")
    assert not list(folder.iterdir())
