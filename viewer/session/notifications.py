"""Notices to the user: any part of the program posts one, the window shows the newest.

What only warns, and the progress of work, waits behind a question until that is answered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Signal

from viewer.override_guard import Guarded

Kind = Literal["error", "warn", "question", "busy", "ok"]
Choice = tuple[str, Callable[[], object]]
"""The translated title of a button and what it does."""


@dataclass(frozen=True)
class Notification:
    """One translated sentence, of what kind it is, and the buttons that answer it."""

    text: str
    kind: Kind = "error"
    choices: tuple[Choice, ...] = ()
    words: Callable[[], str] | None = None
    """Says the sentence anew in the language in use, where it holds names or numbers."""
    patient: bool = False
    """Whether it waits until a question that stands has been answered."""


class Notifications(Guarded, QObject):
    """The notices of one window. They know nothing of who shows them.

    posted(Notification): show it in the place of the one before, a patient one not in the place of
    a question. settled(): something has worked,
    so that an older error no longer holds; a question stays. left(): another document is shown, and
    what was said of the one before no longer holds. dismissed(): put away what is shown.
    withdrawn(text): put it away where it is this sentence.
    """

    posted = Signal(object)
    settled = Signal()
    left = Signal()
    dismissed = Signal()
    withdrawn = Signal(str)

    _refusal = ""
    """Why the last gesture that was refused did nothing, while that may still be shown."""

    def post(
        self,
        text: str,
        kind: Kind = "error",
        choices: tuple[Choice, ...] = (),
        patient: bool = False,
    ) -> None:
        """Show a translated sentence with a button for each choice."""
        waits = patient or kind in ("warn", "busy")
        self.posted.emit(Notification(text, kind, choices, patient=waits))

    def tell(
        self,
        words: Callable[[], str],
        kind: Kind = "error",
        choices: tuple[Choice, ...] = (),
        patient: bool = False,
    ) -> None:
        """Show what `words` says, now and again when the language is switched."""
        waits = patient or kind in ("warn", "busy")
        self.posted.emit(Notification(words(), kind, choices, words, waits))

    def refuse(self, text: str, choices: tuple[Choice, ...] = ()) -> None:
        """Say why a gesture did nothing; put away once something else is done or selected."""
        self.post(text, "warn", choices)
        self._refusal = text

    def go_on(self) -> None:
        """Report that the person has gone on: a gesture refused before is told no more."""
        if self._refusal:
            text, self._refusal = self._refusal, ""
            self.withdraw(text)

    def settle(self) -> None:
        """Report that something has succeeded: an error shown before is put away."""
        self.settled.emit()

    def leave(self) -> None:
        """Report that another document is shown: what was said of the one before is put away."""
        self.left.emit()

    def dismiss(self) -> None:
        """Put away the notice that is shown."""
        self.dismissed.emit()

    def withdraw(self, text: str) -> None:
        """Put away the notice with this sentence; another one that is shown meanwhile stays."""
        self.withdrawn.emit(text)
