"""The program of the process that speaks with Ray, run by `analysis.processes.program`."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from analysis.faults import Fault

TURN = 0.1
PULSE = 3.0
"""Seconds between two looks at whether the head of the cluster is there."""
MISSED = 3
"""Looks in vain after which it is gone."""
NOBODY = 60.0
"""Seconds without an answer after which there is no cluster."""
STARTED = 300.0
"""Seconds until the first worker must be ready: on a busy node torch alone takes a minute."""
PLACE = re.compile(r"(?:ray://)?\[?([^\[\]/]+?)\]?:(\d{1,5})")
"""Host and port of an address."""


def main(pipe: str, address: str, most: str) -> None:
    """Have shards measured on the cluster at `address` until the other end of the pipe closes.

    `most` is the largest number of actors, 0 for as many as there are devices.
    """
    from analysis.processes.pipe import open_connection

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection = open_connection(pipe)
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        last = _serve(connection, address, int(most))
        if last is not None:
            connection.send(last)
    # Ray's own farewell may wait for a cluster that is gone; actors end with their driver.
    os._exit(0)


def _serve(connection: Connection, address: str, most: int) -> Any:
    plan = connection.recv()
    try:
        import ray
    except ImportError:
        return ("failed", Fault("study-no-ray"))
    why = _connected(ray, address)
    if why:
        return ("failed", Fault("study-no-cluster", (address, why)))
    try:
        return _measure(connection, plan, address, most, _head(ray, address))
    except (ray.exceptions.RayError, ConnectionError, RuntimeError, TimeoutError) as error:
        if isinstance(error, BrokenPipeError | ConnectionResetError):
            raise
        return ("failed", Fault("study-cluster-lost"))


def _connected(ray: Any, address: str) -> str:
    """Connect; why that cannot be, or "". Ray itself tries for minutes where nobody answers."""
    found = PLACE.fullmatch(address)
    if found is not None and not _answers((found[1], int(found[2]))):
        return "nobody answers there"
    failed: list[str] = []

    def connect() -> None:
        try:
            _connect(ray, address)
        except Exception as error:  # noqa: BLE001 - Ray raises many kinds, and all mean this
            words = str(error).strip().splitlines() or [type(error).__name__]
            failed.append(words[0].rstrip("."))

    trying = threading.Thread(target=connect, daemon=True)
    trying.start()
    trying.join(NOBODY)
    return failed[0] if failed else "no answer in a minute" if trying.is_alive() else ""


def _connect(ray: Any, address: str) -> None:
    """The nodes are sent our own package, so that all run the same; they need what it imports."""
    package = Path(__file__).resolve().parents[3]
    ray.init(
        address=address,
        runtime_env={"py_modules": [str(package)]},
        log_to_driver=False,
        logging_level="ERROR",
    )


def _head(ray: Any, address: str) -> tuple[str, int] | None:
    """Where the head listens; None where only a proxy of it is known."""
    if address.startswith("ray://"):
        return None
    host, _, port = ray.get_runtime_context().gcs_address.rpartition(":")
    return host, int(port)


def _measure(
    connection: Connection, plan: Any, address: str, most: int, head: tuple[str, int] | None
) -> Any:
    from analysis.study.runners.cluster.actors import Actors

    actors = Actors(plan, most)
    try:
        return _turns(connection, actors, address, head)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        actors.close()
        return None


def _turns(
    connection: Connection, actors: Any, address: str, head: tuple[str, int] | None
) -> tuple[str, Fault]:
    """Pass messages on until there is a last one. Raises EOFError where nobody hears any more."""
    looked = alone = time.monotonic()
    missed = 0
    while True:
        while connection.poll():
            message = connection.recv()
            if message == "stop":
                actors.stop()
            else:
                actors.give(message[1], message[2])
        for told in actors.turn(TURN):
            if told[0] == "failed" and told[1].code == "study-no-cluster":
                return ("failed", Fault("study-no-cluster", (address, told[1].numbers[1])))
            connection.send(told)
        now = time.monotonic()
        if actors.room:
            alone = now
        elif now - alone > STARTED:
            return ("failed", Fault("study-no-cluster", (address, "no worker starts")))
        if head is not None and now - looked > PULSE:
            looked, missed = now, 0 if _answers(head) else missed + 1
            if missed >= MISSED:
                return ("failed", Fault("study-cluster-lost"))


def _answers(head: tuple[str, int]) -> bool:
    try:
        with socket.create_connection(head, timeout=PULSE):
            return True
    except OSError:
        return False
