"""The program of the training process, run by `analysis.processes.program`."""

from __future__ import annotations

import os
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING

from analysis.processes.sleeping_threads import let_waiting_threads_sleep

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from analysis.training.process.messages import Told

KINDNESS = 5
"""How much the window and its engine go before the training where all want the processor."""


def main(pipe: str) -> None:
    """Serve the process that holds the other end of the pipe (a handle) until it ends."""
    from analysis.processes.pipe import open_connection

    let_waiting_threads_sleep()
    if hasattr(os, "nice"):
        os.nice(KINDNESS)
    connection = open_connection(pipe)
    orders: SimpleQueue[Told] = SimpleQueue()
    threading.Thread(target=_listen, args=(connection, orders), daemon=True).start()
    from analysis.training.process.service import TrainingService

    TrainingService(connection.send, orders).serve()


def _listen(connection: Connection, orders: SimpleQueue[Told]) -> None:
    """Take orders in; the end of the window's process ends this one, whatever it computes."""
    try:
        while True:
            orders.put(connection.recv())
    except (EOFError, OSError):
        os._exit(0)
