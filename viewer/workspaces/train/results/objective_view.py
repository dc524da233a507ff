"""The objective of an auto-encoder as a formula, with the values that its terms have right now."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.training.record import Terms
from viewer.controls import labelled
from viewer.drawing.charts.marks import letter_of
from viewer.override_guard import Guarded
from viewer.text.number_format import grouped, significant
from viewer.text.translation import mark, tr
from viewer.text.twin_names import twin_name
from viewer.workspaces.train.lab.lab import Lab

FORMULA = (
    "min<sub>θ, θ′</sub>&nbsp; 1/(2<i>l</i>) Σ<sub><i>i</i></sub> "
    "‖<i>x<sub>i</sub></i> − <i>g</i><sub>θ′</sub>(<i>h</i><sub>θ</sub>(<i>x<sub>i</sub></i>))‖²"
)
CHARGES = {
    "sparse_l1": mark("mean |code|"),
    "sparse_kl": mark("divergence from the target activity"),
    "contractive": mark("‖∂code/∂input‖² by number of the output"),
    "variational": mark("divergence from a standard normal by number of the output"),
}


class ObjectiveView(Guarded, QWidget):
    """Shown where pictures are rebuilt: a line of numbers for each twin, of the step they say."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self.formula = labelled("heading", FORMULA)
        self.formula.setTextFormat(Qt.TextFormat.RichText)  # our own constant
        self.said = labelled("caption", "")
        self.numbers = labelled("small", "")
        for label in (self.said, self.numbers):
            label.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.formula, self.said, self.numbers):
            column.addWidget(widget)

    @property
    def has_objective(self) -> bool:
        """Whether the training, or the recipe before the first one, rebuilds its input."""
        log = self._lab.log
        recipe = self._lab.recipe if log.state is None else log.recipe
        return recipe.task == "reconstruct"

    def show_log(self) -> None:
        """Show the newest values."""
        self.said.setText(tr(
            "h is the encoder with the weights θ, g the decoder with θ′, l the batch. The label of "
            "a picture is the picture: xᵢ stands on both sides."
        ))  # fmt: skip
        log = self._lab.log
        lines = [
            self._line(at, twin.name, log.terms[twin.name])
            for at, twin in enumerate(log.shown)
            if twin.name in log.terms
        ]
        self.numbers.setText("\n".join(lines))
        self.numbers.setVisible(bool(lines))

    def _line(self, at: int, name: str, terms: Terms) -> str:
        said = tr(
            "{letter} {name}, step {step}: 1/(2 · {l}) · {squares} = {objective}",
            letter=letter_of(at), name=twin_name(name), step=grouped(terms.step), l=terms.pictures,
            squares=significant(terms.squares), objective=significant(terms.objective),
        )  # fmt: skip
        return "\n    ".join([said, *self._parts(name, terms)])

    def _parts(self, name: str, terms: Terms) -> list[str]:
        """What is made small by the step: the loss by its kind, the penalty, the pair at work."""
        parts = []
        if terms.pair:
            parts.append(tr(
                "layer {pair} of {pairs} is trained: x is the code of {n} numbers below it",
                pair=terms.pair, pairs=terms.pairs, n=grouped(terms.numbers),
            ) if terms.pair > 1 else tr(
                "layer 1 of {pairs} is trained: x is the picture", pairs=terms.pairs,
            ))  # fmt: skip
        elif terms.pairs:
            parts.append(tr("all {pairs} layers are trained together", pairs=terms.pairs))
        parts.append(self._minimised(name, terms))
        return parts

    def _minimised(self, name: str, terms: Terms) -> str:
        squared = self._lab.log.recipe.loss == "mse"
        loss = tr("mean squared error") if squared else tr("mean absolute error")
        said = tr("minimised: {loss} {value}", loss=loss, value=significant(terms.loss))
        if squared:
            said += tr(" (2/{n} of the above)", n=grouped(terms.numbers))
        if terms.penalty is None:
            return said
        return said + tr(
            " + {weight} · {penalty} ({what}) = {total}", weight=f"{terms.weight:g}",
            penalty=significant(terms.penalty), what=tr(CHARGES[self._kind(name)]),
            total=significant(terms.total),
        )  # fmt: skip

    def _kind(self, name: str) -> str:
        recipe = self._lab.log.recipe
        twin = next(each for each in recipe.twins if each.name == name)
        return (twin.penalty or recipe.penalty).kind
