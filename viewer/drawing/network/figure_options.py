"""The choices of an exported figure: style, colours, font, width, and what is written in it.

Nothing here loads Qt: the command line offers the choices before it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Literal

from viewer.look.typefaces import TYPEFACES, FontName

if TYPE_CHECKING:
    from viewer.look.palette import PaletteName

StyleName = Literal["blocks", "paper"]
GroundName = Literal["light", "dark", "transparent"]

STYLES = ("blocks", "paper")
"""The blocks of the canvas, or feature maps and arrows as in the U-Net paper's Figure 1."""
PALETTES = ("classic", "colour-blind", "mono")
GROUNDS = ("light", "dark", "transparent")
FONTS = tuple(each.name for each in TYPEFACES)
NARROWEST, WIDEST = 2.0, 200.0
"""Limits of a width, in cm."""
LEAST_SCALE, MOST_SCALE = 0.5, 8.0
COLUMN, PAGE, SLIDE = 8.5, 17.5, 28.0
"""Widths in cm: of a column and of the text of a two-column paper, and of a slide."""
POINT = 96 / 72
"""CSS px of one point."""
CENTIMETRE = 96 / 2.54
"""CSS px of one centimetre."""


@dataclass(frozen=True, slots=True)
class FigureOptions:
    """What an exported figure looks like. The default is the canvas in its natural size."""

    style: StyleName = "blocks"
    palette: PaletteName = "classic"
    theme: GroundName = "light"
    font: FontName = "inter"
    width: float | None = None
    """Of the whole figure in cm; None is its natural size, 96 px an inch."""
    scale: float = 2.0
    """Pixels of a PNG for one px of the figure."""
    sizes: bool = True
    channels: bool = True
    fields: bool = False
    kernels: bool | None = None
    """None is what is usual in the style: only the paper's names them."""
    thumbnails: bool = True
    legend: bool | None = None
    """None is what is usual in the style: only the paper's has one."""
    steps: bool = False
    """Whether each convolution of a block has an arrow of its own. Paper style only."""

    @property
    def shows_kernels(self) -> bool:
        return self.style == "paper" if self.kernels is None else self.kernels

    @property
    def shows_legend(self) -> bool:
        return self.style == "paper" if self.legend is None else self.legend

    @property
    def least_text(self) -> float:
        """The smallest text in points where a width is set: that of print, larger on a slide."""
        if self.width is None:
            return 0.0
        return 6.0 if self.width < 12 else 7.0 if self.width < 22 else 11.0

    def to_plain(self) -> dict[str, object]:
        """The choices as plain values, for settings."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: object) -> FigureOptions:
        """The choices of plain values; what is missing or no choice is as by default."""
        given: Mapping[object, object] = plain if isinstance(plain, Mapping) else {}
        taken = {each.name: given[each.name] for each in fields(cls) if each.name in given}
        return cls(**{name: value for name, value in taken.items() if _fits(name, value)})  # type: ignore[arg-type]


_CHOICES = {"style": STYLES, "palette": PALETTES, "theme": GROUNDS, "font": FONTS}


def _fits(name: str, value: object) -> bool:
    if name in _CHOICES:
        return value in _CHOICES[name]
    if name in {"kernels", "legend"}:
        return value is None or isinstance(value, bool)
    if name in {"width", "scale"}:
        low, high = (NARROWEST, WIDEST) if name == "width" else (LEAST_SCALE, MOST_SCALE)
        if value is None:
            return name == "width"
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and low <= value <= high  # type: ignore[operator]
    return isinstance(value, bool)
