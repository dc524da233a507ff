"""The image source of drawn pictures: impulse, edge, checkerboard, gratings, zone plate, noise."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QWidget

from viewer.drawing.painting.array_image import image_of
from viewer.files.image_sources.contract import ImageSourceRow
from viewer.files.opening import Opener
from viewer.text.translation import mark, tr

SIDE = 256
NAMES = {
    "impulse": mark("Impulse"),
    "edge": mark("Edge"),
    "checkerboard": mark("Checkerboard"),
    "grating": mark("Grating"),
    "grating45": mark("Diagonal grating"),
    "zone-plate": mark("Zone plate"),
    "noise": mark("White noise"),
}


def draw(opener: Opener, key: str) -> None:
    """Make a drawn picture the document's image."""
    from analysis.inference.drawn_images import DRAWN as PICTURES
    from analysis.inference.image import picture

    opener.use(image_of(picture(PICTURES[key](SIDE)[None])), tr(NAMES[key]))


def choose(opener: Opener, parent: QWidget) -> QMenu:
    """Offer the pictures in a menu at the pointer."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for key, name in NAMES.items():
        menu.addAction(tr(name)).triggered.connect(lambda _=False, key=key: draw(opener, key))
    menu.popup(QCursor.pos())
    return menu


DRAWN = ImageSourceRow("drawn", mark("Drawn picture…"), "function", take=choose)
