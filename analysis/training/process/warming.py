"""Gets a training process ready for its first Start, which then has pictures half a second sooner.

What the first training of a process pays once is paid here: modules that are loaded late, and
memory that the system has not given yet.
"""

from __future__ import annotations

from contextlib import suppress

from analysis.blueprints import BLUEPRINTS, parse
from analysis.faults import Fault
from analysis.inference.image_file.formats import ImageError
from analysis.training.recipe import Recipe
from analysis.training.run import prepare

SMALLEST = Recipe(model="unet:depth=1,base=1", patch=16, batch=1, steps=1)


def warm_up() -> None:
    """Prepare the smallest training and let it go; photographs that cannot be read are no matter.

    Start says what is wrong with them, if it needs them.
    """
    read = parse(SMALLEST.model)
    assert not isinstance(read, Fault)
    with suppress(OSError, ImageError):
        prepare(SMALLEST, BLUEPRINTS[read[0]].build(read[1]), read)
