"""Lists the images of a study, with their targets: a folder, or `images/` and `targets/` in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.faults import Fault
from analysis.storage import path_check

IMAGES, TARGETS = "images", "targets"
Identity = tuple[int, int]
"""Bytes and time of the last change of a file: another identity is another image."""


@dataclass(frozen=True, slots=True)
class StudyImage:
    """One image: its name (its path below the folder), its file, its target's file if it has one.

    `identity` is of the image, then of the target; () where a file could not be asked.
    """

    name: str
    path: str
    target: str | None = None
    identity: tuple[int, ...] = ()


@dataclass(frozen=True)
class StudyData:
    """The images by name, and those that cannot be measured as they have no target."""

    folder: Path
    images: tuple[StudyImage, ...]
    has_targets: bool
    without_target: dict[str, Fault]


def find_images(folder: Path) -> StudyData | Fault:
    """What there is to study: `study-no-folder` or `data-empty-folder` where there is nothing.

    A target has the name of its image, or the same name with another ending.
    """
    if not path_check.is_folder(folder):
        return Fault("study-no-folder", (str(folder),))
    folder = folder.resolve()
    paired = all(path_check.is_folder(folder / each) for each in (IMAGES, TARGETS))
    place = folder / IMAGES if paired else folder
    files = list(_files(place))
    if not files:
        return Fault("data-empty-folder", (str(place),))
    if not paired:
        return StudyData(folder, tuple(_image(place, each, None) for each in files), False, {})
    targets = {_key(each, folder / TARGETS): each for each in _files(folder / TARGETS)}
    exact = {each.relative_to(folder / TARGETS): each for each in targets.values()}
    images, without = [], {}
    for each in files:
        found = exact.get(each.relative_to(place)) or targets.get(_key(each, place))
        if found is None:
            name = each.relative_to(place).as_posix()
            without[name] = Fault("data-no-mask", (name, str(folder / TARGETS)))
        else:
            images.append(_image(place, each, found))
    return StudyData(folder, tuple(images), True, without)


def _files(folder: Path) -> Iterator[Path]:
    """Files of the folder and those below it by name; hidden ones and linked folders are left."""
    for where, inner, names in os.walk(folder):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(where, name)


def _key(path: Path, folder: Path) -> str:
    return path.relative_to(folder).with_suffix("").as_posix()


def _image(folder: Path, path: Path, target: Path | None) -> StudyImage:
    identity = tuple(n for each in (path, target) if each is not None for n in _identity(each))
    name = path.relative_to(folder).as_posix()
    return StudyImage(name, str(path), None if target is None else str(target), identity)


def _identity(path: Path) -> Identity | tuple[()]:
    try:
        status = path.stat()
    except OSError:
        return ()
    return status.st_size, status.st_mtime_ns
