"""Tracers that are forked of one process which has imported torch, in place of started ones.

A tracer that is started imports torch for four seconds; hundreds of tests ask for one. What is
forked is the same program in the same state, in a session of its own under the same warden.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

from analysis.exchange import tracer_process
from analysis.processes import isolated

ORIGIN = Path(__file__).with_name("origin.py")


class ForkedTracer:
    """What a TracerProcess uses of a `Popen`, of a process that is no child of this one."""

    def __init__(self, pid: int, stdin: int, status: int) -> None:
        self.pid, self._status = pid, status
        self.stdin = os.fdopen(stdin, "wb")
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self._look(0)

    def wait(self, timeout: float | None = None) -> int:
        found = self._look(timeout)
        if found is None:
            raise subprocess.TimeoutExpired("tracer", timeout or 0)
        return found

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def _send(self, what: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, what)

    def _look(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._status], [], [], timeout)[0]:
            said = os.read(self._status, 16)
            os.close(self._status)
            self.returncode = int(said) if said else -signal.SIGKILL  # its origin was killed
        return self.returncode


class Origin:
    """The process that is forked; it is started when the first tracer is wanted."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None

    def fork(self, environment: Mapping[str, str]) -> ForkedTracer:
        """A tracer with this environment, in the folder where we are."""
        connection = self._connection or self._start(environment)
        stdin, given = os.pipe()
        status, told = os.pipe()
        message = json.dumps([str(Path.cwd()), dict(environment)]).encode()
        socket.send_fds(connection, [message], [stdin, told])
        for each in (stdin, told):
            os.close(each)
        return ForkedTracer(int(connection.recv(32)), given, status)

    def close(self) -> None:
        """End it with all that was forked of it."""
        if self._connection is not None and self._process is not None:
            self._connection.close()
            self._process.wait()
        self._connection = self._process = None

    def _start(self, environment: Mapping[str, str]) -> socket.socket:
        self._connection, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            descriptor = theirs.fileno()
            self._process = subprocess.Popen(
                isolated.command(ORIGIN, str(descriptor), options=tracer_process.OPTIONS),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment,
                pass_fds=[descriptor],
                start_new_session=True,
            )
        return self._connection
