"""The wheel carries what the program reads, and an installed program finds it from anywhere."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> str:
    """Standard output of a command that has to succeed."""
    finished = subprocess.run(
        command, check=False, cwd=cwd, env=os.environ | environment, capture_output=True, text=True
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: a build in place would reuse what an older one left."""
    source = tmp_path_factory.mktemp("source")
    for name in ("analysis", "viewer", "assets"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, source / name, ignore=ignored)
    for file in (*ROOT.glob("LICENSE"), *ROOT.glob("*.md"), ROOT / "pyproject.toml"):
        shutil.copy(file, source)
    made = tmp_path_factory.mktemp("wheel")
    options = ("--no-deps", "--no-build-isolation", "--no-index", "-q")
    run(sys.executable, "-m", "pip", "wheel", *options, "-w", made, source)
    (built,) = made.glob("fieldglass-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel was installed, away from the checkout."""
    target = tmp_path_factory.mktemp("installed")
    options = ("--no-deps", "--no-index", "-q", "--target")
    run(sys.executable, "-m", "pip", "install", *options, target, wheel)
    return target


def test_every_asset_and_module_is_in_the_wheel(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    for package in ("analysis", "viewer", "assets"):
        expected = {
            path.relative_to(ROOT).as_posix().removeprefix("viewer/notebook/")
            for path in (ROOT / package).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert expected
        assert expected - packed == set()


def test_desktop_entry_and_icon_are_where_a_desktop_looks(installed: Path) -> None:
    entry = (installed / "share/applications/fieldglass.desktop").read_text("utf-8")
    assert "\nIcon=fieldglass\n" in entry
    (command,) = [line for line in entry.splitlines() if line.startswith("Exec=")]
    assert (installed / "bin" / command.removeprefix("Exec=").split()[0]).is_file()
    assert (installed / "share/mime/packages/fieldglass-mime.xml").is_file()
    icons = installed / "share/icons/hicolor"
    assert (icons / "scalable/apps/fieldglass.svg").is_file()
    assert (icons / "48x48/apps/fieldglass.png").is_file()


def test_installed_assets_are_found_from_the_root_folder(installed: Path) -> None:
    program = (
        "from importlib.resources import files; import assets;"
        "print(assets.__file__);"
        "print(len(files('assets').joinpath('look/tokens.json').read_text('utf-8')));"
        "print(len(files('assets').joinpath('icons/conv.svg').read_bytes()));"
        "print(len(files('assets').joinpath('fonts/Inter-Regular.otf').read_bytes()))"
    )
    lines = run(sys.executable, "-c", program, cwd=Path("/"), PYTHONPATH=str(installed)).split()
    assert Path(lines[0]).is_relative_to(installed)
    assert all(int(size) > 0 for size in lines[1:])


def test_installed_command_answers_from_the_root_folder(installed: Path) -> None:
    command = installed / "bin" / "fieldglass"
    answer = run(command, "describe", "unet", cwd=Path("/"), PYTHONPATH=str(installed))
    assert "output" in answer
