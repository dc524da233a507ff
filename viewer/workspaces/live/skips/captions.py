"""The words over the skips' rows: what the chosen measure shows as map, bar and bands."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QHBoxLayout, QWidget

from analysis.inference.measures.contract import Measure
from viewer.controls import labelled
from viewer.override_guard import Guarded
from viewer.text.translation import say
from viewer.workspaces.live.skips.bars import MAP


class Captions(Guarded, QWidget):
    """The header of the skips' rows: one caption over each column."""

    def __init__(self) -> None:
        super().__init__()
        self.of_map, self.of_bar, self.of_bands = (labelled("caption") for _ in range(3))
        self.of_map.setFixedWidth(MAP)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.of_map)
        row.addWidget(self.of_bar, 1)
        row.addWidget(self.of_bands)

    def show_measure(self, measure: Measure, words: Mapping[str, str]) -> None:
        """The captions of a measure; a column that it has not goes.

        `words` name what is split (`viewer.text.split_words`).
        """
        say(self, self.of_bar.setText, measure.caption, **words)
        for label, text in (
            (self.of_map, measure.picture_caption),
            (self.of_bands, measure.bands_caption),
        ):
            label.setVisible(bool(text))
            if text:
                say(self, label.setText, text, **words)
