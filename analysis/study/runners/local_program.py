"""The program of a worker's process on this machine, run by `analysis.processes.program`."""

from __future__ import annotations

import signal
from multiprocessing.connection import Connection


def main(pipe: str) -> None:
    """Measure the shards that come through the pipe (its handle) until the other end is closed.

    Ctrl+C reaches every process of a terminal; what is done then the other end decides.
    """
    from analysis.processes.pipe import open_connection

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _serve(open_connection(pipe))
    except (EOFError, OSError):
        return


def _serve(connection: Connection) -> None:
    from analysis.faults import Fault
    from analysis.study.measuring.worker import StudyWorker

    plan = connection.recv()
    try:
        worker = StudyWorker(plan)
    except (RuntimeError, AssertionError, ValueError):
        connection.send(("failed", Fault("study-no-device", (plan.device,))))
        return
    ready = worker.start()
    connection.send(("failed" if isinstance(ready, Fault) else "ready", ready))
    stopped = False
    while not stopped:
        message = connection.recv()
        if message == "stop":
            return
        _, number, images = message

        def told(number: int = number) -> bool:
            nonlocal stopped
            connection.send(("image", number))
            stopped = connection.poll() and connection.recv() == "stop"
            return stopped

        connection.send(("shard", number, worker.shard(images, told)))
