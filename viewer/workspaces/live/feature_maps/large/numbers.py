"""The column of a large channel's numbers: its value, histogram, statistics and its gate."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from analysis.inference.protocol.layer_channels import LayerChannels
from analysis.inference.protocol.runs import ChannelMap
from viewer.controls import NumberSlider, labelled
from viewer.look.pale import set_pale
from viewer.override_guard import Guarded
from viewer.session.edits.gates import CLOSED, HIGHEST, OPEN
from viewer.text.number_format import decimal, percent
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.live.feature_maps.large.histogram import Histogram

ROWS = (
    ("mean", mark("mean")),
    ("deviation", mark("deviation")),
    ("energy", mark("energy")),
    ("zeros", mark("at zero")),
    ("share", mark("share")),
    ("alike", mark("like")),
)


class ChannelNumbers(Guarded, QWidget):
    """What is known of one channel, and the slider that scales it."""

    scaled = Signal(float)
    """α that the person chose."""
    released = Signal()
    toggled = Signal()
    """The person switches the channel off or on."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[ChannelMap | None, LayerChannels | None] = (None, None)
        self._old = self._stale = False
        self.title = labelled("strong")
        self.pointed = labelled("small")
        self.histogram = Histogram()
        self.values = {key: labelled("") for key, _ in ROWS}
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(1)
        for index, (key, name) in enumerate(ROWS):
            label = labelled("small")
            say(label, label.setText, name)
            row, column = divmod(index, 2)
            grid.addWidget(label, row, 2 * column)
            grid.addWidget(self.values[key], row, 2 * column + 1)
        for column, least in ((1, 58), (3, 48)):
            grid.setColumnStretch(column, 1)
            grid.setColumnMinimumWidth(column, least)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(0, 0, 0, 0)
        column_.setSpacing(4)
        for widget in (self.title, self.pointed):
            column_.addWidget(widget)
        column_.addWidget(self.histogram, 1)
        column_.addLayout(grid)
        column_.addLayout(self._gate_row())
        language.changed.connect(self._say)

    def _gate_row(self) -> QHBoxLayout:
        self.gate = NumberSlider(CLOSED, HIGHEST, 0.05, OPEN, decimals=2)
        say(self, self.gate.slider.setAccessibleName, "Scale of the channel")
        say(
            self, self.gate.setToolTip, "α: what the channel is multiplied by before the next layer"
        )
        self.gate.valueChanged.connect(self.scaled)
        self.gate.released.connect(self.released)
        self.off = QPushButton()
        self.off.setCheckable(True)
        say(self, self.off.setText, "Off")
        say(self, self.off.setToolTip, "Switch this channel off, or on again")
        self.off.clicked.connect(self.toggled)
        row = QHBoxLayout()
        row.setSpacing(8)
        alpha = labelled("small")
        alpha.setText("α")
        row.addWidget(alpha)
        row.addWidget(self.gate, 1)
        row.addWidget(self.off)
        return row

    def show_gate(self, alpha: float) -> None:
        """The scale in the document."""
        self.gate.set_value(alpha)
        self.off.setChecked(alpha == CLOSED)

    def show_channel(
        self, shown: ChannelMap | None, known: LayerChannels | None, old: bool, stale: bool
    ) -> None:
        """A channel's values, and what is known of all of its layer.

        Those are `old`, and that is `stale`, where they are of an earlier run.
        """
        self._shown, self._old, self._stale = (shown, known), old, stale
        self.setEnabled(shown is not None)
        self.histogram.show_values(shown.values if shown is not None else None)
        self.histogram.show_age(old)
        set_pale(old, self.pointed)
        self._say()

    def _say(self) -> None:
        shown, known = self._shown
        texts = dict.fromkeys(self.values, "")
        self.title.setText("")
        if shown is not None:
            last = shown.channels - 1
            self.title.setText(tr("Channel {n} of 0–{last}", n=shown.channel, last=last))
            values = shown.values[np.isfinite(shown.values)].astype(np.float64)
            if values.size:
                texts["mean"] = decimal(float(values.mean()), 3)
                texts["deviation"] = decimal(float(values.std()), 3)
                texts["energy"] = decimal(float((values**2).mean()), 3)
                texts["zeros"] = percent(float((values == 0).mean()))
            texts |= _of_all(shown.channel, known)
        for key, label in self.values.items():
            label.setText(texts[key])
            set_pale(self._stale if key in ("share", "alike") else self._old, label)

    def show_pointed(self, words: str, value: float | None) -> None:
        """The value under the pointer, in words and in the histogram."""
        self.pointed.setText(words)
        self.histogram.point_at(value)


def _of_all(channel: int, known: LayerChannels | None) -> dict[str, str]:
    """What only a look at all channels tells: the share, and the channel it is like."""
    found = {"share": "…", "alike": "–"}
    if known is None:
        return found
    if known.shares is not None and channel < len(known.shares):
        found["share"] = percent(float(known.shares[channel]), 1)
    like = next((each for each in known.duplicates if each[0] == channel), None)
    if like is not None:
        found["alike"] = tr("{n}, r {r}", n=like[1], r=decimal(like[2], 3))
    return found
