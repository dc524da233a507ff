"""Colours, fonts and the style sheet, light and dark, all from the tokens in assets/look."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette

from viewer.look.tokens import Mode, tokens
from viewer.override_guard import Guarded

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


class Theme(Guarded, QObject):
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
