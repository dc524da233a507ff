"""Which operation the case is: a preset, its kind, and what only a pooling has."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from analysis.arithmetic import Kind, PoolMode
from viewer.controls import Segmented
from viewer.override_guard import Guarded
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.arithmetic.case.preset_chooser import PresetChooser
from viewer.workspaces.arithmetic.case.setting_names import TIGHT
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.model.scene_model import SceneModel


class OperationPart(Guarded, QWidget):
    """The chooser of presets over the three kinds."""

    presetChosen = Signal()
    """The person chose one of the guide's cases, and it is there."""

    def __init__(self, model: SceneModel) -> None:
        super().__init__()
        self._model = model
        self.presets = PresetChooser()
        self.presets.chosen.connect(self._choose)
        self.kind = Segmented(
            [
                ("conv", mark("convolution")),
                ("transposed", mark("transposed")),
                ("pool", mark("pooling")),
            ],
            TIGHT,
        )
        self.kind.name_options("arithmetic.kind")
        say(self, self.kind.setAccessibleName, "Operation")
        self.kind.valueChanged.connect(lambda kind: edits.set_kind(model, cast(Kind, kind)))
        self.mode = Segmented([("max", mark("maximum")), ("average", mark("average"))])
        self.mode.name_options("arithmetic.mode")
        say(self, self.mode.setAccessibleName, "What a pooling takes of its window")
        self.mode.valueChanged.connect(lambda mode: edits.set_mode(model, cast(PoolMode, mode)))
        self.ceil = self._tick("ceil_mode", mark("Round the size up"))
        self.count = self._tick("count_include_pad", mark("Count the padding"))
        self._say_hints()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.presets, self.kind, self.mode, self.ceil, self.count):
            column.addWidget(widget)
        language.changed.connect(self.show_case)

    def _tick(self, setting: str, text: str) -> QCheckBox:
        tick = QCheckBox()
        say(self, tick.setText, text)
        tick.clicked.connect(
            lambda on: edits.set_case(
                self._model, tr("Change {name}", name=tr(text)), **{setting: on}
            )
        )
        return tick

    def _say_hints(self) -> None:
        say(
            self,
            self.kind.setToolTip,
            "Convolution and transposed convolution turn each other round: "
            "what one makes, the other starts from.",
        )
        say(
            self,
            self.ceil.setToolTip,
            "A last window may reach past the padding (ceil_mode of PyTorch).",
        )
        say(
            self,
            self.count.setToolTip,
            "Zeros of the padding count in the mean (count_include_pad of PyTorch).",
        )

    def _choose(self, name: str) -> None:
        edits.choose_preset(self._model, name)
        self.presetChosen.emit()

    def show_case(self) -> None:
        """Show what the document's example is."""
        example = self._model.example
        case = example.case
        self.presets.show_example(example)
        self.kind.set_value(case.kind)
        self.mode.set_value(case.mode)
        self.ceil.setChecked(case.ceil_mode)
        self.count.setChecked(case.count_include_pad)
        pools = case.kind == "pool"
        self.mode.setVisible(pools)
        self.ceil.setVisible(pools)
        self.count.setVisible(pools and case.mode == "average")
