"""Every rule of the review, in the order of `ORDER`, whatever imports them first.

Importing this module makes them known: the window shows findings, and loads no rule to do so.
"""

from analysis.review.alignment import (
    centre_off,
    join_misaligned,
    padding_asymmetric,
    size_drops_rows,
)
from analysis.review.artefacts import (
    dilation_gridding,
    nearest_then_stride,
    padding_reaches_centre,
    pixels_never_read,
    uneven_overlap,
)
from analysis.review.design import (
    activation_after_head,
    bias_before_norm,
    cannot_run,
    heavy_layer,
    join_unequal,
    linear_pair,
    narrow_bottleneck,
    norm_of_one_value,
)
from analysis.review.field import (
    below_object,
    covers_image,
    level_adds_nothing,
    spacing_ignored,
    tile_below_margin,
)
from analysis.review.live import (
    dead_channel,
    dominant_skip,
    duplicate_channel,
    field_barely_used,
    idle_skip,
    saturated_output,
    shift_sensitive,
)
from analysis.review.rule import RULES, Rule
from analysis.review.signal import (
    dead_relu,
    exploding,
    exploding_signal,
    vanishing,
    vanishing_signal,
)

ORDER = (
    "cannot-run",
    "field-below-object",
    "field-covers-image",
    "level-adds-nothing",
    "tile-below-margin",
    "spacing-ignored",
    "centre-off",
    "join-misaligned",
    "padding-asymmetric",
    "size-drops-rows",
    "uneven-overlap",
    "pixels-never-read",
    "dilation-gridding",
    "nearest-then-stride",
    "padding-reaches-centre",
    "narrow-bottleneck",
    "heavy-layer",
    "bias-before-norm",
    "linear-pair",
    "activation-after-head",
    "norm-of-one-value",
    "join-unequal",
    "vanishing-gradient",
    "exploding-gradient",
    "vanishing-signal",
    "exploding-signal",
    "dead-relu",
    "dead-channel",
    "duplicate-channel",
    "idle-skip",
    "dominant-skip",
    "saturated-output",
    "shift-sensitive",
    "field-barely-used",
)
"""The codes as the review tries them, and as `rules` of the command line's interface has them."""


def _put_in_order() -> None:
    """Raises ValueError where a rule has no place in `ORDER`, or a place no rule."""
    if {*ORDER} != {*RULES}:
        raise ValueError(f"not in ORDER and RULES alike: {sorted({*ORDER} ^ {*RULES})}")
    for code in ORDER:
        RULES[code] = RULES.pop(code)


_put_in_order()

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
