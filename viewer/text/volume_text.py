"""Says in words what a network is given of a volume that is smaller than its input."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.inference.protocol.images import ImageFacts
from analysis.inference.volume_file.volume import repeated
from viewer.text.number_format import times
from viewer.text.translation import tr


def beyond_volume(facts: ImageFacts, size: Sequence[int]) -> str:
    """That a part of that size (depth, height, width) repeats what lies outermost; "" if not."""
    if facts.pages < 2 or len(size) != 3:
        return ""
    beyond = repeated((facts.pages, *facts.size), size, facts.page - 1)
    if not any(beyond):
        return ""
    return tr(
        "The network takes {size}: {beyond} planes of it lie beyond the volume and repeat its "
        "outermost values.",
        size=times(size),
        beyond=" + ".join(str(each) for each in beyond),
    )
