"""The table of all faults: codes with the names of their numbers in order; a file a subject.

Axes count from 0, the first spatial one; a number called `nearest …` is a setting that works.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.faults.arithmetic import ARITHMETIC
from analysis.faults.documents import DOCUMENTS
from analysis.faults.layers import LAYERS
from analysis.faults.lessons import LESSONS
from analysis.faults.models import MODELS
from analysis.faults.pictures import PICTURES
from analysis.faults.running import RUNNING
from analysis.faults.training import TRAINING

FAULTS: dict[str, tuple[str, ...]] = {
    **LAYERS,
    **ARITHMETIC,
    **DOCUMENTS,
    **PICTURES,
    **RUNNING,
    **LESSONS,
    **TRAINING,
    **MODELS,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, as a value: a code and the numbers a sentence about it needs.

    `FAULTS` lists every code; the sentences live where they are shown (`viewer.text.translation`).
    """

    code: str
    numbers: tuple[int | float | str | tuple[int, ...], ...] = ()
