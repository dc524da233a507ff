"""How the case is shown: numbers or letters, flat or slanted, by which step, which channels."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from viewer.controls import Field, NumberBox, Section, Segmented
from viewer.override_guard import Guarded
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.arithmetic.case.setting_names import LABEL, TIGHT
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.model.scene_model import SceneModel


class ShowPart(Guarded, QWidget):
    """The choices of display: saved with the view, not undoable."""

    def __init__(self, model: SceneModel) -> None:
        super().__init__()
        self._model = model
        self.shown = self._segments(
            "shown", ("numbers", mark("numbers")), ("symbols", mark("symbols"))
        )
        self.look = self._segments("look", ("flat", mark("flat")), ("plates", mark("slanted")))
        self.by = self._segments("by", ("input", mark("input")), ("output", mark("output")))
        self.backward = QCheckBox()
        self.backward.setObjectName("arithmetic.backward")
        say(self, self.backward.setText, "Backward pass")
        say(
            self,
            self.backward.setToolTip,
            "Backward pass: what the gradient ∂y of the output gives to the input and the kernel.",
        )
        self.backward.clicked.connect(lambda on: edits.set_view(model.session, backward=on))
        self.in_channel, self.out_channel = NumberBox(0, 0), NumberBox(0, 0)
        self.in_channel.valueChanged.connect(self._choose_in)
        self.out_channel.valueChanged.connect(
            lambda number: edits.set_view(model.session, out_channel=number, pinned=None)
        )
        self.rows = self._make_rows()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (Section(mark("Show")), *self.rows.values(), self.backward):
            column.addWidget(widget)
        language.changed.connect(self.show_case)

    def _segments(self, field: str, *options: tuple[object, str]) -> Segmented:
        made = Segmented(options, TIGHT)
        made.valueChanged.connect(
            lambda value: edits.set_view(self._model.session, **{field: value})
        )
        return made

    def _make_rows(self) -> dict[str, Field]:
        rows = {
            "shown": Field(mark("Values"), self.shown, LABEL),
            "look": Field(mark("Plates"), self.look, LABEL),
            "by": Field(mark("Step by cell of"), self.by, LABEL),
            "in_channel": Field(mark("Input channel"), self.in_channel, LABEL),
            "out_channel": Field(mark("Output channel"), self.out_channel, LABEL),
        }
        hints = {
            "shown": mark("Symbols: the letter and place of every cell, such as w(0, 1)."),
            "look": mark("Slanted: two plates one over the other, as in the guide."),
            "by": mark(
                "Input cell: each stamps the kernel, with partial sums. "
                "Output cell: each gathers what reaches it."
            ),
            "in_channel": mark("The channel of the input that is shown."),
            "out_channel": mark("The channel of the output that is shown."),
        }
        for name, row in rows.items():
            say(row, row.setToolTip, hints[name])
        return rows

    def _choose_in(self, number: int) -> None:
        """A pooling gives out the channel that goes in."""
        both = {"out_channel": number} if self._model.possible.case.kind == "pool" else {}
        edits.set_view(self._model.session, in_channel=number, pinned=None, **both)

    def show_case(self) -> None:
        """Show the choices, and offer those that the case has."""
        model = self._model
        view, case = model.view, model.possible.case
        self.shown.set_value(view.shown)
        self.look.set_value(view.look)
        self.by.set_value(view.by)
        self.backward.setChecked(view.backward)
        self.rows["by"].setVisible(case.kind == "transposed" and not view.backward)
        pools = case.kind == "pool"
        label = mark("Channel") if pools else mark("Input channel")
        say(self.rows["in_channel"], self.rows["in_channel"].label.setText, label)
        say(self.rows["in_channel"], self.in_channel.setAccessibleName, label)
        _show_channel(self.in_channel, view.in_channel, case.channels[0])
        _show_channel(self.out_channel, view.out_channel, case.channels[1])
        self.rows["in_channel"].setVisible(case.channels[0] > 1)
        self.rows["out_channel"].setVisible(case.channels[1] > 1 and not pools)


def _show_channel(box: NumberBox, channel: int, count: int) -> None:
    """`3 of 0–15`: counted as in PyTorch, in the formula under the picture and in files."""
    blocked = box.blockSignals(True)
    box.setMaximum(count - 1)
    box.setSuffix(tr(" of 0–{last}", last=count - 1))
    box.blockSignals(blocked)
    box.set_value(min(channel, count - 1))
