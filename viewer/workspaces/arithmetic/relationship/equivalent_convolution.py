"""A transposed convolution as the direct one it equals; and the backward pass of a case."""

from __future__ import annotations

import math
from dataclasses import replace

from analysis.arithmetic import zero_insertion
from analysis.arithmetic.case import Case
from viewer.drawing.arithmetic.labelled_grids import each, size_text
from viewer.text.translation import mark, tr
from viewer.workspaces.arithmetic.model.scene_model import SceneModel
from viewer.workspaces.arithmetic.relationship.sections import (
    Part,
    Rows,
    ends_text,
    lines_text,
    paragraph,
    say_or_hide,
)

Named = list[tuple[str, str]]


class DirectPart(Part):
    """Sizes of the direct convolution over the input with zeros."""

    def __init__(self, model: SceneModel) -> None:
        super().__init__(model, mark("Same as a direct convolution"))
        self.rows, self.note = Rows(), paragraph("small")
        self.column.addWidget(self.rows)
        self.column.addWidget(self.note)

    def show_case(self) -> None:
        """The sizes, for a transposed convolution only."""
        case = self.model.scene.case
        self.setVisible(case.kind == "transposed")
        if case.kind == "transposed":
            self.rows.show_rows(direct_rows(case))
            say_or_hide(self.note, cut_text(case))


class BackwardPart(Part):
    """The gradients, their shapes and by which matrix they are made."""

    def __init__(self, model: SceneModel) -> None:
        super().__init__(model, mark("Backward"))
        self.rows, self.note = Rows(), paragraph("small")
        self.column.addWidget(self.rows)
        self.column.addWidget(self.note)

    def show_case(self) -> None:
        """The gradients, while the backward pass is looked at."""
        self.setVisible(self.model.view.backward)
        case = self.model.scene.case
        self.rows.show_rows(backward_rows(case))
        said = ""
        if case.kind != "pool":
            said = tr("Each weight gets the sum of x · ∂y over all places where it was used.")
        say_or_hide(self.note, said)


def direct_rows(case: Case) -> Named:
    """(name, value) of a transposed case's direct convolution."""
    zeros = zero_insertion(case)
    padding = case.equivalent_padding
    p = each(padding).replace("-", "−")
    rows = [(tr("Input after zeros"), f"{size_text(zeros.stretched)}, p′ = {p}")]
    if any(zeros.between):
        rows.append((tr("Zeros between cells"), each(zeros.between)))
    rows.append((tr("Kernel"), tr("{size}, flipped", size=size_text(case.kernel))))
    rows.append((tr("Stride"), "1"))
    if any(d > 1 for d in case.dilation):
        rows.append((tr("Dilation"), each(case.dilation)))
    axes = tuple(at for at in range(case.rank) if case.output_padding[at])
    if axes:
        rows.append((tr("Extra zeros"), _extra_text(case, axes)))
    if any(n < 0 for n in padding):
        cut = each(tuple(max(0, -n) for n in padding))
        rows.append((tr("Cropped"), tr("{n} on each side, since p′ is below 0", n=cut)))
    rows.append((tr("Together"), size_text(zeros.direct.in_size)))
    return rows


def _extra_text(case: Case, axes: tuple[int, ...]) -> str:
    where, counts = ends_text(axes, case.rank), {case.output_padding[at] for at in axes}
    if len(counts) > 1:
        return tr("{lines}, {where}", lines=each(case.output_padding), where=where)
    lines = lines_text(axes, case.rank, max(counts))
    if counts == {1}:
        return tr("a {lines}, {where}", lines=lines, where=where)
    return tr("{lines}, {where}", lines=lines, where=where)


def cut_text(case: Case) -> str:
    """A sentence where output padding makes more windows than there are input cells."""
    channels = (case.channels[1], case.channels[0])
    back = replace(case, kind="conv", in_size=case.out_size, channels=channels)
    windows = back.out_size
    if windows == case.in_size:
        return ""
    return tr(
        "Output padding {a} is not below the stride: a convolution of this output has {windows} "
        "windows, the input has {cells} cells. C is cut to those {cells}.",
        a=each(case.output_padding),
        windows=math.prod(windows),
        cells=math.prod(case.in_size),
    )


def backward_rows(case: Case) -> Named:
    """(gradient and how it is made, shape)."""
    inside, kernel = size_text(_shape(case.input_shape)), size_text(_shape(case.kernel_shape))
    if case.kind == "pool":
        max_pool, average = tr("∂x, ∂y to the largest"), tr("∂x, ∂y in equal shares")
        return [(max_pool if case.mode == "max" else average, inside)]
    back = "C" if case.kind == "transposed" else "Cᵀ"
    size = math.prod(case.input_shape), math.prod(case.output_shape)
    rows = [(f"∂x = {back} ∂y", inside), (back, size_text(size)), ("∂w", kernel)]
    if case.bias:
        rows.append((tr("∂b, the sum of ∂y"), str(case.channels[1])))
    return rows


def _shape(shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape without leading ones: of one channel, its size."""
    lead = 0
    while lead < len(shape) - 2 and shape[lead] == 1:
        lead += 1
    return shape[lead:]
