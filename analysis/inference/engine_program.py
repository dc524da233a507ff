"""The program of the engine's process, run by `analysis.processes.program`."""

from __future__ import annotations


def main(pipe: str, ring: str, device: str, precision: str) -> None:
    """Serve the process that holds the other end of the pipe until it ends.

    `pipe` is the handle of a connection, `ring` that of the shared memory, or "-".
    """
    from analysis.inference import service
    from analysis.inference.transport import Ring
    from analysis.processes.pipe import open_connection

    shared = Ring.attach(ring) if ring != "-" else None
    service.main(open_connection(pipe), shared, device, precision)
