"""Reports what the code of a trained auto-encoder is good for, on pictures that were held out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.codes.autoencoder import Autoencoder, Codes, Pictures
from analysis.codes.classifier import linear_classifier
from analysis.codes.compression import Compression, compression
from analysis.codes.projection import Projection, principal
from analysis.facts.code_layer import code_layer
from analysis.inference.image import to_channels
from analysis.training.datasets import DataSet, Example
from analysis.training.tasks import middle
from analysis.training.trainer import Trainer

NEAR = 0.1
"""What part of a code's largest number counts as near 0."""


@dataclass(frozen=True)
class CodeReport:
    """A twin's codes of the held-out pictures, with the names of their classes.

    `accuracy` is the share of held-out pictures that a linear classifier on the codes of the
    training pictures gets right, and the same on their pixels; None of fewer than two classes.
    """

    layer: str
    codes: Codes
    classes: tuple[str, ...]
    projection: Projection
    compression: Compression
    accuracy: tuple[float, float] | None

    @property
    def near_zero(self) -> float:
        """The share of the codes' numbers that are below a tenth of the largest, without signs."""
        sizes = np.abs(self.codes)
        return float((sizes <= NEAR * sizes.max()).mean())

    def plain(self) -> dict[str, Any]:
        """As JSON values; the points of the projection are rounded."""
        size = self.compression
        found: dict[str, Any] = {
            "layer": self.layer,
            "length": self.codes.shape[1],
            "near_zero": self.near_zero,
            "bytes": {"raw": size.raw_bytes, "code": size.code_bytes, "jpeg": size.jpeg_bytes},
            "psnr": {"code": size.psnr, "jpeg": size.jpeg_psnr},
            "jpeg_quality": size.jpeg_quality,
            "projection": {
                "shares": list(self.projection.shares),
                "points": np.round(self.projection.points, 4).tolist(),
                "classes": list(self.classes),
            },
        }
        if self.accuracy is not None:
            found["accuracy"] = {"codes": self.accuracy[0], "pixels": self.accuracy[1]}
        return found


def code_reports(
    trainers: Mapping[str, Trainer], data: DataSet, side: int
) -> dict[str, CodeReport]:
    """The report of each twin that has a code; none where no pictures were kept for it."""
    coded = {name: each for name, each in trainers.items() if code_layer(each.twin.facts)}
    if not coded or not data.tested:
        return {}
    source = next(iter(coded.values())).twin
    channels = source.facts.shapes[next(iter(source.graph.inputs)).id][0]
    kept = Kept.of(data, channels, side)
    return {name: report_of(trainer, kept) for name, trainer in coded.items()}


@dataclass(frozen=True)
class Kept:
    """The pictures that were learnt and those held out, with the numbers of their classes."""

    learnt: Pictures
    tested: Pictures
    wanted: tuple[NDArray[np.int64], NDArray[np.int64]] | None
    """None of fewer than two classes."""
    groups: tuple[str, ...]

    @classmethod
    def of(cls, data: DataSet, channels: int, side: int) -> Kept:
        names = sorted({each.group for each in data.training})
        known = len(names) > 1 and all(each.group in names for each in data.tested)
        wanted = (_numbers(data.training, names), _numbers(data.tested, names)) if known else None
        return cls(
            _pictures(data.training, channels, side),
            _pictures(data.tested, channels, side),
            wanted,
            tuple(each.group for each in data.tested),
        )

    @cached_property
    def on_pixels(self) -> float | None:
        """The accuracy on pixels: the same for every network."""
        return self.accuracy(_flat)

    def accuracy(self, features: Callable[[Pictures], NDArray[np.float32]]) -> float | None:
        """Of a linear classifier that learns on one part and is asked about the other."""
        if self.wanted is None:
            return None
        learnt, tested = self.wanted
        classes = int(learnt.max()) + 1
        found = linear_classifier(features(self.learnt), learnt, classes)
        return found.accuracy(features(self.tested), tested)


def report_of(trainer: Trainer, kept: Kept) -> CodeReport:
    """The report of one twin that has a code."""
    autoencoder = Autoencoder(trainer.network, trainer.twin.facts)
    codes = autoencoder.codes(kept.tested)
    on_codes, pixels = kept.accuracy(autoencoder.codes), kept.on_pixels
    return CodeReport(
        autoencoder.layer,
        codes,
        kept.groups,
        principal(codes),
        compression(autoencoder, kept.tested),
        None if on_codes is None or pixels is None else (on_codes, pixels),
    )


def _flat(pictures: Pictures) -> NDArray[np.float32]:
    return pictures.reshape(len(pictures), -1)


def _pictures(examples: Sequence[Example], channels: int, side: int) -> Pictures:
    return np.stack([middle(to_channels(each.pixels, channels), (side, side)) for each in examples])


def _numbers(examples: Sequence[Example], names: Sequence[str]) -> NDArray[np.int64]:
    return np.array([names.index(each.group) for each in examples])
