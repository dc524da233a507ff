"""The table of image sources. A new one is a file beside this one and a row here.

The image panel, the menu Image and the command palette read the rows.
"""

from __future__ import annotations

from viewer.files.image_sources.camera import CAMERA
from viewer.files.image_sources.clipboard import CLIPBOARD
from viewer.files.image_sources.contract import ImageSourceRow
from viewer.files.image_sources.drawn import DRAWN
from viewer.files.image_sources.file import FILE
from viewer.files.image_sources.folder import FOLDER
from viewer.files.image_sources.samples import SAMPLES

IMAGE_SOURCES: tuple[ImageSourceRow, ...] = (FILE, FOLDER, CLIPBOARD, CAMERA, DRAWN, SAMPLES)
"""In the order of the menu."""
