"""Reports failures as notices: uncaught exceptions, and requests the engine could not answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QGuiApplication

from analysis.faults import Fault
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.progress import Progress
from analysis.inference.protocol.runs import Frame
from viewer.session import Live
from viewer.session.notifications import Choice, Kind, Notifications
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import mark, tr


class Failures:
    """Posts the failures of one window; `again` asks the engine once more, `stop` gives up.

    Where memory runs out, `smaller(needed, available)` makes the input smaller, and `in_tiles` then
    runs the whole picture piece by piece.
    """

    def __init__(
        self,
        notifications: Notifications,
        again: Callable[[], object],
        stop: Callable[[], object],
        smaller: Callable[[int, int], bool] = lambda *_: False,
        in_tiles: Callable[[], object] = lambda: None,
    ) -> None:
        self._notifications = notifications
        self._again = again
        self._stop = stop
        self._smaller, self._in_tiles = smaller, in_tiles
        self._posted_fault: Fault | None = None

    def tell_exception(self, text: str) -> None:
        """Report an uncaught exception; the window goes on."""
        self._notifications.post(tr("That did not work: {error}", error=text), "error")

    def follow(self, before: Live, after: Live) -> None:
        """Report each failure of the engine once, and the progress of a long run.

        A later good picture takes the sentence back.
        """
        if after.failure != before.failure or after.engine != before.engine:
            if after.failure is not None and after.engine in ("failed", "loading"):
                self._post(after.failure, again=after.engine == "failed")
            elif after.failure is None and before.failure is not None:
                self._notifications.withdraw(fault_sentence(before.failure.fault))
        if after.progress != before.progress:
            self._post_progress(before.progress, after.progress)

    def follow_numbers(self, frame: Frame) -> None:
        """Report once where the weights or the output became NaN or infinite."""
        fault = frame.not_finite.fault if frame.not_finite is not None else None
        if fault is not None and fault != self._posted_fault:
            self._notifications.tell(lambda: fault_sentence(fault), "warn")
        self._posted_fault = fault

    def _post(self, failure: EngineFailure, again: bool) -> None:
        choices: list[Choice] = [(tr("Try again"), self._again)] if again else []
        if again and failure.fault.code == "out-of-memory":
            choices = [*self._ways_out(failure.fault), *choices]
        elif failure.details:
            copy = partial(QGuiApplication.clipboard().setText, failure.details)
            choices.append((tr("Copy details"), copy))
        kind: Kind = "error" if again else "warn"
        self._notifications.tell(lambda: fault_sentence(failure.fault), kind, tuple(choices))

    def _ways_out(self, fault: Fault) -> tuple[Choice, ...]:
        """What fits into the memory: the network at a smaller input, or the picture in tiles."""
        needed, available = (int(n) for n in fault.numbers[:2] if isinstance(n, int | float))

        def in_tiles() -> None:
            if self._smaller(needed, available):
                self._in_tiles()

        return (
            (tr("Smaller input"), lambda: self._smaller(needed, available)),
            (tr("In tiles"), in_tiles),
        )

    def _post_progress(self, before: Progress | None, after: Progress | None) -> None:
        if after is None:
            if before is not None:
                self._notifications.withdraw(_how_far(before))
            return
        self._notifications.post(_how_far(after), "busy", ((tr("Stop"), self._stop),))


def _how_far(progress: Progress) -> str:
    sentences = {
        "weights": mark("Making the weights: layer {done} of {total}"),
        "statistics": mark("Measuring the statistics of new weights: layer {done} of {total}"),
        "layers": mark("Running the network: layer {done} of {total}"),
    }
    return tr(sentences[progress.stage], done=progress.done, total=progress.total)
