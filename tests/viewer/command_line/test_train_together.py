"""Two processes, as torchrun starts them, train what one does with the joint batch."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from analysis.blueprints import BLUEPRINTS, parse
from analysis.training.machine.group import Group
from analysis.training.machine.machine import Machine
from analysis.training.recipe import read_recipe
from analysis.training.run import prepare
from viewer import cli

RECIPE = {
    "model": "unet:depth=2,base=4,norm=none,size=32",
    "twins": [{"name": "with", "skip": "concat", "batch": 5}, {"name": "without", "skip": "none"}],
    "patch": 16,
    "batch": 4,
    "steps": 4,
    "skip_dropout": [0.5],
    "evaluate": {"sigma": [25], "every": 2},
}
"""One batch that two processes do not divide, and skips that are closed image by image."""


def report_of(folder: Path, recipe: dict[str, object]) -> dict[str, object]:
    file = folder.with_suffix(".json")
    file.write_text(json.dumps(recipe))
    assert cli.main(["train", str(file), "-o", str(folder), "--device", "cpu"]) == 0
    return json.loads((folder / "report.json").read_text())


def pictures(folder: Path) -> str:
    """Six of 32 × 32 pixels."""
    folder.mkdir()
    source = np.random.default_rng(0)
    for at in range(6):
        blocks = source.integers(0, 256, (8, 8, 3), dtype=np.uint8)
        Image.fromarray(blocks.repeat(4, 0).repeat(4, 1)).save(folder / f"{at}.png")
    return str(folder)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def environment(rank: int, port: int) -> dict[str, str]:
    """What torchrun tells a process."""
    return {"RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": "2",
            "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}  # fmt: skip


def test_two_processes_have_the_losses_of_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = RECIPE | {"data": pictures(tmp_path / "pictures")}
    alone = report_of(tmp_path / "alone", recipe)
    capsys.readouterr()
    port = free_port()
    command = [sys.executable, "-m", "viewer.cli", "train", str(tmp_path / "alone.json"),
               "-o", str(tmp_path / "second"), "--device", "cpu"]  # fmt: skip
    second = subprocess.Popen(
        command, env={**os.environ, **environment(1, port), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    for name, value in environment(0, port).items():
        monkeypatch.setenv(name, value)
    together = report_of(tmp_path / "together", recipe)
    said, complaint = second.communicate(timeout=300)
    assert second.returncode == 0, complaint
    assert not said, "the first process alone speaks"
    assert not (tmp_path / "second").exists()
    assert capsys.readouterr().out.count("PSNR") == 2
    assert together["machine"] == {"device": "cpu", "processes": 2, "remarks": []}
    for name in ("with", "without"):
        one, two = alone["twins"][name], together["twins"][name]
        assert two["losses"] == pytest.approx(one["losses"], rel=1e-5)
        assert two["psnr"]["25"] == pytest.approx(one["psnr"]["25"], abs=1e-4)
        first = one["gradient_norms"]["first"]
        assert two["gradient_norms"]["first"] == pytest.approx(first, rel=1e-3, abs=1e-7)
        assert two["gradient_norms"]["last"] == pytest.approx(
            one["gradient_norms"]["last"], rel=1e-3, abs=1e-7
        )


class OtherRefused(Group):
    """A group in which another process says what the sum is more than this one's."""

    def sum(self, value: float) -> float:
        return value + 1.0


def test_what_one_process_cannot_do_none_begins(tmp_path: Path) -> None:
    recipe = read_recipe(RECIPE | {"data": pictures(tmp_path / "pictures")})
    name, chosen = parse(recipe.model)
    graph = BLUEPRINTS[name].build(chosen)
    machine = Machine(group=OtherRefused(0, 2))
    found = prepare(recipe, graph, (name, chosen), machine)
    assert (found.code, found.numbers) == ("train-other-process", (1, 2))
    absent = replace(recipe, data=str(tmp_path / "absent"))
    own = prepare(absent, graph, (name, chosen), machine)
    assert own.code == "data-no-folder", "which refuses itself says its own reason"


def test_more_processes_than_pictures_is_refused() -> None:
    """Asked of the engine: to join three processes would take three."""
    recipe = read_recipe(RECIPE)
    name, chosen = parse(recipe.model)
    graph = BLUEPRINTS[name].build(chosen)
    found = prepare(recipe, graph, (name, chosen), Machine(group=Group(0, 5)))
    assert (found.code, found.numbers) == ("train-batch-below-group", ("without", 4, 5))
