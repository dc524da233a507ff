"""The options that say how an image file is read, and the image that a model is read for."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from analysis.storage.image_reading import CHANNEL_RULES, ChannelRule, ImageReading
from viewer.command_line.shared.refusal import Refusal

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

EXAMPLE = (3, 256, 256)
"""The shape in which an image decides for a model that decides by values."""


def add_image_options(parser: argparse.ArgumentParser) -> None:
    """How a file of several pages, slices or channels is read, and given to a network."""
    add_page_options(parser)
    parser.add_argument(
        "--channels",
        choices=CHANNEL_RULES,
        default="auto",
        help="what a network is given that takes another number of channels than the image has",
    )


def add_page_options(parser: argparse.ArgumentParser) -> None:
    """Which page, slice or channel of a file is read."""
    parser.add_argument("--page", metavar="N", type=int, default=0, help="page or slice, from 1 on")
    axes = "what slices of a volume lie along: 0 depth, 1 height, 2 width"
    parser.add_argument("--axis", type=int, choices=(0, 1, 2), default=0, help=axes)
    parser.add_argument(
        "--channel", metavar="N", type=int, default=0, help="one channel, from 1 on"
    )


def reading_of(asked: argparse.Namespace) -> ImageReading:
    """How `--page`, `--axis` and `--channel` say that the image is read."""
    page, axis, channel = (max(0, getattr(asked, name, 0)) for name in ("page", "axis", "channel"))
    mix: ChannelRule = getattr(asked, "channels", "auto")
    return ImageReading(page=page, axis=axis, channel=channel, mix=mix)


def example_picture(asked: argparse.Namespace) -> NDArray[float32] | None:
    """The `--image` as values in [0, 1], which decides for `--one-path`; None without. Raises
    Refusal.
    """
    path = getattr(asked, "image", None)
    if path is None or not asked.one_path:
        return None
    from analysis.inference.image_file.formats import ImageError
    from analysis.inference.network_input import as_input
    from analysis.inference.source_file import read_image

    try:
        return as_input(read_image(path, reading_of(asked), EXAMPLE[1:]), EXAMPLE)
    except ImageError as error:
        raise Refusal(error.fault) from error
