"""From the model: which layer to take apart, and where the numbers shown come from."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QShowEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QPushButton, QVBoxLayout, QWidget

from viewer.controls import Field, NumberBox, Section, labelled
from viewer.override_guard import Guarded
from viewer.session.arithmetic_layers import layer_in, layers
from viewer.text.block_names import full_name
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.arithmetic.case.setting_names import LABEL
from viewer.workspaces.arithmetic.model.scene_model import SceneModel


class LayerChooser(Guarded, QComboBox):
    """Every convolution and pooling of the network, in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def offer(self, nodes: tuple[str, ...], chosen: str | None) -> None:
        """Show these layers, without a signal."""
        names = [full_name(node) for node in nodes]
        with QSignalBlocker(self):
            if names != [self.itemText(at) for at in range(self.count())]:
                self.clear()
                for node, name in zip(nodes, names, strict=True):
                    self.addItem(name, node)
            if chosen in nodes:
                self.setCurrentIndex(nodes.index(chosen))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ModelPart(Guarded, QWidget):
    """A sentence, the layers with a button, and for a layer's numbers where they come from."""

    layerAsked = Signal(str)
    """The person wants the numbers of a layer, by its node id."""
    channelAsked = Signal(int)
    """The person wants another output channel of the layer, from 0."""

    def __init__(self, model: SceneModel) -> None:
        super().__init__()
        self._model = model
        self._make()
        section = Section(mark("From the model"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (
            section, self.how, self.chooser, self.load, self.source, self.channel_row, self.again
        ):  # fmt: skip
            column.addWidget(widget)
        session = model.session
        session.factsChanged.connect(lambda _: self._offer())
        session.viewChanged.connect(
            lambda before, after: self._offer() if before.selection != after.selection else None
        )
        language.changed.connect(self._say_again)
        self.show_case()

    def _make(self) -> None:
        self.how = labelled("small")
        self.how.setWordWrap(True)
        say(
            self,
            self.how.setText,
            "Take a layer's own kernel and the patch around the pinned unit. "
            "A double-click on the canvas does the same.",
        )
        self.chooser = LayerChooser()
        say(self, self.chooser.setAccessibleName, "Layer")
        self.load = QPushButton()
        say(self, self.load.setText, "Load this layer")
        self.load.clicked.connect(self._ask)
        self.source = labelled("small")
        self.source.setWordWrap(True)
        self.again = QPushButton()
        say(self, self.again.setText, "Load again from the current picture")
        self.again.clicked.connect(lambda *_: self.channelAsked.emit(self.channel.value()))
        self.channel: NumberBox = NumberBox(0, 0)
        self.channel.valueChanged.connect(self.channelAsked)
        self.channel_row: Field = Field(mark("Output channel"), self.channel, LABEL)
        say(self, self.channel_row.setToolTip, "The channel of the layer that is worked out.")

    def _ask(self) -> None:
        node = self.chooser.currentData()
        if node:
            self.layerAsked.emit(node)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._offer()

    def _offer(self) -> None:
        """The layers of the network, the selected one chosen; looked up only while it is seen."""
        if not self.isVisible():
            return
        session = self._model.session
        found = layers(session)
        self.chooser.offer(found, layer_in(session, session.view.selection))
        self.load.setEnabled(bool(found))
        self.load.setToolTip("" if found else tr("This network has no convolution or pooling."))

    def _say_again(self) -> None:
        self._offer()
        self.show_case()

    def show_case(self) -> None:
        """Say which layer, unit and channel the numbers shown are of."""
        layer = self._model.example.layer
        self.source.setVisible(layer is not None)
        self.channel_row.setVisible(layer is not None)
        self.again.setVisible(layer is not None)
        if layer is None:
            return
        node, unit, channel = layer
        count = self._channels(node, channel)
        said = tr(
            "The numbers are those of {layer}: unit ({unit}), output channel {n} of 0–{last}.",
            layer=full_name(node),
            unit=", ".join(map(str, unit)),
            n=channel,
            last=count - 1,
        )
        self.source.setText(said)
        with QSignalBlocker(self.channel):
            self.channel.setMaximum(count - 1)
            self.channel.setSuffix(tr(" of 0–{last}", last=count - 1))
            self.channel.setValue(channel)

    def _channels(self, node: str, channel: int) -> int:
        """How many channels the layer has; at least the one it is said to have."""
        shape = self._model.session.shapes.get(node, ())
        return max(shape[0] if shape else 0, channel + 1)
