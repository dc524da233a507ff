"""What is studied: the network with its weights and settings, as every worker is told it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analysis.facts import analyse
from analysis.graph import Graph
from analysis.graph.off_mode import OffMode
from analysis.storage.blobs import hash_file
from analysis.storage.image_reading import ImageReading
from analysis.storage.regular_file import open_regular
from analysis.study.data_set import StudyImage

VERSION = 2
"""Of what is measured of an image: rows of another version are not continued."""


@dataclass(frozen=True)
class StudyPlan:
    """A network and how it is run. `first` is the image that calibrates weights from the seed.

    `device` and `threads` (of one worker) say where, and change no answer.
    """

    graph: Graph
    folder: str
    first: StudyImage
    weights: str | None = None
    seed: int = 0
    gates: Mapping[str, float] = field(default_factory=dict)
    off: OffMode = "zero"
    reading: ImageReading = field(default_factory=ImageReading)
    device: str = "auto"
    threads: int | None = None

    def fingerprint(self) -> str:
        """What must be equal for parts of a study to belong together, as a hash.

        The first image is part of it where it makes some of the weights: another folder's, or a
        changed one, would calibrate another network. Raises OSError where the weights cannot be
        read.
        """
        weights = hash_file(Path(self.weights)) if self.weights is not None else None
        told = {
            "version": VERSION,
            "structure": self.graph.structure_hash,
            "folder": self.folder,
            "weights": weights,
            "first": [self.first.name, *self.first.identity] if self._is_calibrated() else None,
            "seed": self.seed,
            "gates": dict(sorted(self.gates.items())),
            "off": self.off,
            "reading": self.reading.to_plain(),
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    def _is_calibrated(self) -> bool:
        """Whether running statistics may come from the first image: of norms without weights."""
        tensors = analyse(self.graph).tensors.values()
        norms = [each for each in tensors if any(one.name == "running_mean" for one in each)]
        needed = {one.key: one.shape for each in norms for one in each}
        if self.weights is None:
            return bool(needed)
        return bool(needed) and not needed.items() <= _stored(Path(self.weights)).items()


def _stored(weights: Path) -> dict[str, tuple[int, ...]]:
    """Key → shape in a safetensors file; nothing of other files, which need PyTorch to be read."""
    from safetensors import SafetensorError, safe_open

    with open_regular(weights):
        pass  # what is no file is refused before it is opened by name
    try:
        with safe_open(weights, "numpy") as held:
            return {key: tuple(held.get_slice(key).get_shape()) for key in held.keys()}  # noqa: SIM118
    except SafetensorError:
        return {}
