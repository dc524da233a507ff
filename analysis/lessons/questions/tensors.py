"""Questions about tensors: how many numbers, another shape of them, evenly spaced ones, batches."""

from __future__ import annotations

from random import Random

import numpy as np

from analysis.lessons.questions.contract import Drawn, QuestionRow


def _numbers(random: Random) -> Drawn:
    """The numbers of a batch of feature maps."""
    size = random.choice((16, 32, 64))
    shape = (random.randint(1, 8), random.choice((1, 3, 8)), size, size)
    named = dict(zip(("batch", "channels", "height", "width"), shape, strict=True))
    return Drawn(named, np.broadcast_to(0, shape).size)


def _view(random: Random) -> Drawn:
    """What −1 stands for in a view whose rows are those of the map."""
    shape = (random.randint(2, 6), random.randint(2, 8), random.randint(2, 8))
    rows = np.broadcast_to(0, shape).reshape(-1, shape[2])
    return Drawn(dict(zip(("channels", "height", "width"), shape, strict=True)), rows.shape[0])


def _linspace(random: Random) -> Drawn:
    """One of some evenly spaced numbers, whole ones."""
    count, step = random.randint(4, 11), random.randint(2, 9)
    end, place = step * (count - 1), random.randint(2, count - 1)
    found = np.linspace(0, end, count)
    return Drawn({"end": end, "count": count, "place": place}, round(found[place - 1]))


def _iterations(random: Random) -> Drawn:
    """How many batches some epochs take, the last of each perhaps a smaller one."""
    pictures, batch = random.randint(20, 400), random.choice((4, 8, 16, 32))
    epochs = random.randint(1, 5)
    portions = np.array_split(np.arange(pictures), range(batch, pictures, batch))
    numbers = {"pictures": pictures, "batch": batch, "epochs": epochs}
    return Drawn(numbers, epochs * len(portions))


ROWS = (
    QuestionRow("tensor-numbers", ("batch", "channels", "height", "width"), _numbers),
    QuestionRow("iterations", ("pictures", "batch", "epochs"), _iterations),
    QuestionRow("view-size", ("channels", "height", "width"), _view),
    QuestionRow("linspace-number", ("end", "count", "place"), _linspace),
)
