"""The commands of the menu Image: one for each source, then one for each picture to choose."""

from __future__ import annotations

from functools import partial

from viewer.files.image_sources import table
from viewer.session.command import Command, separator
from viewer.workspaces.services import Services


def image_rows(services: Services) -> tuple[Command, ...]:
    """The rows of the menu, in the order of the table of image sources."""
    opener, parent = services.opener, services.dialog_parent
    asked = [
        Command(f"image-{row.key}", row.title, partial(row.take, opener, parent), "image")
        for row in table.IMAGE_SOURCES
        if row.take is not None
    ]
    chosen = [
        Command(
            f"image-{row.key}-{sample.name}",
            sample.name,
            partial(opener.open_sample, str(sample.path)),
            "image",
        )
        for row in table.IMAGE_SOURCES
        for sample in row.samples()
    ]
    return (*asked, separator("image"), *chosen, separator("image"))
