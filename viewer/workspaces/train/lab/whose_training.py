"""Asks whose network is to be trained where a lesson meets a training of the person's own."""

from __future__ import annotations

from collections.abc import Callable

from viewer.session import Session
from viewer.session.lesson_scene import LessonScene
from viewer.text.translation import tr


class WhoseTraining:
    """One question, answered by a button of a notice.

    An answer counts only while the lesson is where it was asked, and the training is the same:
    afterwards the notice is put away, and a button that is pressed all the same does nothing.
    """

    def __init__(self, session: Session, run: Callable[[], int]) -> None:
        self._session, self._run = session, run
        self._asked: tuple[int, int] | None = None
        self._said = ""

    def ask(self, mine: Callable[[], None], lessons: Callable[[], None]) -> None:
        """Ask; `mine` goes on with the person's training, `lessons` begins the lesson's."""
        self._asked = asked = self._now()
        self._said = tr("A training of your own is under way. The lesson's would take its place.")

        def answer(chosen: Callable[[], None]) -> Callable[[], None]:
            return lambda: self._take(asked, chosen)

        choices = (
            (tr("Train the lesson's network"), answer(lessons)),
            (tr("Go on with mine"), answer(mine)),
        )
        self._session.notifications.post(self._said, "warn", choices)

    def put_away_if_left(self) -> None:
        """Put the question away once another step of a lesson is shown, or none."""
        if self._asked is not None and self._asked != self._now():
            self._asked = None
            self._session.notifications.withdraw(self._said)

    def _take(self, asked: tuple[int, int], chosen: Callable[[], None]) -> None:
        if self._asked == asked == self._now():
            self._asked = None
            chosen()

    def _now(self) -> tuple[int, int]:
        """The step of the lesson and the training that are under way."""
        return self._session.live.part(LessonScene).number, self._run()
