"""The typefaces that a figure may be lettered in. Nothing here loads Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FontName = Literal["inter", "serif", "sans", "mono"]


@dataclass(frozen=True, slots=True)
class Typeface:
    """One choice of font: the families to try in their order, and how CSS and TeX call its kind."""

    name: FontName
    title: str
    """As dialogs name it, the same in every language."""
    families: tuple[str, ...]
    generic: str
    tex: str
    matplotlib: tuple[str, ...] = ()
    """Files in matplotlib's font folder that bring one of the families on every machine."""


TYPEFACES = (
    Typeface("inter", "Inter", ("Inter",), "sans-serif", r"\sffamily"),
    Typeface(
        "serif",
        "Serif",
        ("STIX Two Text", "Times New Roman", "Liberation Serif", "STIXGeneral", "DejaVu Serif"),
        "serif",
        r"\rmfamily",
        ("STIXGeneral.ttf", "STIXGeneralBol.ttf"),
    ),
    Typeface(
        "sans",
        "Sans",
        ("Helvetica", "Arial", "Liberation Sans", "DejaVu Sans"),
        "sans-serif",
        r"\sffamily",
        ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    ),
    Typeface("mono", "Mono", ("DejaVu Sans Mono",), "monospace", r"\ttfamily"),
)
INTER = TYPEFACES[0]
BEHIND = ("Fieldglass Sans SC", "Noto Sans CJK SC", "DejaVu Sans", "DejaVu Sans Mono")
"""Families that follow every typeface, for characters that it lacks."""


def typeface(name: str) -> Typeface:
    """The typeface of that name; of any other, the interface's own."""
    return next((each for each in TYPEFACES if each.name == name), INTER)
