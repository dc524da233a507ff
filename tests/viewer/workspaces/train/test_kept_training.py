"""A training that was cut off stays on the disk until somebody goes on with it or forgets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.training.recipe import Recipe
from viewer.session.sample_document import sample_document
from viewer.workspaces.train.lab import run_folder


@pytest.fixture
def cut_off(store, own_folders):
    """Leaves trainings that were cut off, of so many steps each, the last one the newest."""

    def make(*steps: int) -> None:
        for each in steps:
            folder = run_folder.RunFolder.make(Recipe(steps=each), sample_document(store))
            (folder.path / run_folder.CHECKPOINT).write_bytes(b"so far")
            folder.leave()

    return make


def offered_next() -> int | None:
    """The steps of the one that is offered at the next start."""
    found = run_folder.cut_off()
    if found is None:
        return None
    found[0].leave()
    return found[1].recipe.steps


@pytest.fixture
def one_cut_off(cut_off):
    """One of 77 steps, there before the window of `train`."""
    cut_off(77)


@pytest.mark.usefixtures("one_cut_off")
def test_one_that_could_go_on_outlives_another_start(train):
    desk, lab, _ = train
    desk.wait(lambda: lab.lost is not None)
    lab.start(paused=True)
    assert lab.lost is None
    assert offered_next() == 77
    lab.stop()
    assert offered_next() == 77


def test_those_behind_the_newest_wait_for_their_turn(cut_off):
    cut_off(*range(1, run_folder.MOST_KEPT + 3))
    for steps in range(run_folder.MOST_KEPT + 2, 2, -1):
        folder, known = run_folder.cut_off()
        assert known.recipe.steps == steps
        folder.remove()
    assert run_folder.cut_off() is None


def test_a_lost_training_that_is_found_late_does_not_replace_a_new_one(train):
    _, lab, _ = train
    lab.start(paused=True)
    old = lab.kept.folder
    lab.start(paused=True)
    lab.kept.found_own(old, None)
    lab.log.state = "stopped"
    lab.kept.found_own(old, object())
    assert lab.lost is None


def test_a_folder_for_checkpoints_is_never_without_its_owner(tmp_path, monkeypatch, store):
    made, document = Path.mkdir, sample_document(store)

    def looked_at(path, *args, **more):
        made(path, *args, **more)
        assert run_folder.cut_off() is None, "another program that starts just now takes nothing"

    runs = tmp_path / "runs"
    monkeypatch.setattr(run_folder, "runs_folder", lambda: runs)
    monkeypatch.setattr(Path, "mkdir", looked_at)
    folder = run_folder.RunFolder.make(Recipe(), document)
    assert (folder.path / run_folder.RECIPE).is_file()
    folder.remove()
    assert not list(runs.iterdir())
