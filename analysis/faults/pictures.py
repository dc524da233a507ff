"""Faults of pictures and volumes."""

from __future__ import annotations

PICTURES: dict[str, tuple[str, ...]] = {
    "image-corrupt": ("file",),
    "image-format": ("file",),
    "image-memory": ("width", "height", "bytes needed", "bytes available"),
    "image-needs-package": ("file", "package"),
    "image-no-page": ("file", "page", "pages"),
    "image-too-large": ("width", "height", "most pixels"),
    "image-unreadable": ("file",),
    "target-other-axes": ("axes", "target axes"),
    "target-other-size": ("slices", "target slices"),
    "volume-no-array": ("file",),
    "volume-no-channel": ("file", "channels", "channel"),
    "volume-too-large": ("file", "bytes needed", "bytes available"),
    "volume-uneven-pages": ("file",),
}
