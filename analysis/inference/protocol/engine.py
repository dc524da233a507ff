"""Messages about the engine itself, and the types of all messages in both directions."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.faults import Fault
from analysis.inference.protocol.progress import Progress
from analysis.inference.protocol.question import Question, Reply
from analysis.inference.protocol.runs import Frame, RunRequest

TOLERANCE = 4e-3
"""Largest difference a shorter format may make, relative to the largest value: one grey level."""


@dataclass(frozen=True, slots=True)
class EngineReady:
    """The engine has loaded torch and waits for work."""

    device: str
    threads: int
    precision: str
    devices: tuple[tuple[str, str], ...] = ()
    """Every device that torch can use here: what it calls it, and the maker's name for it."""
    formats: tuple[str, ...] = ("float32",)
    """The number formats that the device runs."""
    fault: Fault | None = None
    """Why it is not the device that was asked for: `device-missing` or `device-failed`."""


@dataclass(frozen=True, slots=True)
class EngineFailure:
    """Why a request has no answer. `fault` holds code and numbers, `details` the traceback.

    Codes: `image-*` (the image cannot be read), `out-of-memory` (needed, available bytes),
    `weights-unreadable` (path), `graph-cannot-run` (node id, its fault's code), `engine-*` (of
    the process itself: it ended, or does not answer), `engine-error` (type of the exception),
    `device-failed` (device, what it said), `effective-no-map` (node id), `effective-no-unit`
    (node id, unit, size), `numbers-*` (as in `analysis.faults`). `asked` is the question about a
    run that has no reply, None where it is the run itself.
    """

    fault: Fault
    details: str = ""
    revision: int | None = None
    slot: str | None = None
    structure: str | None = None
    asked: Question | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """Cancels the slot's running or waiting run, or this question alone: it has no answer then."""

    slot: str
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class UseDevice:
    """Goes on with an engine on another device or in another number format.

    Its answer is EngineReady. What was asked before has no answer: it is to be asked again.
    """

    device: str
    precision: str


Request = RunRequest | Question


Answer = Frame | Reply | Progress | EngineReady | EngineFailure
