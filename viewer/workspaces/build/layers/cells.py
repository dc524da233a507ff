"""Paints the cells of the table of layers from one call a cell."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from viewer.override_guard import Guarded
from viewer.workspaces.build.layers.model import Index, LayersModel


class LayersCells(Guarded, QStyledItemDelegate):
    """Fills a cell's style option itself; the style then draws it as it draws every cell.

    Qt's own delegate asks the model for seven roles of each cell, and every one of those calls
    crosses into Python.
    """

    def __init__(self, model: LayersModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        cell = self._model.cell((index.internalId(), index.row()), index.column())
        option.index = index  # type: ignore[assignment]
        option.text = cell.text
        option.displayAlignment = cell.alignment
        features = QStyleOptionViewItem.ViewItemFeature
        if cell.icon is None:
            option.features |= features.HasDisplay
        else:
            option.features |= features.HasDisplay | features.HasDecoration
            option.icon = cell.icon
        if cell.colour is not None:
            option.palette.setBrush(QPalette.ColorRole.Text, cell.colour)
