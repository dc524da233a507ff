"""The fonts of the interface and their sizes."""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

from viewer.look.typefaces import BEHIND, INTER, Typeface

FAMILY, CODE = "Inter", "DejaVu Sans Mono"
BODY, SMALL, CAPTION, TITLE, BIG = 13, 12, 11, 15, 22


def load_fonts() -> None:
    """Make the bundled fonts known to Qt: Latin, then Chinese, then code."""
    for entry in files("assets").joinpath("fonts").iterdir():
        if entry.name.endswith((".otf", ".ttf")):
            QFontDatabase.addApplicationFontFromData(entry.read_bytes())


@lru_cache(maxsize=8)
def provide(face: Typeface) -> None:
    """Make a family of a typeface known to Qt. To be called on the GUI thread, before painting.

    matplotlib, which the program depends on, carries the files; it is not imported for them.
    """
    found = importlib.util.find_spec("matplotlib") if face.matplotlib else None
    if found is None or found.origin is None:
        return
    folder = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    for name in face.matplotlib:
        if (folder / name).is_file():
            QFontDatabase.addApplicationFont(str(folder / name))


def font(pixels: int = BODY, bold: bool = False, face: Typeface = INTER) -> QFont:
    """The interface font at a size in logical pixels; bold is the one second weight, 600."""
    chosen = QFont()
    chosen.setFamilies([*face.families, *BEHIND])
    chosen.setPixelSize(pixels)
    chosen.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    if face.tabular and hasattr(chosen, "setFeature"):
        chosen.setFeature(QFont.Tag("tnum"), 1)
    return chosen
