"""The lines of the findings about one image."""

from __future__ import annotations

from collections.abc import Mapping

from viewer.text.review.lines.pair import Lines
from viewer.text.translation import mark

LINES: Mapping[str, Lines] = {
    "dead-channel": Lines(
        mark("{layers}: {dead} of {channels} channels answer one constant value on this image."),
        mark(
            "They cost as much as the others and tell nothing here. "
            "If they stay so on other images, fewer channels do the same."
        ),
    ),
    "dead-channel one": Lines(
        mark("{layers}: 1 of {channels} channels answers one constant value on this image."),
        mark(
            "It costs as much as the others and tells nothing here. "
            "If it stays so on other images, one channel fewer does the same."
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
    "duplicate-channel one": Lines(
        mark("{layers}: 1 of {channels} channels is nearly a copy of another on this image."),
        mark(
            "It repeats what is known. "
            "If it stays so on other images, one channel fewer does the same."
        ),
    ),
    "idle-skip": Lines(
        mark("The skip into {layers} carries {percent} % of the output on this image."),
        mark(
            "The network does without it here. "
            "Turn it off in Live to see, and leave it out if others agree."
        ),
    ),
    "idle-skip closing": Lines(
        mark(
            "The skip into {layers} carries {percent} % of what {closing} is given on this image."
        ),
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
    "dominant-skip closing": Lines(
        mark(
            "The skip into {layers} carries {percent} % of what {closing} is given on this image."
        ),
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
            "{field} px, which is {times} times as wide."
        ),
        mark(
            "Counted are pixels with 4.55 % of the strongest gradient or more (Luo 2016), "
            "as the side of a square. Judge by that whether an object is seen whole."
        ),
    ),
}
