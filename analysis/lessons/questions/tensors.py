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
    return Drawn(named, np.broadcast_to(0, shape).size, " · ".join(map(str, shape)))


def _view(random: Random) -> Drawn:
    """What −1 stands for in a view whose rows are those of the map."""
    shape = (random.randint(2, 6), random.randint(2, 8), random.randint(2, 8))
    rows = np.broadcast_to(0, shape).reshape(-1, shape[2])
    named = dict(zip(("channels", "height", "width"), shape, strict=True))
    way = "{channels} · {height} · {width} / {width}".format_map(named)
    return Drawn(named, rows.shape[0], way)


def _linspace(random: Random) -> Drawn:
    """One of some evenly spaced numbers, whole ones."""
    count, step = random.randint(4, 11), random.randint(2, 9)
    end, place = step * (count - 1), random.randint(2, count - 1)
    found = np.linspace(0, end, count)
    numbers = {"end": end, "count": count, "place": place}
    way = "({place} − 1) · {end} / ({count} − 1)".format_map(numbers)
    return Drawn(numbers, round(found[place - 1]), way)


def _iterations(random: Random) -> Drawn:
    """How many batches some epochs take, the last of each perhaps a smaller one."""
    pictures, batch = random.randint(20, 400), random.choice((4, 8, 16, 32))
    epochs = random.randint(2, 5)
    portions = np.array_split(np.arange(pictures), range(batch, pictures, batch))
    numbers = {"pictures": pictures, "batch": batch, "epochs": epochs}
    way = "⌈{pictures} / {batch}⌉ · {epochs}".format_map(numbers)
    return Drawn(numbers, epochs * len(portions), way)


ROWS = (
    QuestionRow("tensor-numbers", ("batch", "channels", "height", "width"), _numbers),
    QuestionRow("iterations", ("pictures", "batch", "epochs"), _iterations),
    QuestionRow("view-size", ("channels", "height", "width"), _view),
    QuestionRow("linspace-number", ("end", "count", "place"), _linspace),
)
