"""The program of the tracer's process: `python -I program.py`, and a line on standard input.

The line is the path of a JSON file, the request; the answer goes beside it as `answer.json` and
`tensors.safetensors`. An isolated interpreter finds nothing beside the file it runs, so this one
first makes the package it lies in known. It does so under a name of its own: a person's model
finds no package `analysis` here that is not installed, and no neighbour of ours by a plain name.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path

NAME = "fieldglass_tracer"
"""The package's name in the process that runs it."""


def make_package_known() -> None:
    """Let `import fieldglass_tracer` find the folder this file lies in."""
    folder = Path(__file__).resolve().parent
    found = importlib.util.spec_from_file_location(
        NAME, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert found is not None
    assert found.loader is not None
    package = importlib.util.module_from_spec(found)
    sys.modules[NAME] = package
    found.loader.exec_module(package)


if __name__ == "__main__":
    make_package_known()
    importlib.import_module(f"{NAME}.run").main()
