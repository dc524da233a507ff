"""The fonts of the interface and their sizes."""

from __future__ import annotations

from importlib.resources import files

from PySide6.QtGui import QFont, QFontDatabase

FAMILY, CODE = "Inter", "DejaVu Sans Mono"
BODY, SMALL, CAPTION, TITLE, BIG = 13, 12, 11, 15, 22


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
