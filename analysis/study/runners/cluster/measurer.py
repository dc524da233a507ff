"""The actor of a study on a node of a cluster: it is sent files, and answers with shards."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.faults import Fault
from analysis.storage.regular_file import read_fault, read_regular
from analysis.study.data_set import StudyImage
from analysis.study.measuring.ready import WorkerReady
from analysis.study.plan import StudyPlan
from analysis.study.shard import Shard


@dataclass(frozen=True)
class SentImage:
    """An image with the content of its files: nodes need not share a disk."""

    image: StudyImage
    content: bytes = b""
    target: bytes | None = None
    fault: Fault | None = None
    """Why it could not be read here."""


def sent(image: StudyImage) -> SentImage:
    """The image with what is in its files now."""
    path = image.path
    try:
        content = read_regular(path)
        path = image.target or path
        return SentImage(image, content, read_regular(path) if image.target is not None else None)
    except OSError as error:
        return SentImage(image, fault=read_fault(error, path))


class Measurer:
    """The engine that a Ray actor runs in a process of a node; it is called on several threads."""

    def __init__(self, plan: StudyPlan, weights: bytes | None, first: SentImage) -> None:
        from analysis.study.measuring.worker import StudyWorker

        self._folder = Path(tempfile.mkdtemp(prefix="fieldglass-study-"))
        self._numbers = itertools.count()
        self._one_at_a_time = threading.Lock()
        self._stopped = threading.Event()
        kept = None
        if weights is not None:
            kept = str(self._folder / "weights.safetensors")
            Path(kept).write_bytes(weights)
        self._worker = StudyWorker(replace(plan, weights=kept, first=self._laid(first)))

    def start(self) -> WorkerReady | Fault:
        """Run the first image."""
        with self._one_at_a_time:
            return self._worker.start()

    def measure(self, images: Sequence[SentImage]) -> Shard:
        """The shard of these images; what is left of them after `stop` is not in it."""
        with self._one_at_a_time:
            if self._stopped.is_set():
                return Shard()
            whole = [each for each in images if each.fault is None]
            skipped = {each.image.name: each.fault for each in images if each.fault is not None}
            laid = [self._laid(each) for each in whole]
            try:
                found = self._worker.shard(laid, self._stopped.is_set)
            finally:
                for image in laid:
                    for path in (image.path, image.target):
                        if path is not None:
                            Path(path).unlink(missing_ok=True)
            return replace(found, skipped={**found.skipped, **skipped})

    def stop(self) -> None:
        """Finish the image at hand and leave the rest."""
        self._stopped.set()

    def close(self) -> None:
        """Delete its files."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _laid(self, each: SentImage) -> StudyImage:
        """The image in files of this node, each of a name of its own."""
        place = self._folder / f"{next(self._numbers)}{Path(each.image.path).suffix}"
        place.write_bytes(each.content)
        target = None
        if each.target is not None and each.image.target is not None:
            target = self._folder / f"{next(self._numbers)}{Path(each.image.target).suffix}"
            target.write_bytes(each.target)
        return replace(each.image, path=str(place), target=None if target is None else str(target))
