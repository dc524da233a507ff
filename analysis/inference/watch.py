"""Callbacks of a run: whether it is cancelled, and how far it has come."""

from __future__ import annotations

from collections.abc import Callable

from analysis.inference.protocol.progress import Stage
from analysis.network import Cancelled

Cancel = Callable[[], bool]
ReportProgress = Callable[[Stage, int, int], None]
"""Called with (stage, done, total) before each step of a stage."""


class Watch:
    """Asks between two steps whether the run is cancelled, and reports its progress."""

    def __init__(
        self, cancelled: Cancel | None = None, report: ReportProgress | None = None
    ) -> None:
        self._cancelled = cancelled
        self._report = report

    def counting(self, stage: Stage, total: int) -> Cancel:
        """A function to call before each of `total` steps; True is to give up."""
        done = -1

        def cancelled() -> bool:
            nonlocal done
            done += 1
            if self._report is not None:
                self._report(stage, min(done, total), total)
            return self._cancelled is not None and self._cancelled()

        return cancelled

    def raising(self, stage: Stage, total: int) -> Callable[[], None]:
        """The same for code without a return path for cancelling: it raises Cancelled."""
        cancelled = self.counting(stage, total)

        def check() -> None:
            if cancelled():
                raise Cancelled

        return check
