"""From the model: asks for the numbers of a layer, and says which layer those shown are of."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from viewer.bench import Bench
from viewer.controls import Field, NumberBox, Section, labelled
from viewer.messages import language, mark, say, tr
from viewer.panels.arithmetic_case_words import LABEL
from viewer.panels.inspector_words import full_name


class ModelPart(QWidget):
    """A sentence, a button, and for a layer's numbers where they come from."""

    layerAsked = Signal()
    """The person wants the numbers of the layer that the button names."""
    channelAsked = Signal(int)
    """The person wants another output channel of the layer, from 0."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self._layer: str | None = None
        self.how = labelled("small")
        self.how.setWordWrap(True)
        say(
            self,
            self.how.setText,
            "Double-click a convolution on the canvas to load its kernel and the current image's "
            "own patch.",
        )
        self.load = QPushButton()
        self.load.clicked.connect(lambda *_: self.layerAsked.emit())
        self.source = labelled("small")
        self.source.setWordWrap(True)
        self.channel = NumberBox(1, 1)
        self.channel.valueChanged.connect(lambda number: self.channelAsked.emit(number - 1))
        self.channel_row = Field(mark("Output channel"), self.channel, LABEL)
        say(self, self.channel_row.setToolTip, "The channel of the layer that is worked out.")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        section = Section(mark("From the model"))
        for widget in (section, self.how, self.source, self.channel_row, self.load):
            column.addWidget(widget)
        language.changed.connect(self._say)
        self._say()

    def show_layer(self, name: str | None) -> None:
        """The layer that can be loaded, by its node id; None where none is chosen."""
        self._layer = name
        self._say()

    def show_case(self) -> None:
        """Say which layer, unit and channel the numbers shown are of."""
        self._say()

    def _say(self) -> None:
        name = self._layer
        self.load.setEnabled(name is not None)
        self.load.setText(tr("Load {layer}", layer=full_name(name)) if name else tr("Load a layer"))
        self.load.setToolTip("" if name else tr("Select a convolution on the canvas first."))
        layer = self._bench.example.layer
        self.source.setVisible(layer is not None)
        self.channel_row.setVisible(layer is not None)
        if layer is None:
            return
        node, unit, channel = layer
        count = self._channels(node, channel)
        said = tr(
            "The numbers are those of {layer}: unit ({unit}), output channel {n} of {count}.",
            layer=full_name(node),
            unit=", ".join(map(str, unit)),
            n=channel + 1,
            count=count,
        )
        self.source.setText(said)
        blocked = self.channel.blockSignals(True)
        self.channel.setMaximum(count)
        self.channel.setSuffix(tr(" of {count}", count=count))
        self.channel.blockSignals(blocked)
        self.channel.set_value(channel + 1)

    def _channels(self, node: str, channel: int) -> int:
        """How many channels the layer has; at least the one it is said to have."""
        shape = self._bench.session.shapes.get(node, ())
        return max(shape[0] if shape else 0, channel + 1)
