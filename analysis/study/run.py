"""A whole study: what is there already is continued, the rest measured and kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from analysis.faults import Fault
from analysis.inference.image_file.formats import ImageError
from analysis.inference.source_file import read_image
from analysis.storage.image_reading import ImageReading
from analysis.study.data_set import StudyData, StudyImage
from analysis.study.measuring.ready import WorkerReady
from analysis.study.plan import StudyPlan
from analysis.study.runners.pool import Crew, Pool
from analysis.study.shard import Shard
from analysis.study.store import StudyStore


@dataclass(frozen=True)
class StudyResult:
    """What a study has measured so far. `of` is how many images there are to measure.

    `fault` says why it broke off, where it did and was not stopped.
    """

    total: Shard
    skipped: dict[str, Fault]
    of: int
    fault: Fault | None = None

    @property
    def images(self) -> int:
        """How many are measured."""
        return len(self.total.names)

    @property
    def is_complete(self) -> bool:
        """Whether every image is measured, or cannot be."""
        return self.images + len(self.skipped) >= self.of


class Listeners(Protocol):
    """Hear how a study goes on, and may stop it."""

    def begun(self, done: int, of: int) -> None:
        """So many images are measured already, of so many."""

    def tell(self, done: int) -> None:
        """So many are measured now."""

    def ready(self, ready: WorkerReady) -> None:
        """A worker has run its first image."""

    def stop(self) -> bool:
        """Whether to finish the images at hand and leave the rest; asked all the time."""


def first_readable(data: StudyData, reading: ImageReading) -> StudyImage | Fault:
    """The first image that can be read, else why the first cannot."""
    why: Fault | None = None
    for image in data.images:
        try:
            read_image(image.path, reading)
        except ImageError as error:
            why = why or error.fault
        else:
            return image
    return why or next(
        iter(data.without_target.values()), Fault("data-empty-folder", (str(data.folder),))
    )


def study(
    plan: StudyPlan,
    data: StudyData,
    folder: Path,
    crew: Callable[[int], Crew],
    listeners: Listeners,
) -> StudyResult | Fault:
    """Measure what is not in `folder` yet; `crew(images)` starts those who measure so many.

    A fault where another study, or another program, has the folder. Raises OSError where it
    cannot be written; what was kept before stays.
    """
    with StudyStore(folder, plan.fingerprint()) as store:
        fault = store.open(data.images)
        if fault is not None:
            return fault
        done = store.done()
        todo = [image for image in data.images if image.name not in done]
        of = len(data.images) + len(data.without_target)
        listeners.begun(len(done), len(data.images))
        broken = None
        if todo:
            pool = Pool(
                crew(len(todo)),
                todo,
                store.add,
                lambda count: listeners.tell(len(done) + count),
                listeners.ready,
            )
            broken = pool.run(listeners.stop)
        skipped = {**data.without_target, **store.skipped(data.images)}
        result = StudyResult(store.total, skipped, of, broken)
        if result.is_complete:
            store.close()
        return result
