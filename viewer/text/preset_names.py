"""What the cases of the guide to convolution arithmetic are called on screen."""

from __future__ import annotations

from viewer.text.translation import tr


def preset_words(name: str) -> str:
    """The guide's own name of a case in words, `no padding no strides`, translated."""
    return tr(english_preset_words(name))


def english_preset_words(name: str) -> str:
    """The words that translations of a case are found by."""
    return name.replace("_", " ")
