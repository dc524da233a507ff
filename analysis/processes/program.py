"""Runs `main(*arguments)` of one of our modules: `python -I program.py MODULE ARGUMENT …`.

In an isolated interpreter nothing but what is installed can be imported. So this file, which is
run by its path, first makes the package it lies in known, by its place and under its own name.
"""

import importlib
import importlib.util
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def make_package_known() -> None:
    """Let `import analysis` find the package this file belongs to, wherever it lies.

    The folder the package lies in comes last on the path: where the program was installed into a
    folder of its own, what it needs lies there too.
    """
    place = PACKAGE / "__init__.py"
    found = importlib.util.spec_from_file_location(
        PACKAGE.name, place, submodule_search_locations=[str(PACKAGE)]
    )
    assert found is not None
    assert found.loader is not None
    package = importlib.util.module_from_spec(found)
    sys.modules[PACKAGE.name] = package
    found.loader.exec_module(package)
    sys.path.append(str(PACKAGE.parent))


if __name__ == "__main__":
    make_package_known()
    importlib.import_module(sys.argv[1]).main(*sys.argv[2:])
