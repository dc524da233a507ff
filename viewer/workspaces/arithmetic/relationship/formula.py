"""The relationship of the guide: in letters, with the numbers put in, and its result."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.arithmetic import Case, Relationship, relationships
from viewer.controls import labelled
from viewer.drawing.arithmetic.labelled_grids import each
from viewer.look.fonts import BIG, TITLE, font
from viewer.override_guard import Guarded
from viewer.text.fault_sentences import axis_name
from viewer.text.translation import mark, tr
from viewer.workspaces.arithmetic.model.scene_model import SceneModel
from viewer.workspaces.arithmetic.relationship.letter_line import LetterLine
from viewer.workspaces.arithmetic.relationship.sections import Part, paragraph, say_or_hide

LETTERS = {
    "i": mark("i, the size of the input: {value}"),
    "i′": mark("i′, the size of the transposed convolution's input: {value}"),
    "o": mark("o, the size of the output: {value}"),
    "o′": mark("o′, the size of the transposed convolution's output: {value}"),
    "k": mark("k, the size of the kernel: {value}"),
    "s": mark("s, the stride: the window moves by so many cells, {value}"),
    "s′": mark(
        "s, the stride: each input cell's stamp lies so many output cells after the last, {value}"
    ),
    "p": mark("p, the padding: so many cells round the input, {value}"),
    "p′": mark(
        "p, the padding as PyTorch counts it: so many cells cropped off each side of the output, "
        "{value}. p′ is another one: the zeros round the input of the same direct convolution."
    ),
    "d": mark("d, the dilation: kernel cells lie so many cells apart, {value}"),
    "a": mark(
        "a, the output padding: so many more output cells at the end, {value}. A strided "
        "convolution makes one size of s sizes; a chooses which of them comes back."
    ),
}


class AxisGroup(Guarded, QWidget):
    """The formula of one axis, or of all axes where they are alike."""

    def __init__(self) -> None:
        super().__init__()
        self._case, self._axis = Case(), 0
        self.heading = labelled("section")
        self.formula = LetterLine(lambda letter: letter_text(letter, self._case, self._axis))
        self.numbers, self.result = paragraph(), paragraph("adds")
        self.numbers.setFont(font(TITLE))
        self.result.setFont(font(BIG, bold=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for widget in (self.heading, self.formula, self.numbers, self.result):
            column.addWidget(widget)

    def show_axis(self, case: Case, axis: int, found: Relationship, named: bool) -> None:
        """Show the relationship of one axis; `named` says which it is."""
        self._case, self._axis = case, axis
        title = f"{axis_name(axis, case.rank)} · {guide_text((found,))}"
        say_or_hide(self.heading, title if named else "")
        self.formula.show_formula(found.formula)
        self.numbers.setText(found.numbers)
        self.result.setText(f"{found.formula.split(' ')[0]} = {found.output}")


class RelationPart(Part):
    """A group for each axis that differs; p against p′ for a transposed convolution."""

    def __init__(self, model: SceneModel) -> None:
        super().__init__(model)
        self.groups = (AxisGroup(), AxisGroup())
        self.padding = paragraph("small")
        for widget in (*self.groups, self.padding):
            self.column.addWidget(widget)

    def show_case(self) -> None:
        """The relationships of the model's case."""
        case = self.model.scene.case
        found = relationships(case)
        alike = len({(each.formula, each.numbers, each.number) for each in found}) == 1
        count = 1 if alike else len(found)
        for axis, group in enumerate(self.groups):
            group.setVisible(axis < count)
            if axis < count:
                group.show_axis(case, axis, found[axis], named=count > 1)
        said = ""
        if case.kind == "transposed":
            said = _paddings_text(case)
        say_or_hide(self.padding, said)


def _paddings_text(case: Case) -> str:
    n = each(case.equivalent_padding).replace("-", "−")
    if not any(case.padding):
        return tr(
            "p = 0 crops nothing off the output. p′ = d(k − 1) − p = {n} is the padding of the "
            "same direct convolution.",
            n=n,
        )
    return tr(
        "p = {p} is cropped off each side of the output. p′ = d(k − 1) − p = {n} is the padding "
        "of the same direct convolution.",
        p=each(case.padding),
        n=n,
    )


def guide_text(found: tuple[Relationship, ...]) -> str:
    """R13 of the guide."""
    numbers = list(dict.fromkeys(each.number for each in found))
    known = ", ".join(f"R{number}" for number in numbers if number is not None)
    if not known:
        return tr("not in the guide")
    if None in numbers:
        return tr("{numbers} of the guide, in part", numbers=known)
    return tr("{numbers} of the guide", numbers=known)


def letter_text(letter: str, case: Case, axis: int) -> str:
    """What a letter of the formula stands for, with its value along an axis."""
    values = {
        "i": case.in_size[axis],
        "o": case.out_size[axis],
        "k": case.kernel[axis],
        "s": case.stride[axis],
        "p": case.padding[axis],
        "d": case.dilation[axis],
        "a": case.output_padding[axis],
    }
    transposed = case.kind == "transposed" and letter in ("s", "p")
    return tr(LETTERS[letter + "′" if transposed else letter], value=values[letter[0]])
