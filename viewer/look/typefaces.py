"""The typefaces that a figure may be lettered in. Nothing here loads Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

FontName = Literal["inter", "serif", "sans", "mono"]


@dataclass(frozen=True, slots=True, eq=False)
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
    tabular: bool = False
    """Whether figures are all as wide: on screen. In a PDF, Qt could not say what they mean."""


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
INTER = replace(TYPEFACES[0], tabular=True)
"""What the interface is lettered in."""
BEHIND = ("Fieldglass Sans SC", "Noto Sans CJK SC", "DejaVu Sans", "DejaVu Sans Mono")
"""Families that follow every typeface, for characters that it lacks."""


def typeface(name: str) -> Typeface:
    """The typeface of that name; the first for any other."""
    return next((each for each in TYPEFACES if each.name == name), TYPEFACES[0])
