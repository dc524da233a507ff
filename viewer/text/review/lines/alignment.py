"""The lines of the findings about places."""

from __future__ import annotations

from collections.abc import Mapping

from viewer.text.review.lines.pair import Lines
from viewer.text.translation import mark

LINES: Mapping[str, Lines] = {
    "centre-off": Lines(
        mark("{layers} lies {pixels} px beside its place on average."),
        mark(
            "A mask comes out moved by that: strides with odd kernels do it. "
            "Even kernels at the strides, or pooling as wide as its stride, keep it in place."
        ),
    ),
    "centre-off crop": Lines(
        mark("{layers} lies {pixels} px beside its place on average."),
        mark(
            "A mask comes out moved by that: a crop takes more off one side. "
            "The same off both sides keeps it in place."
        ),
    ),
    "centre-off padding": Lines(
        mark("{layers} lies {pixels} px beside its place on average."),
        mark(
            "A mask comes out moved by that: padding is unlike on the two sides. "
            "Odd kernels, padded alike on both sides, keep it in place."
        ),
    ),
    "centre-off roll": Lines(
        mark("{layers} lies {pixels} px beside its place on average."),
        mark(
            "A mask comes out moved by that: a map is rolled and not rolled back. "
            "The same roll the other way keeps it in place."
        ),
    ),
    "centre-off up": Lines(
        mark("{layers} lies {pixels} px beside its place on average."),
        mark(
            "A mask comes out moved by that: a map is made larger to one side. A transposed "
            "kernel of stride + 2 · padding, without output padding, keeps it in place."
        ),
    ),
    "centre-off resize": Lines(
        mark("{layers} lies {pixels} px beside its place on average."),
        mark(
            "A mask comes out moved by that: a map is interpolated to one side. "
            "A whole factor, or linear interpolation to a size, keeps it in place."
        ),
    ),
    "centre-off drop": Lines(
        mark("{layers} lies {pixels} px beside its place on average."),
        mark(
            "A mask comes out moved by that: rows at the end go unread, and the map covers the "
            "rest. An input size that divides keeps it in place."
        ),
    ),
    "centre-off border": Lines(
        mark("{layers} lies in place in the middle and {at_border} px off at the border."),
        mark(
            "The picture is stretched by that. "
            "Interpolation without aligned corners fits what pooling and strides do."
        ),
    ),
    "join-misaligned": Lines(
        mark("{layers}: the maps joined here lie {pixels} input px apart on average."),
        mark(
            "Edges from the skip and from below do not meet. "
            "Even kernels at the strides, or max pooling, put them on each other."
        ),
    ),
    "join-misaligned crop": Lines(
        mark("{layers}: the maps joined here lie {pixels} input px apart on average."),
        mark(
            "Edges from the skip and from below do not meet: a crop takes more off one side. "
            "The same off both sides puts them on each other."
        ),
    ),
    "join-misaligned padding": Lines(
        mark("{layers}: the maps joined here lie {pixels} input px apart on average."),
        mark(
            "Edges from the skip and from below do not meet: padding is unlike on the two sides. "
            "Padding alike puts them on each other."
        ),
    ),
    "join-misaligned roll": Lines(
        mark("{layers}: the maps joined here lie {pixels} input px apart on average."),
        mark(
            "Edges from the skip and from below do not meet: one map is rolled and not rolled "
            "back. The same roll the other way puts them on each other."
        ),
    ),
    "join-misaligned up": Lines(
        mark("{layers}: the maps joined here lie {pixels} input px apart on average."),
        mark(
            "Edges from the skip and from below do not meet: a map is made larger to one side. A "
            "transposed kernel of stride + 2 · padding, without output padding, meets the skip."
        ),
    ),
    "join-misaligned resize": Lines(
        mark("{layers}: the maps joined here lie {pixels} input px apart on average."),
        mark(
            "Edges from the skip and from below do not meet: a map is interpolated to one side. "
            "A whole factor, or linear interpolation to a size, puts them on each other."
        ),
    ),
    "join-misaligned drop": Lines(
        mark("{layers}: the maps joined here lie {pixels} input px apart on average."),
        mark(
            "Edges from the skip and from below do not meet: rows at the end went unread on one "
            "way. An input size that divides puts them on each other."
        ),
    ),
    "join-misaligned border": Lines(
        mark("{layers}: the maps joined here lie up to {at_border} input px apart at the border."),
        mark(
            "Aligned corners stretch what pooling had halved. "
            "Interpolation without aligned corners puts them on each other everywhere."
        ),
    ),
    "padding-asymmetric": Lines(
        mark("{layers} is padded by {before} before and {after} behind, for a kernel of {kernel}."),
        mark(
            "Its map moves by {pixels} input px. An odd kernel can be padded alike on both sides."
        ),
    ),
    "padding-asymmetric several": Lines(
        mark(
            "{layers}: {count} layers are padded more on one side, as {before} before and {after} "
            "behind for a kernel of {kernel}."
        ),
        mark(
            "Each moves its map, by up to {pixels} input px. "
            "Odd kernels can be padded alike on both sides."
        ),
    ),
    "size-drops-rows": Lines(
        mark("At {size} px {unread} not read: {layers}."),
        mark(
            "These layers do not look at what stands there, and enlarging by the same factor comes "
            "out smaller. Choose a size that divides."
        ),
    ),
    "size-drops-rows works": Lines(
        mark("At {size} px {unread} not read: {layers}."),
        mark(
            "These layers do not look at what stands there, and enlarging by the same factor comes "
            "out smaller. An input of {works} px drops nothing."
        ),
    ),
}
