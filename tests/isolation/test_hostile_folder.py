"""Nothing of the current folder or of PYTHONPATH is run: by children, nor by the program itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from analysis.exchange.torch_module import trace
from analysis.facts import analyse
from viewer.engine.process import EngineProcess

THIRD_PARTY = (
    "torch", "numpy", "PIL", "safetensors", "sympy", "networkx", "msgspec", "matplotlib", "PySide6",
    "shiboken6", "filelock", "fsspec", "jinja2", "mpmath", "typing_extensions", "triton", "tqdm",
    "optree", "opt_einsum", "dill", "pandas", "scipy", "psutil", "av", "sitecustomize",
    "usercustomize", "six", "packaging", "cffi", "onnx", "cupy", "yaml", "pytest", "setuptools",
)  # fmt: skip
BEFORE_US = frozenset({"_winapi", "nt", "sitecustomize", "usercustomize"})
"""What Python's own start-up looks for, on PYTHONPATH too, before any program is asked."""
WAIT = 120_000


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder with a module of every standard and third-party name, each leaving a marker."""
    folder = tmp_path / "hostile"
    folder.mkdir()
    marker = f"open({str(tmp_path / 'ran.txt')!r}, 'a').write(__name__ + '\\n')\n"
    for name in {*sys.stdlib_module_names, *THIRD_PARTY}:
        (folder / f"{name}.py").write_text(marker)
    return folder


def ran(hostile: Path) -> set[str]:
    marker = hostile.with_name("ran.txt")
    return set(marker.read_text().split()) if marker.exists() else set()


@pytest.fixture
def steered(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This process as if it had been started in that folder and with it on PYTHONPATH."""
    monkeypatch.chdir(hostile)
    monkeypatch.setenv("PYTHONPATH", str(hostile))
    return hostile


def test_the_markers_work(hostile: Path) -> None:
    subprocess.run([sys.executable, "-c", "import colorsys"], cwd=hostile, check=True)
    assert "colorsys" in ran(hostile)


def test_the_engine_runs_nothing_of_it(qtbot: QtBot, qapp: QApplication, steered: Path) -> None:
    process = EngineProcess("cpu")
    try:
        with qtbot.waitSignal(process.ready, timeout=WAIT):
            process.start()
        assert process.pid is not None
    finally:
        process.close()
    assert ran(steered) == set()


NET = """
import torch
import beside
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(1, beside.WIDTH, 3)
    def forward(self, x):
        return self.conv(x)
"""


@pytest.mark.usefixtures("started_tracers")
def test_a_traced_model_runs_its_neighbours_and_nothing_of_it(
    steered: Path, tmp_path: Path
) -> None:
    place = tmp_path / "repository"
    place.mkdir()
    (place / "beside.py").write_text("WIDTH = 5\n")
    (place / "net.py").write_text(NET)
    assert analyse(trace(place / "net.py", None).graph).shapes["conv"][0] == 5
    assert ran(steered) == set()


@pytest.mark.parametrize("how", ["module", "script"])
@pytest.mark.parametrize("steering", ["folder", "PYTHONPATH"])
def test_a_command_runs_nothing_of_it(
    hostile: Path, tmp_path: Path, how: str, steering: str
) -> None:
    """The sub-command with the engine in it. Names that Python itself needs first are Python's."""
    Image.new("RGB", (32, 32), "red").save(tmp_path / "red.png")
    script = tmp_path / "fieldglass"
    script.write_text("import sys\nfrom viewer.cli import main\nsys.exit(main())\n")
    start = ["-m", "viewer.cli"] if how == "module" else [str(script)]
    model = "unet:depth=1,base=2,size=32"
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    if steering == "PYTHONPATH":
        for name in BEFORE_US | started(tmp_path):
            (hostile / f"{name}.py").unlink(missing_ok=True)
        environment["PYTHONPATH"] = str(hostile)
    finished = subprocess.run(
        [sys.executable, *start, "run", model, "--image", tmp_path / "red.png", "-o", tmp_path],
        cwd=hostile if steering == "folder" else tmp_path,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stderr
    assert ran(hostile) == set()


def started(folder: Path) -> set[str]:
    """What is imported before a program's first line, by the installed packages' own hooks."""
    program = "import sys; print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, check=True, capture_output=True, text=True
    )
    return set(told.stdout.split())
