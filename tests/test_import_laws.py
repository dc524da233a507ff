"""The window opens before the heavy libraries load: importing its modules must not pull them in."""

import subprocess
import sys

import pytest

HEAVY = ("torch", "networkx", "matplotlib")
LIGHT_MODULES = (
    "analysis",
    "analysis.graph",
    "analysis.facts",
    "analysis.receptive_field",
    "viewer.cli",
    "viewer.shell.window",
)


def loaded_by(module: str) -> set[str]:
    """Top-level packages in `sys.modules` after a fresh interpreter imported `module`."""
    program = f"import {module}, sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    finished = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    assert finished.returncode == 0, finished.stderr
    return set(finished.stdout.split())


@pytest.mark.parametrize("module", LIGHT_MODULES)
def test_importing_it_loads_no_heavy_library(module: str) -> None:
    assert loaded_by(module).isdisjoint(HEAVY)


@pytest.mark.parametrize("module", [name for name in LIGHT_MODULES if name.startswith("analysis")])
def test_analysis_loads_no_qt(module: str) -> None:
    assert "PySide6" not in loaded_by(module)


def test_the_table_of_export_formats_loads_no_qt() -> None:
    assert "PySide6" not in loaded_by("viewer.drawing.files.formats")
