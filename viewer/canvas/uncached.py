"""Has the items of a scene paint themselves instead of the pixels that are kept of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene
from shiboken6 import isValid


@contextmanager
def uncached(scene: QGraphicsScene) -> Iterator[None]:
    """Keep no pixels of any item for as long as it lasts: for a picture of vectors."""
    modes = [(item, item.cacheMode()) for item in scene.items()]
    for item, _ in modes:
        item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
    try:
        yield
    finally:
        for item, mode in modes:
            if isValid(item):  # an edit meanwhile takes items away
                item.setCacheMode(mode)
