"""The lines of the findings about shape and cost."""

from __future__ import annotations

from collections.abc import Mapping

from viewer.text.review.lines.pair import Lines
from viewer.text.translation import mark

LINES: Mapping[str, Lines] = {
    "cannot-run": Lines(
        mark("{layers} cannot run: {fault}"),
        mark("What stands behind it is not computed, and the network gives no output."),
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
    "narrow-bottleneck output": Lines(
        mark(
            "Everything passes the {values} numbers of {layers}: {ratio} times fewer than the "
            "output has."
        ),
        mark(
            "Detail beyond that cannot come back, which an auto-encoder wants and a mask does not. "
            "A skip or more channels lets it through."
        ),
    ),
    "heavy-layer": Lines(
        mark("{layers} alone has {shares}."),
        mark(
            "No saving elsewhere can halve the total. "
            "Fewer channels here, or a factorised kernel, can."
        ),
    ),
    "bias-before-norm": Lines(
        mark("{layers}: the normalisation behind takes the bias off again ({parameters} numbers)."),
        mark(
            "In training the bias has no effect at all and its gradient is zero. "
            "Without it the network learns the same."
        ),
    ),
    "bias-before-norm one": Lines(
        mark("{layers}: the normalisation behind takes the bias off again (1 number)."),
        mark(
            "In training the bias has no effect at all and its gradient is zero. "
            "Without it the network learns the same."
        ),
    ),
    "linear-pair": Lines(
        mark("{layers}: {pairs} pairs of linear layers stand in a row with no activation between."),
        mark(
            "Each pair can do no more than one layer with the larger kernel. "
            "An activation between them makes them two."
        ),
    ),
    "linear-pair one": Lines(
        mark("{layers}: two linear layers stand in a row with no activation between."),
        mark(
            "Together they can do no more than one layer with the larger kernel. "
            "An activation between them makes them two."
        ),
    ),
    "activation-after-head": Lines(
        mark("{layers}: the answer can only lie between {least} and {most}."),
        mark(
            "Another activation stands before the last one and bounds what that is given. "
            "Without it the whole range is open."
        ),
    ),
    "activation-after-head one": Lines(
        mark("{layers} is a softmax over one channel: it answers {value} whatever it is given."),
        mark(
            "Nothing can be learned through it. A sigmoid suits one channel, softmax two or more."
        ),
    ),
    "norm-of-one-value": Lines(
        mark("{layers} normalises over one single value, which has no spread."),
        mark(
            "PyTorch refuses, or the answer is the same for every picture. Put it at a larger map."
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
    "join-unequal one": Lines(
        mark("{layers} joins 1 channel with {wide}: {percent} % of what is read next."),
        mark(
            "The narrow side is easily drowned. "
            "A 1 × 1 convolution before the join brings both to similar widths."
        ),
    ),
}
