"""The lines of the findings about how far the output sees."""

from __future__ import annotations

from collections.abc import Mapping

from viewer.text.review.lines.pair import Lines
from viewer.text.translation import mark

LINES: Mapping[str, Lines] = {
    "field-below-object": Lines(
        mark("The output sees {field} px at most; the object measures {object} px."),
        mark(
            "No unit sees a whole object, so it must be told by its parts. "
            "A level more or dilated kernels widen the field."
        ),
    ),
    "field-covers-image": Lines(
        mark("The input of {layers} sees {times} times the image of {image} px already."),
        mark(
            "Their kernels bring in no pixel that was not there, only padding. "
            "Fewer levels, or larger images, use them better."
        ),
    ),
    "field-covers-image one": Lines(
        mark("The input of {layers} sees {times} times the image of {image} px already."),
        mark(
            "Its kernel brings in no pixel that was not there, only padding. "
            "Fewer levels, or larger images, use it better."
        ),
    ),
    "level-adds-nothing": Lines(
        mark("What comes from below into {layers} sees no pixel that the skip does not see."),
        mark(
            "At {image} px these levels add work and no wider view. "
            "Fewer levels do the same, or larger images give them something to see."
        ),
    ),
    "tile-below-margin": Lines(
        mark("Every output unit sees up to {margin} px past itself; the input has {tile} px."),
        mark(
            "Used as a tile of a larger image, none of it would be free of its edges. "
            "Tiles whose sides are multiples of {period} px need {least} px or more for a part "
            "that is."
        ),
    ),
    "spacing-ignored": Lines(
        mark(
            "{layers}: kernels or pooling span several pixels of spacing {coarse} on one axis, as "
            "they do of spacing {fine} on another."
        ),
        mark(
            "Neighbouring slices have little to do with each other there. "
            "Kernels and pooling of 1 along that axis, until the steps are alike, fit the data."
        ),
    ),
}
