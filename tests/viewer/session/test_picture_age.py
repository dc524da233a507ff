"""When pictures count as old: behind what is set, for longer than a drag leaves them behind."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject

from viewer.session.picture_age import PictureAge


class Engine:
    """Says whether the newest frame is behind; a test sets it."""

    behind = False


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def age(engine: Engine, qapp: QObject) -> PictureAge:
    age = PictureAge(qapp, lambda: engine.behind)
    age.told = []
    age.changed.connect(age.told.append)
    yield age
    age.deleteLater()


def patience_ends(age: PictureAge) -> None:
    """What happens once the timer has run out, without waiting for it."""
    assert age.is_waiting
    age._timer.stop()
    age._timer.timeout.emit()


def test_a_picture_grows_old_after_a_while_and_not_at_once(age, engine):
    engine.behind = True
    age.look()
    assert not age.is_old
    patience_ends(age)
    assert age.is_old
    engine.behind = False
    age.frame_came()
    assert not age.is_old
    assert age.told == [True, False]


def test_frames_that_follow_a_drag_are_not_old_though_each_is_behind(age, engine):
    engine.behind = True
    for _ in range(5):
        age.look()
        age.frame_came()
    assert not age.is_old
    patience_ends(age)
    assert age.is_old


def test_a_slow_frame_of_a_state_that_was_left_stays_old(age, engine):
    engine.behind = True
    age.look()
    patience_ends(age)
    age.frame_came()
    assert age.is_old
    age.frame_came()  # right after the one before: now they follow
    assert not age.is_old


def test_going_back_to_what_is_shown_makes_it_current_without_a_frame(age, engine):
    engine.behind = True
    age.look()
    engine.behind = False
    age.look()
    assert not age.is_waiting
    assert not age.is_old
