"""Chooses which slice of a tensor is shown: an index on every axis but the last two."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from viewer.controls import FlowLayout, NumberBox, labelled
from viewer.override_guard import Guarded
from viewer.text.translation import language
from viewer.workspaces.learn.tensor_pad.model import PadModel
from viewer.workspaces.learn.tensor_pad.shape_words import axis_name


class SliceRow(Guarded, QWidget):
    """A box for each leading axis; hidden where there are none."""

    def __init__(self, model: PadModel) -> None:
        super().__init__()
        self._model = model
        self.boxes: list[NumberBox] = []
        self._labels: list[QLabel] = []
        self._pairs: list[QWidget] = []
        self._row = FlowLayout(self)
        self._shape: tuple[int, ...] = ()
        model.answered.connect(self._rebuild)
        model.sliceChanged.connect(self._show)
        language.changed.connect(self._say)
        self._rebuild()

    def _rebuild(self) -> None:
        tensor = self._model.tensor
        shape = tensor.shape if tensor is not None else ()
        if shape != self._shape:
            self._shape = shape
            for pair in self._pairs:
                self._row.removeWidget(pair)
                pair.hide()
                pair.deleteLater()
            self._labels, self.boxes, self._pairs = [], [], []
            for axis, size in enumerate(shape[:-2]):
                self._add(axis, size)
        self._say()
        self._show()
        self.setVisible(bool(self.boxes))

    def _add(self, axis: int, size: int) -> None:
        label, box, pair = labelled("small"), NumberBox(0, max(0, size - 1)), QWidget()
        row = QHBoxLayout(pair)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(label)
        row.addWidget(box)
        box.setFixedWidth(64)
        label.setBuddy(box)
        box.valueChanged.connect(partial(self._chosen, axis))
        self._labels.append(label)
        self.boxes.append(box)
        self._pairs.append(pair)
        self._row.addWidget(pair)

    def _say(self) -> None:
        for axis, (label, box) in enumerate(zip(self._labels, self.boxes, strict=True)):
            label.setText(axis_name(axis, len(self._shape)))
            box.setAccessibleName(label.text())

    def _show(self) -> None:
        for box, index in zip(self.boxes, self._model.slice, strict=False):
            box.set_value(index)

    def _chosen(self, axis: int, index: int) -> None:
        chosen = [*self._model.slice]
        chosen[axis] = index
        self._model.show_slice(tuple(chosen))
