"""What is studied: the network with its weights and settings, as every worker is told it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analysis.graph import Graph
from analysis.graph.off_mode import OffMode
from analysis.storage.blobs import hash_file
from analysis.storage.image_reading import ImageReading
from analysis.study.data_set import StudyImage

VERSION = 1
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

        Raises OSError where the weights cannot be read.
        """
        weights = hash_file(Path(self.weights)) if self.weights is not None else None
        told = {
            "version": VERSION,
            "structure": self.graph.structure_hash,
            "folder": self.folder,
            "weights": weights,
            "seed": self.seed,
            "gates": dict(sorted(self.gates.items())),
            "off": self.off,
            "reading": self.reading.to_plain(),
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
