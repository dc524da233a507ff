"""Writes a remark on standard error about work that goes on all the same."""

from __future__ import annotations

import contextlib
import sys


def note(line: str) -> None:
    """Write one line, as refusals are written; who reads the answer is not disturbed."""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"fieldglass: {' '.join(line.split())}\n")
