"""The nearest variation of the case that shows something, in a sentence, and the way to it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from analysis.arithmetic.case import Case
from analysis.arithmetic.forms.variations import Variation, next_variation
from viewer.drawing.arithmetic.labelled_grids import size_text
from viewer.text.translation import mark, tr
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.model.scene_model import SceneModel
from viewer.workspaces.arithmetic.relationship.sections import (
    Part,
    ends_text,
    lines_text,
    paragraph,
    say_or_hide,
    square_text,
    together,
)


class NextPart(Part):
    """Hidden where no variation is worth a sentence."""

    def __init__(self, model: SceneModel) -> None:
        super().__init__(model, mark("Next"))
        self.sentence = paragraph("")
        self.take = QPushButton()
        self.take.clicked.connect(self._take)
        self.column.addWidget(self.sentence)
        self.column.addWidget(self.take, 0, Qt.AlignmentFlag.AlignLeft)
        self.variation: Variation | None = None

    def show_case(self) -> None:
        """Look for it anew."""
        case = self.model.scene.case
        self.variation = next_variation(case)
        self.setVisible(self.variation is not None)
        if self.variation is not None:
            say_or_hide(self.sentence, sentence(case, self.variation))
            self.take.setText(button_text(self.variation))

    def _take(self) -> None:
        found = self.variation
        if found is not None:
            example = self.model.possible.with_case(found.case)
            edits.show_example(self.model, partial(button_text, found), example)


def sentence(case: Case, found: Variation) -> str:
    """What the variation is good for."""
    return _OF_CODE[found.code](case, found)


def button_text(found: Variation) -> str:
    """The setting that makes it, as the button says it."""
    new = found.case
    match found.code:
        case "output-padding":
            return tr("Set output padding {n}", n=_setting(new.output_padding))
        case "unread" | "same-output" | "plain-again":
            return tr("Set input {n}", n=square_text(new.in_size))
        case "same-padding" | "full-padding":
            return tr("Set padding {n}", n=_setting(new.padding))
        case "stride" | "own-stride":
            return tr("Set stride {n}", n=_setting(new.stride))
        case "ceil":
            return tr("Round up")


def _setting(values: tuple[int, ...]) -> str:
    """2 where all axes have it, else as PyTorch writes them: (0, 1)."""
    return str(values[0]) if len(set(values)) == 1 else f"({', '.join(map(str, values))})"


def _output_padding(case: Case, found: Variation) -> str:
    return tr(
        "An output of {size} needs output padding {a}: one more {lines} of zeros, {where}.",
        size=square_text(found.case.out_size),
        a=_setting(found.case.output_padding),
        lines=lines_text(found.axes, case.rank, 1),
        where=ends_text(found.axes, case.rank),
    )


def _plain_again(case: Case, found: Variation) -> str:
    return tr(
        "An output of {size} needs an input of {input} and no output padding: it chose between "
        "the sizes that lie between two inputs.",
        size=square_text(found.case.out_size),
        input=square_text(found.case.in_size),
    )


def _unread(case: Case, found: Variation) -> str:
    values = {"left": f"{formula(case)} = {found.lines}"}
    smaller, out = square_text(found.case.in_size), square_text(case.out_size)
    if found.of_input:
        lines = lines_text(found.axes, case.rank, found.of_input)
        first = tr("No window reads the last {lines} of the input: {left}.", lines=lines, **values)
    else:
        lines = lines_text(found.axes, case.rank, found.lines)
        first = tr(
            "No window reads the last {lines} of the padding: {left}.", lines=lines, **values
        )
    same = tr("An input of {size} gives the same output, {out}.", size=smaller, out=out)
    return together(first, same)


def _same_output(case: Case, found: Variation) -> str:
    larger, out = square_text(found.case.in_size), square_text(case.out_size)
    lines = lines_text(found.axes, case.rank, 1)
    if found.of_input:
        return tr(
            "An input of {size} gives the same output, {out}: no window reads its last {lines}.",
            size=larger,
            out=out,
            lines=lines,
        )
    return tr(
        "An input of {size} gives the same output, {out}: no window reads the last {lines} of its "
        "padding.",
        size=larger,
        out=out,
        lines=lines,
    )


def _same_padding(case: Case, found: Variation) -> str:
    return tr(
        "Padding p = {p} keeps the size: {size} in, {size} out.",
        p=_setting(found.case.padding),
        size=size_text(case.in_size),
    )


def _full_padding(case: Case, found: Variation) -> str:
    return tr(
        "Full padding, p = {p}, makes the output {size}: the kernel stands wherever it touches "
        "the input.",
        p=_setting(found.case.padding),
        size=size_text(found.case.out_size),
    )


def _stride(case: Case, found: Variation) -> str:
    values = {
        "s": _setting(found.case.stride),
        "size": size_text(found.case.out_size),
        "old": size_text(case.out_size),
    }
    if case.kind == "transposed":
        return tr(
            "Stride s = {s} makes the output {size} instead of {old}: zeros go between the input "
            "cells.",
            **values,
        )
    return tr("Stride s = {s} makes the output {size} instead of {old}.", **values)


def _ceil(case: Case, found: Variation) -> str:
    return tr(
        "Rounding up (ceil_mode) makes the output {size} instead of {old}: the last windows reach "
        "past the end.",
        size=size_text(found.case.out_size),
        old=size_text(case.out_size),
    )


def _own_stride(case: Case, found: Variation) -> str:
    return tr(
        "Stride s = {s}, the window's own, is what PyTorch takes unless told otherwise: windows "
        "do not overlap and the output is {size}.",
        s=_setting(found.case.stride),
        size=size_text(found.case.out_size),
    )


def formula(case: Case) -> str:
    """What is left over, in letters."""
    dilated = any(d > 1 for d in case.dilation)
    return "(i + 2p − d(k − 1) − 1) mod s" if dilated else "(i + 2p − k) mod s"


_OF_CODE = {
    "output-padding": _output_padding,
    "plain-again": _plain_again,
    "unread": _unread,
    "same-output": _same_output,
    "same-padding": _same_padding,
    "full-padding": _full_padding,
    "stride": _stride,
    "ceil": _ceil,
    "own-stride": _own_stride,
}
