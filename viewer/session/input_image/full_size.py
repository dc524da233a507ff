"""What is known of the run on the whole picture, in tiles; it is never saved."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.faults import Fault
from analysis.inference.protocol.full_size import FullSize


@dataclass(frozen=True)
class FullSizeRun:
    """One run: its number (0 where there is none), its newest answer, why it failed.

    `is_saving` is that its output is on its way to a file. `of` is what the output depends on;
    where that has changed since, the result is an older one's.
    """

    job: int = 0
    is_running: bool = False
    is_saving: bool = False
    newest: FullSize | None = None
    fault: Fault | None = None
    of: tuple[object, ...] = ()
