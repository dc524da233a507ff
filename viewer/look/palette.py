"""Provides the colours of one picture: the window's, or those of an exported figure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PySide6.QtGui import QColor

from viewer.look.theme import FAMILY_TOKENS, theme
from viewer.look.tokens import Mode, tokens

PaletteName = Literal["classic", "colour-blind", "mono"]
PALETTES: tuple[PaletteName, ...] = ("classic", "colour-blind", "mono")

# Okabe and Ito (2008), "Color Universal Design".
OKABE_ITO = {
    "conv": "#0072B2",
    "tconv": "#56B4E9",
    "pool": "#D55E00",
    "resample": "#E69F00",
    "norm": "#E69F00",
    "act": "#CC79A7",
    "dense": "#56B4E9",
    "attn": "#CC79A7",
    "skip": "#009E73",
    "skipneg": "#CC79A7",
    "fieldedge": "#E69F00",
    "fieldline": "#E69F00",
}


@dataclass(frozen=True)
class Inks:
    """Colours by token for one mode and palette; independent of the mode of the window."""

    mode: Mode = "light"
    palette: PaletteName = "classic"
    paper: bool = False
    """Whether the ground is that of a page: white in the light mode."""

    def color(self, token: str, alpha: float = 1.0) -> QColor:
        """The colour of a token."""
        on_page = self.paper and self.mode == "light" and token == "canvas"
        colour = QColor("#ffffff" if on_page else _hex(self.mode, self.palette, token))
        if alpha < 1.0:
            colour.setAlphaF(alpha)
        return colour

    def family(self, family: str) -> QColor:
        """The colour of an operator family."""
        return self.color(FAMILY_TOKENS[family])


def current_inks() -> Inks:
    """The colours the window is in."""
    return Inks(theme.mode)


@lru_cache(maxsize=512)
def _hex(mode: Mode, palette: PaletteName, token: str) -> str:
    plain = tokens()[mode][token]
    if palette == "colour-blind":
        return OKABE_ITO.get(token, plain)
    if palette == "mono":
        grey = _luma(QColor(plain))
        return QColor(grey, grey, grey).name()
    return plain


def _luma(colour: QColor) -> int:
    """Perceived brightness (ITU-R BT.601), 0…255."""
    return round(0.299 * colour.red() + 0.587 * colour.green() + 0.114 * colour.blue())
