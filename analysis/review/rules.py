"""Every rule of the review, in the order of their codes in the command line's interface.

Importing this module makes them known: the window shows findings, and loads no rule to do so.
"""

from analysis.review.design import cannot_run  # noqa: I001 - the order of the codes
from analysis.review.field import (
    below_object,
    covers_image,
    level_adds_nothing,
    tile_below_margin,
    spacing_ignored,
)
from analysis.review.alignment import (
    centre_off,
    join_misaligned,
    padding_asymmetric,
    size_drops_rows,
)
from analysis.review.artefacts import (
    uneven_overlap,
    pixels_never_read,
    dilation_gridding,
    nearest_then_stride,
    padding_reaches_centre,
)
from analysis.review.design import (
    narrow_bottleneck,
    heavy_layer,
    bias_before_norm,
    linear_pair,
    activation_after_head,
    norm_of_one_value,
    join_unequal,
)
from analysis.review.signal import (
    vanishing,
    exploding,
    vanishing_signal,
    exploding_signal,
    dead_relu,
)
from analysis.review.live import (
    dead_channel,
    duplicate_channel,
    idle_skip,
    dominant_skip,
    saturated_output,
    shift_sensitive,
    field_barely_used,
)
from analysis.review.rule import RULES, Rule

__all__ = [
    "RULES",
    "Rule",
    "activation_after_head",
    "below_object",
    "bias_before_norm",
    "cannot_run",
    "centre_off",
    "covers_image",
    "dead_channel",
    "dead_relu",
    "dilation_gridding",
    "dominant_skip",
    "duplicate_channel",
    "exploding",
    "exploding_signal",
    "field_barely_used",
    "heavy_layer",
    "idle_skip",
    "join_misaligned",
    "join_unequal",
    "level_adds_nothing",
    "linear_pair",
    "narrow_bottleneck",
    "nearest_then_stride",
    "norm_of_one_value",
    "padding_asymmetric",
    "padding_reaches_centre",
    "pixels_never_read",
    "saturated_output",
    "shift_sensitive",
    "size_drops_rows",
    "spacing_ignored",
    "tile_below_margin",
    "uneven_overlap",
    "vanishing",
    "vanishing_signal",
]
