"""The pictures that are learnt from and those held out: photographs, generated cells, a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.faults import Fault
from analysis.inference.image_file.decoding import decode
from analysis.inference.image_file.formats import ImageError
from analysis.inference.target.labels import numbered, read_mask
from analysis.storage.image_reading import ImageReading
from analysis.training.cells import cell_picture

PHOTOGRAPHS, CELLS, DIGITS = "photographs", "cells", "digits"
HELD_SIDE = 256
"""Held-out pictures are at most so many pixels high and wide: their middle."""
EVERY_HELD = 5
"""Of a folder's pictures every fifth is held out."""
MOST_HELD = 8
MOST_BYTES = 1 << 29
CELL_PICTURES, CELL_HELD = 48, 4
DIGITS_LEARNT, DIGITS_TESTED = 60, 20
"""Pictures of each digit."""
IMAGE_FOLDERS, TARGET_FOLDERS = ("images", "image", "imgs"), ("masks", "targets", "labels", "mask")

Pixels = NDArray[Any]
"""(height, width, 3), uint8 or float32 in [0, 1]."""
Labels = NDArray[np.int32]


@dataclass(frozen=True)
class Example:
    """One picture with its name; `labels`, (height, width), where the data set has them.

    `group` is the sub-folder that it stands in: its class.
    """

    name: str
    pixels: Pixels
    labels: Labels | None = None
    group: str = ""


@dataclass(frozen=True)
class DataSet:
    """Pictures to learn from, others held out to measure, and what of a folder was left out.

    `often` holds how often a training picture is drawn in relation to the others. `tested` are
    more that are held out, each with its class, for what a code is kept for. `upright` pictures
    are learnt as they are, neither turned nor cut: a 6 is no 9.
    """

    training: tuple[Example, ...]
    held_out: tuple[Example, ...]
    skipped: dict[str, Fault] = field(default_factory=dict)
    often: tuple[float, ...] = ()
    source: str = ""
    tested: tuple[Example, ...] = ()
    upright: bool = False


def open_data(name: str, patch: int, labelled: bool, classes: int, seed: int) -> DataSet | Fault:
    """The data set of a recipe: `photographs`, `cells`, `digits` or the path of a folder.

    Pictures smaller than `patch` (pixels) are left out. With `labelled` each needs a mask, whose
    values become labels below `classes`.
    """
    if name == CELLS:
        return _cells(max(patch, HELD_SIDE), seed)
    if name == DIGITS and not labelled:
        return _digits(patch, seed)
    if name == PHOTOGRAPHS:
        found: DataSet | Fault = _photographs(patch)
    else:
        found = _folder(Path(name), labelled, classes, patch)
    if isinstance(found, Fault):
        return found
    if labelled and any(each.labels is None for each in found.training):
        return Fault("data-without-masks", (name,))
    return _large_enough(found, name, patch)


def _large_enough(found: DataSet, name: str, patch: int) -> DataSet | Fault:
    every = (*found.training, *found.held_out)
    small = {each.name: fault for each in every if (fault := _below(each, patch)) is not None}
    skipped, gone = {**found.skipped, **small}, set(small)
    often = found.often or (1.0,) * len(found.training)
    pairs = [(e, o) for e, o in zip(found.training, often, strict=True) if e.name not in gone]
    held = tuple(each for each in found.held_out if each.name not in gone)
    if not pairs or not held:
        below = sum(each.code == "data-below-patch" for each in skipped.values())
        if below:
            return Fault("data-all-below-patch", (name, below, patch))
        first = next(iter(skipped.items()), None)
        return Fault("data-too-few", (name, len(pairs) + len(held), first[0] if first else ""))
    return DataSet(
        tuple(e for e, _ in pairs), held, skipped, tuple(o for _, o in pairs), found.source
    )


def _below(example: Example, patch: int) -> Fault | None:
    """That a picture is smaller than the patch."""
    high, wide = example.pixels.shape[:2]
    if min(high, wide) >= patch:
        return None
    return Fault("data-below-patch", (f"{high} × {wide}", patch))


# ---------------------------------------------------------------------------- photographs


def _photographs(patch: int) -> DataSet:
    """Those of scikit-image where it is installed, else the samples that come with the program."""
    if find_spec("skimage") is not None:
        from analysis.training import photographs

        folder = photographs.folder()
        held = [f"{name}.png" for name in photographs.HELD_OUT]
        often = tuple(float(photographs.OFTEN.get(name, 1)) for name in photographs.TRAINING)
        return DataSet(
            tuple(Example(name, decode(folder / name)) for name in photographs.TRAINING),
            tuple(_kept(Example(name, decode(folder / name)), patch) for name in held),
            often=often,
            source="scikit-image",
        )
    samples = sorted(
        entry.name
        for entry in files("assets").joinpath("samples").iterdir()
        if entry.name.endswith((".png", ".jpg"))
    )
    folder = Path(str(files("assets").joinpath("samples")))
    pictures = [Example(name, decode(folder / name)) for name in samples]
    held_names = ("relief.jpg", "shapes.png")
    return DataSet(
        tuple(each for each in pictures if each.name not in held_names),
        tuple(_kept(each, patch) for each in pictures if each.name in held_names),
        source="samples",
    )


