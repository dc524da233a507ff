"""The one place where image files are opened: six formats, told by their content.

No other format that Pillow knows is tried: one of them hands its file to another program.
"""

from __future__ import annotations

import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from analysis.faults import Fault
from analysis.storage.regular_file import NotRegularError, open_regular

FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF")
"""Pillow's names of the formats that are read."""
LIMIT_PIXELS = 200_000_000

BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    RuntimeError,
    ArithmeticError,
    struct.error,
    zlib.error,
)
"""What Pillow's decoders were seen to raise on damaged files."""

# Pillow's own guard raises without the size, and again when a part is cut out; LIMIT_PIXELS is
# asked of every file that is opened here.
Image.MAX_IMAGE_PIXELS = None


class ImageError(Exception):
    """An image that cannot be used. `fault` is one of

    `image-missing` (path), `image-unreadable` (path: no permission, a folder), `not-a-file`
    (path: a pipe or a device), `image-format` (path: none of FORMATS), `image-corrupt` (path),
    `image-too-large` (width, height, limit in pixels), `image-memory` (width, height, bytes
    needed, bytes available), `image-no-page` (path, page, pages).
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.code}: {fault.numbers}")
        self.fault = fault


_WARNINGS = threading.Lock()
"""What warnings are for is one setting of the whole process."""


def _header(file: BinaryIO) -> Image.Image:
    """The image with its header read. What Pillow remarks of damage is said when it matters."""
    with _WARNINGS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Image.open(file, formats=FORMATS)


@contextmanager
def opened(path: str | Path) -> Iterator[tuple[Image.Image, BinaryIO]]:
    """The image, its header read and no pixel yet, and the file it reads from.

    What is raised while it is used becomes an ImageError too.
    """
    name = str(path)
    size = (0, 0)
    try:
        with open_regular(path) as file, _header(file) as image:
            size = image.size
            if size[0] * size[1] > LIMIT_PIXELS:
                raise ImageError(Fault("image-too-large", (*size, LIMIT_PIXELS)))
            yield image, file
    except FileNotFoundError as error:
        raise ImageError(Fault("image-missing", (name,))) from error
    except UnidentifiedImageError as error:
        raise ImageError(Fault("image-format", (name,))) from error
    except NotRegularError as error:
        raise ImageError(Fault("not-a-file", (name,))) from error
    except (PermissionError, IsADirectoryError) as error:
        raise ImageError(Fault("image-unreadable", (name,))) from error
    except MemoryError as error:
        raise ImageError(Fault("image-too-large", (*size, LIMIT_PIXELS))) from error
    except BROKEN as error:
        raise ImageError(Fault("image-corrupt", (name,))) from error
