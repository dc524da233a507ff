"""Sentences about pictures, volumes and targets that cannot be read, or not be compared."""

from __future__ import annotations

from collections.abc import Mapping

from viewer.text.translation import mark

SENTENCES: Mapping[str, str] = {
    "image-unreadable": mark("The image {file} cannot be read. Check its permissions."),
    "image-format": mark(
        "{file} is no image. PNG, JPEG, TIFF, BMP, WebP, GIF, NIfTI, .npy, .npz and DICOM work."
    ),
    "image-needs-package": mark(
        "{file} needs the package {package}, which is not here: pip install {package} brings it."
    ),
    "image-corrupt": mark("The image {file} is damaged or cut off."),
    "image-memory": mark(
        "The image has {width} × {height} px and takes {bytes_needed} to decode; "
        "{bytes_available} are free. Save it as TIFF or PNG, or make it smaller."
    ),
    "image-no-page": mark("{file} has {pages} pages and no page {page}."),
    "target-other-axes": mark(
        "The output has {axes} axes and the target {target_axes}, so they cannot be compared."
    ),
    "target-other-size": mark(
        "The volume has {slices} slices and its target {target_slices}; they must be as many."
    ),
    "volume-no-array": mark(
        "{file} holds no array of numbers with two to four axes: height × width, depth × height × "
        "width, or channels before them."
    ),
    "volume-no-channel": mark("{file} has {channels} channels and no channel {channel}."),
    "volume-too-large": mark(
        "{file} takes {bytes_needed} to read; {bytes_available} are free. Cut a part out of it."
    ),
    "volume-uneven-pages": mark(
        "The pages of {file} have different sizes, so they make no volume. A network with two axes "
        "takes one page."
    ),
    "image-too-large": mark(
        "The image has {width} × {height} px; at most {most_pixels} px work. Make it smaller first."
    ),
}
