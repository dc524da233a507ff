"""The lines of the findings about what the build does to the picture."""

from __future__ import annotations

from collections.abc import Mapping

from viewer.text.review.lines.pair import Lines
from viewer.text.translation import mark

LINES: Mapping[str, Lines] = {
    "uneven-overlap": Lines(
        mark(
            "{layers}: a kernel of {kernel} at stride {stride} writes outputs {least} to {most} "
            "times, a contrast of {contrast_percent} %."
        ),
        mark(
            "A constant map comes out as a checkerboard of that contrast, (most − least) / "
            "(most + least), until training has levelled it. "
            "A kernel that is a multiple of the stride writes all alike."
        ),
    ),
    "pixels-never-read": Lines(
        mark(
            "{percent} % of the map of {layers} is read by nothing: stride {stride}, kernel "
            "{kernel}."
        ),
        mark(
            "What was computed there is thrown away. "
            "A kernel as wide as the stride, or pooling, reads all."
        ),
    ),
    "dilation-gridding": Lines(
        mark("{layers} never reads {percent} % of the pixels inside its own field."),
        mark(
            "Dilated kernels look through a grid, and neighbours see different pixels. "
            "Rates without a common divisor, such as 1, 2, 3, fill the holes."
        ),
    ),
    "dilation-gridding some": Lines(
        mark(
            "{layers} never reads {percent} % of the pixels inside its own field, at the worst of "
            "the {units} units looked at; its fields repeat every {period}."
        ),
        mark(
            "Dilated kernels look through a grid, and neighbours see different pixels. "
            "Rates without a common divisor, such as 1, 2, 3, fill the holes."
        ),
    ),
    "padding-reaches-centre": Lines(
        mark(
            "All of the output depends on what is padded: its units see {fields} px, the image "
            "has {image}."
        ),
        mark(
            "Every value mixes in made-up border, and it differs from place to place. "
            "Larger images or fewer levels leave a middle that is free of it."
        ),
    ),
    "nearest-then-stride": Lines(
        mark(
            "{layers}: stride {stride}, kernel {kernel} over copies × {factor} reads some pixels "
            "{least} and others {most} times, a contrast of {contrast_percent} %."
        ),
        mark(
            "Equal pixels do not count equally, and a constant gradient comes back uneven. "
            "A kernel that is a multiple of the stride, without dilation, reads all alike."
        ),
    ),
    "nearest-then-stride copies": Lines(
        mark(
            "{layers}: at stride {stride}, all {taps} taps of the kernel read copies × {factor} of "
            "one and the same pixel."
        ),
        mark(
            "The kernel does what a 1 × 1 kernel does, and looks at no neighbour. "
            "Leave out the up-sampling, or let the kernel be wider than the copies."
        ),
    ),
}
