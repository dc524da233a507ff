"""The left dock of Arithmetic: the case, its settings and values, and how it is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.controls import ErrorStrip, OpaqueSurface, PanelTitle, lay_out_panel, line
from viewer.override_guard import Guarded
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import language, mark
from viewer.workspaces.arithmetic.case.display_choices import ShowPart
from viewer.workspaces.arithmetic.case.fills import FillsPart
from viewer.workspaces.arithmetic.case.layer_chooser import ModelPart
from viewer.workspaces.arithmetic.case.operation import OperationPart
from viewer.workspaces.arithmetic.case.setting_row import offer
from viewer.workspaces.arithmetic.case.settings import SettingsPart
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.model.scene_model import SceneModel


class CasePanel(Guarded, QWidget):
    """The panel of a case's settings and values; one that cannot be says why beside the setting."""

    layerAsked = Signal(str)
    """The person wants the numbers of a layer, by its node id."""
    channelAsked = Signal(int)
    """The person wants another output channel of the layer shown, from 0."""

    def __init__(self, model: SceneModel) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model = model
        self._make()
        model.changed.connect(self._show)
        language.changed.connect(self._show_fault)
        self._show()

    def _make(self) -> None:
        model = self._model
        self.strip = ErrorStrip()
        self.operation = OperationPart(model)
        self.settings = SettingsPart(model)
        self.operation.presetChosen.connect(self.settings.join_axes)
        self.settings.changed.connect(self._show)
        self.fills = FillsPart(model)
        self.show_part = ShowPart(model)
        self.model = ModelPart(model)
        self.model.layerAsked.connect(self.layerAsked)
        self.model.channelAsked.connect(self.channelAsked)
        content = OpaqueSurface()
        lay_out_panel(self, PanelTitle(mark("Case")), content)
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 12, 11, 12)  # the words of Show fit beside the scroll bar
        column.setSpacing(12)
        column.addWidget(self.strip)
        column.addWidget(self.operation)
        for part in (self.settings, self.fills, self.show_part, self.model):
            column.addWidget(line())
            column.addWidget(part)
        column.addStretch(1)

    def _show(self) -> None:
        for part in (self.operation, self.settings, self.fills, self.show_part, self.model):
            part.show_case()
        self._show_fault()

    def _show_fault(self) -> None:
        """A fault that no setting shown here is about stands at the top."""
        model = self._model
        fault = model.fault
        if fault is None or self.settings.row_of(fault) is not None:
            self.strip.show_error("")
            return
        case = model.example.case
        mend = (offer(case, fault), lambda: edits.mend(model))
        self.strip.show_error(fault_sentence(fault, case.rank), [mend])
