"""The lines of the findings about the start with new weights."""

from __future__ import annotations

from collections.abc import Mapping

from viewer.text.review.lines.pair import Lines
from viewer.text.translation import mark

LINES: Mapping[str, Lines] = {
    "vanishing-gradient": Lines(
        mark(
            "With PyTorch's default initialisation the gradient at {layers} is {times} times "
            "smaller than at the output."
        ),
        mark(
            "The first layers hardly learn under this initialisation. "
            "Skips, normalisation or He initialisation keep it up."
        ),
    ),
    "vanishing-gradient skips": Lines(
        mark(
            "With PyTorch's default initialisation the gradient at {layers} is {times} times "
            "smaller than at the output; with the skips cut, {without_skips} times."
        ),
        mark(
            "The first layers hardly learn under this initialisation. "
            "Normalisation or He initialisation keeps it up."
        ),
    ),
    "vanishing-gradient turned": Lines(
        mark(
            "With PyTorch's default initialisation the gradient at {layers} is {times} times "
            "smaller than at the output; with the skips cut, {turned} times larger."
        ),
        mark(
            "The first layers hardly learn under this initialisation. "
            "Normalisation or He initialisation keeps it up."
        ),
    ),
    "exploding-gradient": Lines(
        mark(
            "With PyTorch's default initialisation the gradient at {layers} is {times} times "
            "larger than at the output."
        ),
        mark(
            "The first steps throw the weights about. "
            "Normalisation or a smaller initialisation keeps it down."
        ),
    ),
    "exploding-gradient skips": Lines(
        mark(
            "With PyTorch's default initialisation the gradient at {layers} is {times} times "
            "larger than at the output; with the skips cut, {without_skips} times."
        ),
        mark(
            "The first steps throw the weights about. "
            "Normalisation or a smaller initialisation keeps it down."
        ),
    ),
    "exploding-gradient turned": Lines(
        mark(
            "With PyTorch's default initialisation the gradient at {layers} is {times} times "
            "larger than at the output; with the skips cut, {turned} times smaller."
        ),
        mark(
            "The first steps throw the weights about. "
            "Normalisation or a smaller initialisation keeps it down."
        ),
    ),
    "vanishing-signal": Lines(
        mark(
            "With PyTorch's default initialisation the numbers at {layers} are {times} times "
            "smaller than at the first layer."
        ),
        mark(
            "Little of the picture arrives there under this initialisation. "
            "Skips, normalisation or He initialisation keep it up."
        ),
    ),
    "vanishing-signal skips": Lines(
        mark(
            "With PyTorch's default initialisation the numbers at {layers} are {times} times "
            "smaller than at the first layer; with the skips cut, {without_skips} times."
        ),
        mark(
            "Little of the picture arrives there under this initialisation. "
            "Normalisation or He initialisation keeps it up."
        ),
    ),
    "vanishing-signal turned": Lines(
        mark(
            "With PyTorch's default initialisation the numbers at {layers} are {times} times "
            "smaller than at the first layer; with the skips cut, {turned} times larger."
        ),
        mark(
            "Little of the picture arrives there under this initialisation. "
            "Normalisation or He initialisation keeps it up."
        ),
    ),
    "exploding-signal": Lines(
        mark(
            "With PyTorch's default initialisation the numbers at {layers} are {times} times "
            "larger than at the first layer."
        ),
        mark(
            "The loss begins far off, and the first steps are wild. "
            "Normalisation or a smaller initialisation keeps them down."
        ),
    ),
    "exploding-signal skips": Lines(
        mark(
            "With PyTorch's default initialisation the numbers at {layers} are {times} times "
            "larger than at the first layer; with the skips cut, {without_skips} times."
        ),
        mark(
            "The loss begins far off, and the first steps are wild. "
            "Normalisation or a smaller initialisation keeps them down."
        ),
    ),
    "exploding-signal turned": Lines(
        mark(
            "With PyTorch's default initialisation the numbers at {layers} are {times} times "
            "larger than at the first layer; with the skips cut, {turned} times smaller."
        ),
        mark(
            "The loss begins far off, and the first steps are wild. "
            "Normalisation or a smaller initialisation keeps them down."
        ),
    ),
    "dead-relu": Lines(
        mark(
            "{layers}: {dead} of {channels} channels are zero everywhere on each of {draws} random "
            "inputs."
        ),
        mark(
            "No gradient passes a ReLU that is zero, so these begin without learning. "
            "He initialisation, normalisation before it or a leaky ReLU keeps them alive."
        ),
    ),
    "dead-relu one": Lines(
        mark(
            "{layers}: 1 of {channels} channels is zero everywhere on each of {draws} random "
            "inputs."
        ),
        mark(
            "No gradient passes a ReLU that is zero, so it begins without learning. "
            "He initialisation, normalisation before it or a leaky ReLU keeps it alive."
        ),
    ),
}
