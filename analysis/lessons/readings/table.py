"""The table of readings by their name, and how one is read of a state."""

from __future__ import annotations

import difflib

from analysis.faults import Fault
from analysis.lessons.lesson import Reading
from analysis.lessons.readings import arithmetic, network, screen, training
from analysis.lessons.readings.contract import ReadingRow, Value
from analysis.lessons.state import LessonState

READINGS: dict[str, ReadingRow] = {
    row.name: row for row in (*arithmetic.ROWS, *network.ROWS, *screen.ROWS, *training.ROWS)
}


def parse_reading(text: str) -> Reading | Fault:
    """A reading as a lesson writes it: `field enc2`."""
    name, *arguments = text.split() or [""]
    row = READINGS.get(name)
    if row is None:
        near = difflib.get_close_matches(name, READINGS, n=1, cutoff=0.0)
        return Fault("lesson-unknown-reading", (name, near[0] if near else ""))
    if len(arguments) != row.arguments:
        return Fault("lesson-reading-words", (name, len(arguments), row.arguments))
    return Reading(name, tuple(arguments))


def read(reading: Reading, state: LessonState) -> Value:
    """What a reading says now; None where there is nothing to read."""
    return READINGS[reading.name].read(state, *reading.arguments)
