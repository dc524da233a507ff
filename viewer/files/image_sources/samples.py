"""The image source of sample pictures: a photograph of matplotlib, and those we drew."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from viewer.files.image_sources.contract import ImageSourceRow, Sample
from viewer.session.sample_document import photograph
from viewer.text.translation import mark

DRAWN = (
    ("cells.jpg", mark("cells")),
    ("page.png", mark("page")),
    ("relief.jpg", mark("relief")),
    ("shapes.png", mark("shapes")),
    ("waves.png", mark("waves")),
)


def samples() -> tuple[Sample, ...]:
    """Every sample whose file is there."""
    photo = photograph()
    found = [Sample(photo, mark("portrait"))] if photo is not None else []
    folder = files("assets").joinpath("samples")
    found += [Sample(Path(str(folder.joinpath(file))), name) for file, name in DRAWN]
    return tuple(sample for sample in found if sample.path.is_file())


SAMPLES = ImageSourceRow("samples", mark("Sample pictures"), samples=samples)
