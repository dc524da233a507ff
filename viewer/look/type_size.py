"""How much larger than usual the text of the canvas is: for a room instead of a desk."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from viewer.override_guard import Guarded

USUAL, LECTURE = 1.0, 1.5


class TypeSize(Guarded, QObject):
    """The factor in use. `changed` is emitted for everything that measures text.

    Panels keep their size: their rows are made for it, and a presentation mostly hides them.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.factor = USUAL

    def use(self, factor: float) -> None:
        """Show text so many times as large as usual."""
        if factor != self.factor:
            self.factor = factor
            self.changed.emit()


type_size = TypeSize()
