"""The head of the window: the top bar, and below it what workspaces show in all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.override_guard import Guarded
from viewer.session.workspace import Contents


class Head(Guarded, QWidget):
    """A column as high as what is shown in it."""

    def __init__(self, top: QWidget, contents: Mapping[str, Contents]) -> None:
        super().__init__()
        self._wanted = [each.strip for each in contents.values() if each.strip is not None]
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(top)

    def make_strips(self) -> Iterator[object]:
        """Make the strips of the workspaces, one for each item taken."""
        while self._wanted:
            strip = self._wanted.pop(0)()
            hidden = strip.isHidden()
            self._column.addWidget(strip)
            strip.setHidden(hidden)
            yield strip
