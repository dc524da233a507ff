"""Entry point of `fieldglass`: removes the current folder and PYTHONPATH from the import path.

Python puts the current folder (of `python -m viewer.cli`) and PYTHONPATH first on the path, and a
file `json.py` there would be run in place of Python's own. So the first thing done is to take
them off; this file imports only what Python itself has loaded by then. Who starts a program with
PYTHONPATH set still has Python's own start-up look there, which only `python -I` prevents.
"""

import os
import sys


def main(arguments: "list[str] | None" = None) -> int:
    """Do what the command line asks; its exit status."""
    sys.path[:] = trusted(sys.path, os.environ.get("PYTHONPATH", ""))
    from viewer.command_line.main import main as run

    return run(arguments)


def trusted(path: "list[str]", python_path: str) -> "list[str]":
    """`path` without the current folder, those of PYTHONPATH and the person's own packages.

    The folder that holds this program stays, as the last one, if it was among them.
    """
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    foreign = {_folder(each) for each in ("", *python_path.split(os.pathsep))}
    site = sys.modules.get("site")
    if site is not None and getattr(site, "ENABLE_USER_SITE", False):
        foreign.add(_folder(site.getusersitepackages()))
    kept = [each for each in path if _folder(each) not in foreign]
    is_own = any(_folder(each) == _folder(own) for each in path)
    return [*kept, own] if is_own and own not in kept else kept


def _folder(entry: str) -> str:
    return os.path.realpath(entry or os.curdir)


if __name__ == "__main__":
    raise SystemExit(main())
