"""Caches a function's results separately for each thread.

Fonts, their measures and placed glyphs of Qt may be used only by the thread that made them: an
animation that is written in a worker while the window paints must not share them with it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def thread_cache(maxsize: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Like `functools.lru_cache`, with a cache of its own for every thread that calls."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        local = threading.local()

        @wraps(function)
        def cached(*args: P.args, **keys: P.kwargs) -> T:
            try:
                kept: Callable[..., T] = local.kept
            except AttributeError:
                kept = local.kept = lru_cache(maxsize)(function)
            given: tuple[Hashable, ...] = args
            return kept(*given, **keys)

        return cached

    return decorate
