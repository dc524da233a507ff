"""Opens regular files only: a pipe or a device, which could block for ever, is refused."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from analysis.faults import Fault


class NotRegularError(OSError):
    """Raised for a pipe, a device or a socket in the place of a file."""


def open_regular(path: str | Path) -> BinaryIO:
    """The file, opened to read bytes. Raises OSError, NotRegularError for what is no file.

    It is opened without waiting and then asked what it is, so that nothing can be put in its
    place between the question and the opening.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
    try:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(mode):
            raise NotRegularError(errno.EINVAL, "no ordinary file", str(path))
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_regular(path: str | Path) -> bytes:
    """All bytes of an ordinary file. Raises as `open_regular`."""
    with open_regular(path) as file:
        return file.read()


def read_fault(error: OSError, path: str | Path) -> Fault:
    """Why a file was not read: `missing-file`, `not-a-file` or `cannot-read` (path)."""
    if isinstance(error, FileNotFoundError):
        return Fault("missing-file", (str(path),))
    if isinstance(error, NotRegularError):
        return Fault("not-a-file", (str(path),))
    return Fault("cannot-read", (str(path),))


def special_fault(path: str | Path) -> Fault | None:
    """`not-a-file` (path) for a pipe, a device or a socket; None for all else, also for nothing.

    For what another program opens by name (a model that Python imports, a file that is copied).
    """
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError):
        return None
    ordinary = stat.S_ISREG(mode) or stat.S_ISDIR(mode)
    return None if ordinary else Fault("not-a-file", (str(path),))
