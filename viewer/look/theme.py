"""Colours, fonts and the style sheet, light and dark, all from the tokens in assets/look."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette

Mode = Literal["light", "dark"]
Choice = Literal["light", "dark", "system"]

FAMILY_TOKENS = {
    "conv": "conv",
    "tconv": "tconv",
    "pool": "pool",
    "resample": "resample",
    "join": "join",
    "norm": "norm",
    "act": "act",
    "dense": "dense",
    "attn": "attn",
    "reshape": "reshape",
    "end": "end",
    "opaque": "join",
}
INK = ((0.0, "#161C25"), (0.2, "#364150"), (0.5, "#748295"), (0.78, "#BAC4D0"), (1.0, "#F8FAFC"))
SIGNED = {
    "light": ("#7B1F6E", "#C583B7", "#F6F6F4", "#63B5A0", "#00624C"),
    "dark": ("#E79AD6", "#8C4B80", "#14181E", "#2C7A66", "#6FE0C0"),
}
BODY, SMALL, CAPTION, TITLE, BIG = 13, 12, 11, 15, 22
HALO = QColor(11, 14, 19, 191)


@lru_cache(maxsize=1)
def tokens() -> dict[str, dict[str, str]]:
    """The colour tokens by mode and name."""
    text = files("assets").joinpath("look/tokens.json").read_text(encoding="utf-8")
    read: dict[str, dict[str, str]] = json.loads(text)
    return read


class Theme(QObject):
    """The mode in use. `changed` asks everything painted to paint itself again."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.choice: Choice = "system"
        self.mode: Mode = "light"

    def use(self, choice: Choice) -> None:
        """Choose light, dark, or to follow the system where it says what it prefers."""
        self.choice = choice
        mode = _system_mode() if choice == "system" else choice
        if mode != self.mode:
            self.mode = mode
            self.changed.emit()

    def follow_system(self) -> None:
        """Take the system's preference again, when that is what was chosen."""
        if self.choice == "system":
            self.use("system")

    def hex(self, token: str) -> str:
        """The colour of a token as `#RRGGBB`."""
        return tokens()[self.mode][token]

    def color(self, token: str, alpha: float = 1.0) -> QColor:
        """The colour of a token."""
        colour = QColor(self.hex(token))
        colour.setAlphaF(alpha)
        return colour

    def family(self, family: str) -> QColor:
        """The colour of an operator family."""
        return self.color(FAMILY_TOKENS[family])

    def palette(self) -> QPalette:
        """The palette for everything the style sheet does not reach."""
        palette = QPalette()
        role = QPalette.ColorRole
        for target, token in (
            (role.Window, "window"),
            (role.Base, "surface"),
            (role.AlternateBase, "sunken"),
            (role.Button, "surface"),
            (role.WindowText, "text"),
            (role.Text, "text"),
            (role.ButtonText, "text"),
            (role.PlaceholderText, "muted"),
            (role.Highlight, "accent"),
            (role.HighlightedText, "onaccent"),
            (role.ToolTipBase, "surface"),
            (role.ToolTipText, "text"),
            (role.Link, "accent"),
            (role.Mid, "border"),
        ):
            palette.setColor(target, self.color(token))
        for target in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, target, self.color("ctl"))
        return palette


theme = Theme()


def _system_mode() -> Mode:
    hints = QGuiApplication.styleHints()
    return "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"


FAMILY, CODE = "Inter", "DejaVu Sans Mono"


def load_fonts() -> None:
    """Make the bundled fonts known to Qt: Latin, then Chinese, then code."""
    for entry in files("assets").joinpath("fonts").iterdir():
        if entry.name.endswith((".otf", ".ttf")):
            QFontDatabase.addApplicationFontFromData(entry.read_bytes())


def font(pixels: int = BODY, bold: bool = False) -> QFont:
    """The interface font at a size in logical pixels; bold is the one second weight, 600."""
    chosen = QFont()
    chosen.setFamilies([FAMILY, "Fieldglass Sans SC", "Noto Sans CJK SC", "DejaVu Sans", CODE])
    chosen.setPixelSize(pixels)
    chosen.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    if hasattr(chosen, "setFeature"):
        chosen.setFeature(QFont.Tag("tnum"), 1)
    return chosen


def ramp(stops: tuple[tuple[float, str], ...], gamma: float = 1.0) -> np.ndarray:
    """256 opaque ARGB32 colours (int32), linear between `stops`, applied to value^gamma."""
    places = np.linspace(0.0, 1.0, 256) ** gamma
    at = [stop for stop, _ in stops]
    colours = [QColor(text) for _, text in stops]
    red, green, blue = (
        np.rint(np.interp(places, at, values)).astype(np.uint32)
        for values in (
            [colour.red() for colour in colours],
            [colour.green() for colour in colours],
            [colour.blue() for colour in colours],
        )
    )
    argb = np.uint32(0xFF000000) | (red << np.uint32(16)) | (green << np.uint32(8)) | blue
    return argb.view(np.int32)


@lru_cache(maxsize=8)
def ink_ramp() -> np.ndarray:
    """The neutral ramp of feature maps, the same in both modes."""
    return ramp(INK, gamma=0.72)


def signed_ramp(mode: Mode) -> np.ndarray:
    """The ramp of signed maps: zero in the middle, subtracts to the left, adds to the right."""
    colours = SIGNED[mode]
    return ramp(tuple((i / 4, colour) for i, colour in enumerate(colours)))
