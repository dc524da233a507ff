"""The field that chooses the network: the one on the canvas, or a blueprint with its settings."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from viewer.controls import Choice, Field, labelled
from viewer.override_guard import Guarded
from viewer.text.translation import mark, say, tr
from viewer.workspaces.train.lab.models import model_title
from viewer.workspaces.train.recipe import written_values as written
from viewer.workspaces.train.recipe.field_rows import LABEL
from viewer.workspaces.train.recipe.text_editor import TextEditor
from viewer.workspaces.train.view_part import OWN

OTHER = "other"
FIRST = "unet:depth=3,base=16"


class ModelField(Guarded, QWidget):
    """`chosen` tells a model as a recipe names it; `weightsToggled` whether it begins with those
    of the document.
    """

    chosen = Signal(str)
    weightsToggled = Signal(bool)
    followToggled = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.choice = Choice([(OWN, mark("On the canvas")), (OTHER, mark("A blueprint"))])
        self.choice.setObjectName("recipe.network")
        field = Field(mark("Network"), self.choice, LABEL)
        field.set_help(lambda: tr("What is trained: its twins differ as is said below."))
        self.text = TextEditor(written.read_model, written.write_text)
        self.text.setObjectName("recipe.model")
        self.blueprint = Field(mark("Blueprint"), self.text, LABEL)
        self.blueprint.set_help(lambda: tr(
            "A blueprint with settings, as on the command line: unet:depth=3,base=16"
        ))  # fmt: skip
        self.title = labelled("caption", "")
        self.title.setWordWrap(True)
        self.weights = QCheckBox()
        self.weights.setObjectName("recipe.own-weights")
        say(self, self.weights.setText, mark("Begin with its weights"))
        say(self, self.weights.setToolTip,
            mark("Go on from the weights that the network on the canvas has"))  # fmt: skip
        self.follow = QCheckBox()
        self.follow.setObjectName("recipe.follow")
        say(self, self.follow.setText, mark("The canvas follows"))
        say(
            self,
            self.follow.setToolTip,
            mark("Show the network that trains on the canvas, with A's maps or those looked at"),
        )
        self.follow.toggled.connect(self.followToggled)
        self.choice.valueChanged.connect(self._choose)
        self.text.valueChanged.connect(lambda value: self.chosen.emit(str(value)))
        self.text.refused.connect(self.blueprint.set_note)
        self.weights.toggled.connect(self.weightsToggled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (field, self.blueprint, self.title, self.weights, self.follow):
            column.addWidget(widget)

    def show_model(self, model: str, own_weights: bool, has_weights: bool, follow: bool) -> None:
        """Show which network the recipe trains, and whether there are weights to begin with."""
        own = model == OWN
        self.choice.set_value(OWN if own else OTHER)
        self.blueprint.setVisible(not own)
        self.title.setVisible(not own)
        if not own:
            self.text.set_value(model)
            self.title.setText(model_title(model))
        self.weights.setVisible(own and has_weights)
        for box, on in ((self.weights, own_weights), (self.follow, follow)):
            blocked = box.blockSignals(True)
            box.setChecked(on)
            box.blockSignals(blocked)

    def _choose(self, value: object) -> None:
        self.chosen.emit(OWN if value == OWN else str(self.text.value() or FIRST))
