"""A window in Train whose training runs in this process, one turn at a time."""

from __future__ import annotations

from pathlib import Path
from queue import SimpleQueue

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from analysis.training.process.messages import Loaded
from analysis.training.process.service import TrainingService
from analysis.training.recipe import Evaluation
from viewer.workspaces.train.lab.lab import Lab


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch) -> Path:
    """Trainings of other tests, or of the person, are not found."""
    folder = tmp_path / "runs"
    monkeypatch.setattr("viewer.workspaces.train.lab.run_folder.runs_folder", lambda: folder)
    return folder


@pytest.fixture(scope="session")
def pictures(tmp_path_factory) -> str:
    """A folder of seven small pictures, each of its own colours."""
    folder = tmp_path_factory.mktemp("pictures")
    source = np.random.default_rng(0)
    for at in range(7):
        blocks = source.integers(0, 256, (8, 8, 3), dtype=np.uint8)
        Image.fromarray(blocks.repeat(4, 0).repeat(4, 1)).save(folder / f"{at}.png")
    return str(folder)


class HereProcess(QObject):
    """In the place of the training process: a real service, told and turned by hand."""

    answered = Signal(object)
    ended = Signal(str)
    cannotStart = Signal(str)  # noqa: N815 (as the real one's)

    def __init__(self) -> None:
        super().__init__()
        self.orders: SimpleQueue = SimpleQueue()
        self.service = TrainingService(self.answered.emit, self.orders, lambda: 0.0)

    def warm(self) -> bool:
        self.answered.emit(Loaded(1, "here"))
        return True

    def tell(self, order) -> None:
        self.service.take(order)

    def turn(self, count: int = 1) -> None:
        """Take so many steps, while it runs."""
        for _ in range(count):
            if self.service._state == "running":
                self.service.turn()

    def kill(self) -> None:
        """Nothing to end."""

    close = kill


def _take_here(lab: Lab) -> HereProcess:
    """Give a lab a process that is this one."""
    here = HereProcess()
    lab.process = here
    here.answered.connect(lab._take)
    here.ended.connect(lab._ended)
    return here


@pytest.fixture
def take_here():
    return _take_here


@pytest.fixture
def train(open_desk, take_here, pictures):
    """The desk with its lab and its process; the recipe is small."""
    desk = open_desk(pictured=False)
    lab = desk.window.contents["train"].lab
    here = take_here(lab)
    lab.set_recipe(data=pictures, patch=16, batch=2, steps=6, evaluate=Evaluation(every=3))
    desk.session.set_view(workspace="train")
    yield desk, lab, here
    if isValid(lab):
        lab.stop()  # else closing the window asks
