"""Makes pictures of what networks are given and what they answer, as a window shows them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.training.held_out import HeldOut, Judged, labels_of
from analysis.training.process.messages import MOST_SHOWN, Preview, Previews, Seen
from analysis.training.process.step_seen import Pixels
from analysis.training.run import TrainingRun
from analysis.training.tasks import IGNORED, held_out_input, strengths

MOST_PICTURES = 4
CLASS_COLOURS = np.array(
    [(32, 36, 43), (86, 180, 233), (230, 159, 0), (0, 158, 115), (240, 228, 66), (204, 121, 167)],
    np.uint8,
)
"""Ground, then classes, of Okabe and Ito's palette; further classes begin again."""
UNKNOWN = (128, 128, 128)


def previews(run: TrainingRun, number: int, seen: dict[str, dict[str, Judged]]) -> Previews:
    """The held-out pictures with what the twins made of them, by twin and picture."""
    sigma = strengths(run.recipe)[0]
    shown = []
    for name, picture in list(run.pictures.items())[:MOST_PICTURES]:
        answers = {
            twin: Seen(_answer(run, judged[name].output), judged[name].score)
            for twin, judged in list(seen.items())[:MOST_SHOWN]
        }
        given = colours(held_out_input(picture.clean, run.recipe, sigma))
        score = None if run.recipe.task == "segment" else picture.given_score(run.recipe, sigma)
        shown.append(Preview(name, given, score, _wanted(run, picture), answers))
    return Previews(number, run.step, run.seconds, tuple(shown))


def _answer(run: TrainingRun, output: NDArray[np.float32]) -> Pixels:
    if run.recipe.task == "segment":
        return class_colours(labels_of(output))
    return colours(output)


def _wanted(run: TrainingRun, picture: HeldOut) -> Pixels:
    if run.recipe.task == "segment" and picture.labels is not None:
        return class_colours(picture.labels)
    return colours(picture.clean)


def colours(values: NDArray[np.float32]) -> Pixels:
    """(channels, height, width), cut to [0, 1] → (height, width, 3): the first three, or one."""
    taken = values[:3] if len(values) >= 3 else np.repeat(values[:1], 3, 0)
    known = np.nan_to_num(taken, nan=0.0, posinf=1.0, neginf=0.0)
    levels = (np.clip(known, 0, 1) * 255 + 0.5).astype(np.uint8)
    return np.ascontiguousarray(levels.transpose(1, 2, 0))


def class_colours(labels: NDArray[Any]) -> Pixels:
    """A colour for each class of labels (height, width); grey where it is not known."""
    further = len(CLASS_COLOURS) - 1
    index = np.where(labels > 0, (labels - 1) % further + 1, 0)
    painted: Pixels = CLASS_COLOURS[index]
    painted[labels == IGNORED] = UNKNOWN
    return painted
