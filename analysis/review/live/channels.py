"""Adds up the channels of all layers that are constant, or copies, on an image."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.observed import ChannelCounts, OnImage
from analysis.review.subject import Subject


def trained(subject: Subject) -> OnImage | Untold:
    """What the image showed, or why it tells nothing: none, or weights that were never trained."""
    if subject.on_image is None:
        return Untold("needs-image")
    return Untold("needs-weights") if subject.on_image.untrained else subject.on_image


def finding(
    subject: Subject, code: str, name: str, counted: Callable[[ChannelCounts], int]
) -> Iterator[Finding | Untold]:
    """One finding of `code` for all layers where something is `counted`."""
    seen = trained(subject)
    if isinstance(seen, Untold):
        yield seen
        return
    layers = {layer: each for layer, each in seen.channels.items() if counted(each)}
    if layers:
        numbers = {
            name: sum(counted(each) for each in layers.values()),
            "channels": sum(each.channels for each in layers.values()),
        }
        yield Finding(code, "note", tuple(layers), numbers)
