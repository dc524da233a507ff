"""Names the settings of a case, and explains each in a sentence."""

from __future__ import annotations

from viewer.text.translation import mark

SETTINGS = {
    "in_size": mark("Input i"),
    "kernel": mark("Kernel k"),
    "stride": mark("Stride s"),
    "padding": mark("Padding p"),
    "output_padding": mark("Output padding"),
    "dilation": mark("Dilation d"),
    "groups": mark("Groups"),
    "channels": mark("Channels"),
}
HINTS = {
    "in_size": mark("Input i: how many cells the input has along an axis."),
    "kernel": mark("Kernel k: how many cells the kernel has along an axis."),
    "stride": mark("Stride s: how many cells the kernel moves from one output cell to the next."),
    "padding": mark("Padding p: rows and columns of zeros around the input."),
    "output_padding": mark(
        "Output padding: rows and columns more, at the bottom and at the right only."
    ),
    "dilation": mark("Dilation d: gaps between the kernel's cells; 1 is without gaps."),
    "groups": mark("Groups: parts of the channels that are convolved each by itself."),
    "channels": mark("Channels: planes of the input → planes of the output."),
}
TURNED = {
    "in_size": mark("Input i′: how many cells go in along an axis; the i of the way back."),
    "stride": mark("Stride s: how many cells the stamped kernel moves from one input cell on."),
    "padding": mark("Padding p: rows and columns that are cropped from every side of the output."),
}
"""Hints of a transposed convolution that differ."""
LABEL, TIGHT = 96, 16
"""Pixels: of the names before the editors, and around the words of joined buttons."""
RANGES = {
    "in_size": (1, 128),
    "kernel": (1, 64),
    "stride": (1, 32),
    "padding": (0, 64),
    "output_padding": (0, 31),
    "dilation": (1, 32),
}
"""What can be typed: more than can be, so that the fault is seen."""
