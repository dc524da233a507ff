"""A two-way connection to a child process that was started with `subprocess`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection, Pipe
from typing import Any


def open_connection(handle: str) -> Connection:
    """In the child: the connection whose handle the command line names."""
    if sys.platform == "win32":
        from multiprocessing.connection import PipeConnection

        return PipeConnection(int(handle))  # type: ignore[return-value]
    return Connection(int(handle))


def start(
    command: Sequence[str], *, handles: Sequence[int] = (), **options: Any
) -> tuple[subprocess.Popen[bytes], Connection]:
    """Start a child that inherits one end of a connection; the process and the other end.

    "{pipe}" in the command stands for the handle of the child's end. `handles` are further file
    descriptors that the child inherits (POSIX). Raises OSError.
    """
    ours, theirs = Pipe()
    try:
        handle = theirs.fileno()
        words = [word.format(pipe=handle) if word == "{pipe}" else word for word in command]
        if sys.platform == "win32":
            os.set_handle_inheritable(handle, True)
            startup = subprocess.STARTUPINFO(lpAttributeList={"handle_list": [handle]})
            child = subprocess.Popen(words, startupinfo=startup, **options)
        else:
            child = subprocess.Popen(words, pass_fds=(handle, *handles), **options)
    except OSError:
        ours.close()
        raise
    finally:
        # The child holds its end alone, so that its death closes the connection.
        theirs.close()
    return child, ours
