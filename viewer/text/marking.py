"""Marks English texts that are translated later, for modules that load no Qt."""

from __future__ import annotations


def mark(text: str) -> str:
    """`text` itself: marks a literal that is translated later, where it is shown."""
    return text
