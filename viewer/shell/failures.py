"""Says what went wrong: an exception that nobody caught, a picture the engine could not make."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QGuiApplication

from analysis.inference.protocol.engine import EngineFailure
from viewer.session import Live
from viewer.session.notifications import Choice, Notifications
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import tr


class Failures:
    """Posts the failures of one window; `again` asks the engine once more."""

    def __init__(self, notifications: Notifications, again: Callable[[], object]) -> None:
        self._notifications = notifications
        self._again = again

    def tell_exception(self, text: str) -> None:
        """Something failed that should not have; the window goes on."""
        self._notifications.post(tr("That did not work: {error}", error=text), "error")

    def follow(self, before: Live, after: Live) -> None:
        """Tell why there is no new picture, once for each failure of the engine."""
        news = (after.engine, after.failure) != (before.engine, before.failure)
        if news and after.engine == "failed" and after.failure is not None:
            self._tell(after.failure)

    def _tell(self, failure: EngineFailure) -> None:
        choices: list[Choice] = [(tr("Try again"), self._again)]
        if failure.details:
            copy = partial(QGuiApplication.clipboard().setText, failure.details)
            choices.append((tr("Copy details"), copy))
        self._notifications.post(fault_sentence(failure.fault), "error", tuple(choices))