def _kept(example: Example, patch: int) -> Example:
    """What is held out of a picture: its middle, which a patch still fits into."""
    return middle_of(example, max(patch, HELD_SIDE))


def middle_of(example: Example, most: int = HELD_SIDE) -> Example:
    """The middle of a picture, at most `most` × `most` pixels of it."""
    rows, columns = (
        slice((side - min(side, most)) // 2, (side - min(side, most)) // 2 + min(side, most))
        for side in example.pixels.shape[:2]
    )
    labels = None if example.labels is None else example.labels[rows, columns]
    return Example(example.name, example.pixels[rows, columns], labels, example.group)


# ---------------------------------------------------------------------------------- cells


def _cells(side: int, seed: int) -> DataSet:
    """Generated pictures with the true label of each pixel; equal seeds give equal pictures."""
    source = np.random.default_rng([seed, 0xCE11])
    made = [cell_picture(side, source) for _ in range(CELL_PICTURES + CELL_HELD)]
    examples = [
        Example(f"cells-{at:02d}", pixels, labels.astype(np.int32))
        for at, (pixels, labels) in enumerate(made)
    ]
    held = tuple(middle_of(each) for each in examples[:CELL_HELD])
    return DataSet(tuple(examples[CELL_HELD:]), held, source=CELLS)


def _digits(side: int, seed: int) -> DataSet:
    """Generated digits of that side, as many of each class, the class as their group."""
    from analysis.training.digits import CLASSES, digit_picture

    source = np.random.default_rng([seed, 0xD161])
    made = [
        Example(f"{digit}-{at:03d}", digit_picture(digit, side, source), group=digit)
        for at in range(DIGITS_LEARNT + DIGITS_TESTED)
        for digit in CLASSES
    ]
    tested, learnt = made[: DIGITS_TESTED * len(CLASSES)], made[DIGITS_TESTED * len(CLASSES) :]
    held = tuple(tested[:MOST_HELD])
    return DataSet(tuple(learnt), held, source=DIGITS, tested=tuple(tested), upright=True)


# --------------------------------------------------------------------------------- folder


def _folder(folder: Path, labelled: bool, classes: int, patch: int) -> DataSet | Fault:
    """A folder's pictures, sub-folders included; every fifth usable one, by name, is held out."""
    if not folder.is_dir():
        return Fault("data-no-folder", (str(folder),))
    images, masks = _parts(folder)
    if labelled and masks is None:
        return Fault("data-without-masks", (str(folder),))
    examples: list[Example] = []
    skipped: dict[str, Fault] = {}
    room = MOST_BYTES
    for path in _files(images):
        name = path.relative_to(images).as_posix()
        try:
            example = _example(path, name, masks if labelled else None, classes)
        except ImageError as error:
            skipped[name] = error.fault
            continue
        if (small := _below(example, patch)) is not None:
            skipped[name] = small
            continue
        room -= example.pixels.nbytes
        if room < 0:
            skipped[name] = Fault("data-too-much", (MOST_BYTES,))
            break
        examples.append(example)
    if not examples and not skipped:
        return Fault("data-empty-folder", (str(folder),))
    held = set(range(EVERY_HELD - 1, len(examples), EVERY_HELD)) or {len(examples) - 1}
    held = set(sorted(held)[:MOST_HELD])
    return DataSet(
        tuple(each for at, each in enumerate(examples) if at not in held),
        tuple(_kept(each, patch) for at, each in enumerate(examples) if at in held),
        skipped,
        source=str(folder),
    )


def _parts(folder: Path) -> tuple[Path, Path | None]:
    """Where the images lie and where the masks, if the folder has both as sub-folders."""
    below = {each.name.lower(): each for each in folder.iterdir() if each.is_dir()}
    images = next((below[name] for name in IMAGE_FOLDERS if name in below), None)
    masks = next((below[name] for name in TARGET_FOLDERS if name in below), None)
    return (images, masks) if images is not None and masks is not None else (folder, None)


def _files(folder: Path) -> Iterator[Path]:
    """Files of the folder and those below it by name, hidden ones and links to folders left out."""
    for where, inner, names in os.walk(folder):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(where, name)


def _example(path: Path, name: str, masks: Path | None, classes: int) -> Example:
    """Read a picture with its mask, which has the same name or stem. Raises ImageError."""
    pixels = decode(path)
    group = name.rpartition("/")[0]
    if masks is None:
        return Example(name, pixels, group=group)
    place = masks / group
    same = [place / path.name, *sorted(place.glob(f"{_escaped(path.stem)}.*"))]
    found = next((each for each in same if each.is_file()), None)
    if found is None:
        raise ImageError(Fault("data-no-mask", (name, str(masks))))
    mask = read_mask(found, ImageReading())
    if mask is None:
        raise ImageError(Fault("data-mask-is-picture", (found.name,)))
    if mask.shape[1:] != pixels.shape[:2]:
        sizes = [f"{s[0]} × {s[1]}" for s in (mask.shape[1:], pixels.shape[:2])]
        raise ImageError(Fault("data-mask-other-size", (found.name, *sizes)))
    labels = numbered(mask, classes)[0]
    most = int(labels.max())
    if most >= max(2, classes):
        raise ImageError(Fault("data-mask-too-many", (found.name, most + 1, classes)))
    return Example(name, pixels, labels, group)


def _escaped(stem: str) -> str:
    from glob import escape

    return escape(stem)
