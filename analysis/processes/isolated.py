"""Builds command line and environment of a Python child that imports installed packages only.

Python puts the folder of a script, or the current one, first on the path of what can be
imported, then PYTHONPATH. A file `signal.py` there would be run in place of Python's own. `-I`
leaves out all of these, and the folder of packages in the person's home.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def command(script: Path, *arguments: str, options: tuple[str, ...] = ()) -> list[str]:
    """The command line that runs one of our own files in an isolated interpreter.

    `options` are further ones of the interpreter. The script finds no package beside itself; it
    calls `import_folder` of its own where it needs ours.
    """
    return [sys.executable, "-I", *options, str(script), *arguments]


def environment(changed: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without what steers Python, and with what is `changed`.

    A grandchild that is not isolated by itself thus sees no PYTHONPATH either.
    """
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    return kept | dict(changed or {})


def guarded(words: list[str]) -> list[str]:
    """The command line that runs another one and leaves nothing of what that one starts.

    On Linux, where SIGTERM then ends all of it; elsewhere the command as it is, whose group must
    be killed and which a process with a session of its own outlives.
    """
    if not sys.platform.startswith("linux"):
        return words
    return command(Path(__file__).with_name("warden.py"), *words, options=("-S",))
