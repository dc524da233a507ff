"""Where programs of this user find the running window: a socket in a folder of theirs alone."""

from __future__ import annotations

import contextlib
import getpass
import os
import sys
import tempfile
from pathlib import Path

NAME = "window"


def window_address() -> str:
    """The path of the window's socket, on Windows the name of its pipe. Needs no Qt.

    Raises OSError where no folder can be had that nobody else can write to.
    """
    if sys.platform == "win32":
        return rf"\\.\pipe\fieldglass-{getpass.getuser()}"
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    folder = Path(base) / f"fieldglass-{os.getuid()}-window"
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} is not this user's alone")
    return str(folder / NAME)
