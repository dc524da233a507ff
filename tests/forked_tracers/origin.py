"""The process of which tests fork their tracers: torch is imported and rehearsed with once.

`python -I -B -W ignore origin.py DESCRIPTOR`, in the interpreter and with the environment of a
tracer. Over the socket it is told where and with which environment each one is to run, with the
two descriptors of its standard input and of the pipe that its exit status goes to. It answers with
the process id. It ends with the test process, and what it has forked ends with it.
"""

from __future__ import annotations

import importlib.util
import json
import os
import runpy
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType

ANALYSIS = Path(__file__).resolve().parents[2] / "analysis"
PROGRAM = ANALYSIS / "exchange" / "tracer" / "program.py"


def module_at(path: Path) -> ModuleType:
    """The module of a file, which is known under no name."""
    found = importlib.util.spec_from_file_location(path.stem, path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


class Forked:
    """A function that runs in a child, as the warden looks at its command."""

    def __init__(self, function: Callable[[], None]) -> None:
        self.pid = fork(function)

    def poll(self) -> int | None:
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if pid else None


def fork(function: Callable[[], None]) -> int:
    """Run it in a child, which ends with it."""
    pid = os.fork()
    if pid:
        return pid
    try:
        signal.set_wakeup_fd(-1)
        for each in (signal.SIGTERM, signal.SIGCHLD):
            signal.signal(each, signal.SIG_DFL)
        function()
    finally:
        os._exit(1)


class Origin:
    """Forks as it is told to and hands on how each one ended."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._pipes: dict[int, int] = {}
        self._warden = module_at(ANALYSIS / "processes" / "warden.py")

    def serve(self) -> None:
        """Until the test process has closed its end."""
        ended, told = os.pipe()
        os.set_blocking(told, False)
        signal.set_wakeup_fd(told)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        while True:
            ready, _, _ = select.select([self._connection, ended], [], [])
            if ended in ready:
                os.read(ended, 4096)
                self._tell_ends()
            if self._connection in ready:
                message, descriptors, _, _ = socket.recv_fds(self._connection, 1 << 20, 2)
                if not message:
                    return
                place, environment = json.loads(message)
                stdin, pipe = descriptors
                pid = fork(lambda: self._guard(place, environment, stdin))  # noqa: B023
                os.close(stdin)
                self._pipes[pid] = pipe
                self._connection.send(str(pid).encode())

    def _tell_ends(self) -> None:
        for pid in [*self._pipes]:
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                pipe = self._pipes.pop(pid)
                os.write(pipe, str(os.waitstatus_to_exitcode(status)).encode())
                os.close(pipe)

    def _guard(self, place: str, environment: Mapping[str, str], stdin: int) -> None:
        """In the child: what `warden.py` does, over a tracer that is forked and not started."""
        os.setsid()
        self._connection.close()
        for pipe in self._pipes.values():
            os.close(pipe)
        os.dup2(stdin, 0)
        os.chdir(place)
        os.environ.clear()
        os.environ.update(environment)
        tempfile.tempdir = None
        self._warden.guard(lambda: Forked(run))


def run() -> None:
    """In the child of the child: the tracer's program, as its interpreter runs it."""
    sys.stdin = os.fdopen(0, closefd=False)
    runpy.run_path(str(PROGRAM), run_name="__main__")


def main() -> None:
    """Get ready as a tracer does, then serve."""
    module_at(PROGRAM).make_package_known()
    importlib.import_module("fieldglass_tracer.run").get_ready()
    with socket.socket(fileno=int(sys.argv[1])) as connection:
        Origin(connection).serve()
    os._exit(0)


if __name__ == "__main__":
    main()
