"""The two lines of every kind of finding: what is so; why it matters and what would do.

A finding of one code can be of several kinds, told apart by its numbers; each has its own lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from viewer.text.translation import mark


@dataclass(frozen=True, slots=True)
class Lines:
    """What is so, and why it matters with what would do."""

    what: str
    why: str


LINES: Mapping[str, Lines] = {
    "cannot-run": Lines(
        mark("{layers} cannot run: {fault}"),
        mark("What stands behind it is not computed, and the network gives no output."),
    ),
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
    "level-adds-nothing": Lines(
        mark("What comes from below into {layers} sees no pixel that the skip does not see."),
        mark(
            "At {image} px these levels add numbers and no view. "
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
            "{layers}: as many steps along the axis of spacing {coarse} as along that of {fine}."
        ),
        mark(
            "Neighbouring slices have little to do with each other there. "
            "Kernels and pooling of 1 along that axis, until the steps are alike, fit the data."
        ),
    ),
    "centre-off": Lines(
        mark("{layers} lies {pixels} px beside its place on the mean."),
        mark(
            "A mask comes out moved by that: strides with odd kernels do it. "
            "Even kernels at the strides, or pooling as wide as its stride, keep it in place."
        ),
    ),
    "centre-off crop": Lines(
        mark("{layers} lies {pixels} px beside its place on the mean."),
        mark(
            "A mask comes out moved by that: a crop takes more off one side. "
            "The same off both sides keeps it in place."
        ),
    ),
    "centre-off padding": Lines(
        mark("{layers} lies {pixels} px beside its place on the mean."),
        mark(
            "A mask comes out moved by that: padding is unlike on the two sides. "
            "Odd kernels, padded alike on both sides, keep it in place."
        ),
    ),
    "centre-off roll": Lines(
        mark("{layers} lies {pixels} px beside its place on the mean."),
        mark(
            "A mask comes out moved by that: a map is rolled and not rolled back. "
            "The same roll the other way keeps it in place."
        ),
    ),
    "centre-off up": Lines(
        mark("{layers} lies {pixels} px beside its place on the mean."),
        mark(
            "A mask comes out moved by that: a map is made larger to one side. A transposed "
            "kernel of stride + 2 · padding, without output padding, keeps it in place."
        ),
    ),
    "centre-off drop": Lines(
        mark("{layers} lies {pixels} px beside its place on the mean."),
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
        mark("{layers}: the maps joined here lie {pixels} input px apart on the mean."),
        mark(
            "Edges from the skip and from below do not meet. "
            "Even kernels at the strides, or max pooling, put them on each other."
        ),
    ),
    "join-misaligned crop": Lines(
        mark("{layers}: the maps joined here lie {pixels} input px apart on the mean."),
        mark(
            "Edges from the skip and from below do not meet: a crop takes more off one side. "
            "The same off both sides puts them on each other."
        ),
    ),
    "join-misaligned padding": Lines(
        mark("{layers}: the maps joined here lie {pixels} input px apart on the mean."),
        mark(
            "Edges from the skip and from below do not meet: padding is unlike on the two sides. "
            "Padding alike puts them on each other."
        ),
    ),
    "join-misaligned roll": Lines(
        mark("{layers}: the maps joined here lie {pixels} input px apart on the mean."),
        mark(
            "Edges from the skip and from below do not meet: one map is rolled and not rolled "
            "back. The same roll the other way puts them on each other."
        ),
    ),
    "join-misaligned up": Lines(
        mark("{layers}: the maps joined here lie {pixels} input px apart on the mean."),
        mark(
            "Edges from the skip and from below do not meet: a map is made larger to one side. A "
            "transposed kernel of stride + 2 · padding, without output padding, meets the skip."
        ),
    ),
    "join-misaligned drop": Lines(
        mark("{layers}: the maps joined here lie {pixels} input px apart on the mean."),
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
            "Its map moves by {pixels} input px. "
            "An odd kernel can be padded alike on both sides."
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
        mark("At {size} px the last rows go unread, up to {rows}: {layers}."),
        mark(
            "What stands there is not looked at, and the way up does not fit the skips. "
            "Choose a size that divides."
        ),
    ),
    "size-drops-rows works": Lines(
        mark("At {size} px the last rows go unread, up to {rows}: {layers}."),
        mark(
            "What stands there is not looked at, and the way up may not fit the skips. "
            "An input of {works} px drops nothing."
        ),
    ),
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
        mark("The output never reads {percent} % of the pixels inside its own field."),
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
    "narrow-bottleneck": Lines(
        mark(
            "Everything passes the {values} numbers of {layers}: {ratio} times fewer than the "
            "image has."
        ),
        mark(
            "Detail beyond that cannot come back, which an auto-encoder wants and a mask does not. "
            "A skip or more channels lets it through."
        ),
    ),
    "heavy-layer": Lines(
        mark("{layers} alone has {shares}."),
        mark(
            "Whatever is saved elsewhere counts for little. "
            "Fewer channels here, or a factorised kernel, change the total."
        ),
    ),
    "bias-before-norm": Lines(
        mark("{layers}: the normalisation behind takes the bias off again ({parameters} numbers)."),
        mark(
            "In training the bias has no effect at all and its gradient is zero. "
            "Without it the network learns the same."
        ),
    ),
    "linear-pair": Lines(
        mark("{layers}: two linear layers stand in a row with no activation between."),
        mark(
            "Together they can do no more than one layer with the larger kernel. "
            "An activation between them makes them two."
        ),
    ),
    "activation-after-head": Lines(
        mark("{layers}: the answer can only lie between {least} and {most}."),
        mark(
            "What stands before the last activation leaves it part of its range. "
            "Without it the whole range is open."
        ),
    ),
    "activation-after-head one": Lines(
        mark("{layers} is a softmax over one channel: it answers {value} whatever it is given."),
        mark(
            "Nothing can be learned through it. A sigmoid suits one channel, softmax two or "
            "more."
        ),
    ),
    "norm-of-one-value": Lines(
        mark("{layers} normalises over one single value, which has no spread."),
        mark(
            "PyTorch refuses, or the answer is the same for every picture. Put it at a larger "
            "map."
        ),
    ),
    "norm-of-one-value traced": Lines(
        mark(
            "{layers}: the normalisation at line {line} is given one single value, which has no "
            "spread."
        ),
        mark("PyTorch stops there, and the network gives no output. Put it at a larger map."),
    ),
    "norm-of-one-value batch": Lines(
        mark("{layers}: the normalisation has one pixel for each picture of the batch."),
        mark(
            "Training with a batch of one stops here with an error. "
            "Use larger batches, or leave the normalisation out at this layer."
        ),
    ),
    "join-unequal": Lines(
        mark("{layers} joins {narrow} channels with {wide}: {percent} % of what is read next."),
        mark(
            "The narrow side is easily drowned. "
            "A 1 × 1 convolution before the join brings both to similar widths."
        ),
    ),
    "vanishing-gradient": Lines(
        mark("At the start the gradient at {layers} is {times} times smaller than at the output."),
        mark(
            "The first layers hardly learn under this initialisation. "
            "Skips, normalisation or He initialisation keep it up."
        ),
    ),
    "vanishing-gradient skips": Lines(
        mark(
            "At the start the gradient at {layers} is {times} times smaller than at the output; "
            "with the skips cut, {without_skips} times."
        ),
        mark(
            "The first layers hardly learn under this initialisation. "
            "Normalisation or He initialisation keeps it up."
        ),
    ),
    "exploding-gradient": Lines(
        mark("At the start the gradient at {layers} is {times} times larger than at the output."),
        mark(
            "The first steps throw the weights about. "
            "Normalisation or a smaller initialisation keeps it down."
        ),
    ),
    "exploding-gradient skips": Lines(
        mark(
            "At the start the gradient at {layers} is {times} times larger than at the output; "
            "with the skips cut, {without_skips} times."
        ),
        mark(
            "The first steps throw the weights about. "
            "Normalisation or a smaller initialisation keeps it down."
        ),
    ),
    "dead-channel": Lines(
        mark("{layers}: {dead} of {channels} channels answer one constant value on this image."),
        mark(
            "They cost as much as the others and tell nothing here. "
            "If they stay so on other images, fewer channels do the same."
        ),
    ),
    "duplicate-channel": Lines(
        mark(
            "{layers}: {duplicates} of {channels} channels are nearly copies of others on this "
            "image."
        ),
        mark(
            "They repeat what is known. "
            "If they stay so on other images, fewer channels do the same."
        ),
    ),
    "idle-skip": Lines(
        mark("The skip into {layers} carries {percent} % of the output on this image."),
        mark(
            "The network does without it here. "
            "Turn it off in Live to see, and leave it out if others agree."
        ),
    ),
    "dominant-skip": Lines(
        mark("The skip into {layers} carries {percent} % of the output on this image."),
        mark(
            "What lies below it hardly counts here. "
            "For a denoiser that is well, for recognition it is not."
        ),
    ),
    "saturated-output": Lines(
        mark("{percent} % of the output lies at the end of the range of {layers}."),
        mark(
            "There the gradient is next to nothing, and certainty is no longer told apart. "
            "Look at the scale of the weights and of the image."
        ),
    ),
    "shift-sensitive": Lines(
        mark("Moved by one pixel, this image gives an output that differs by {percent} %."),
        mark(
            "Strides look at every other pixel, and which ones depends on the place. "
            "Blurred pooling (Zhang 2019) makes it steadier."
        ),
    ),
    "field-barely-used": Lines(
        mark(
            "On this image the middle of the output draws on {effective} px of its field of "
            "{field} px: {times} times less."
        ),
        mark(
            "Counted are pixels with 4.55 % of the strongest gradient or more (Luo 2016), "
            "as the side of a square. Judge by that whether an object is seen whole."
        ),
    ),
}  # fmt: skip
