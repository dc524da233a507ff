"""The program of the engine's process: `python -I engine_program.py PIPE RING DEVICE`.

PIPE is the handle of a connection, RING that of the shared memory (or "-"). In an isolated
interpreter nothing but what is installed can be imported. So this file, which is run by its path,
first makes the package it lies in known, by its place and under its own name.
"""

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


def main(pipe: str, ring: str, device: str) -> None:
    """Serve the process that holds the other end of the pipe until it ends."""
    from analysis.inference import service
    from analysis.inference.transport import Ring
    from analysis.processes.pipe import open_connection

    service.main(open_connection(pipe), Ring.attach(ring) if ring != "-" else None, device)


if __name__ == "__main__":
    make_package_known()
    main(*sys.argv[1:])
