"""Folders of small generated pictures for the tests of studies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from analysis.blueprints import BLUEPRINTS, parse
from analysis.faults import Fault
from analysis.graph import Graph


def picture(seed: int, side: int = 16) -> np.ndarray:
    """(side, side, 3) uint8: smooth colours with grain."""
    source = np.random.default_rng(seed)
    coarse = source.integers(0, 255, (4, 4, 3), np.uint8)
    smooth = np.asarray(Image.fromarray(coarse).resize((side, side), Image.Resampling.BICUBIC))
    grain = source.normal(0, 12, smooth.shape)
    return np.clip(smooth + grain, 0, 255).astype(np.uint8)


def folder_of(place: Path, count: int, targets: bool = False, side: int = 16) -> Path:
    """`place` with so many pictures, in images/ and targets/ if there are targets."""
    for at in range(count):
        pixels = picture(at, side)
        if targets:
            (place / "images").mkdir(parents=True, exist_ok=True)
            (place / "targets").mkdir(parents=True, exist_ok=True)
            clean = np.asarray(Image.fromarray(pixels).resize((side // 2,) * 2).resize((side,) * 2))
            Image.fromarray(clean).save(place / "targets" / f"p{at:02d}.png")
            Image.fromarray(pixels).save(place / "images" / f"p{at:02d}.png")
        else:
            place.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(place / f"p{at:02d}.png")
    return place


def network(called: str = "unet:depth=2,base=4,size=16,norm=none,out=3") -> Graph:
    """A small network by its name on the command line."""
    read = parse(called)
    assert not isinstance(read, Fault), read
    name, settings = read
    return BLUEPRINTS[name].build(settings)
