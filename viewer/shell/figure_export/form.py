"""The form of a figure's options: style, colours, font, width, and what is written in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from viewer.controls import Choice, Field, RealBox, Section, Segmented
from viewer.drawing.network.figure_options import (
    COLUMN,
    NARROWEST,
    PAGE,
    SLIDE,
    WIDEST,
    FigureOptions,
)
from viewer.look.typefaces import TYPEFACES
from viewer.override_guard import Guarded
from viewer.text.translation import mark, say

LABEL = 76
OWN = -1.0
"""The value of a width that is typed in."""
STYLES = (("blocks", mark("Blocks")), ("paper", mark("U-Net paper")))
PALETTES = (
    ("classic", mark("Classic")),
    ("colour-blind", mark("Colour-blind")),
    ("mono", mark("Greys")),
)
GROUNDS = (
    ("light", mark("light")),
    ("dark", mark("dark")),
    ("transparent", mark("transparent")),
)
WIDTHS = (
    (None, mark("Natural size")),
    (COLUMN, mark("One column, 8.5 cm")),
    (PAGE, mark("Two columns, 17.5 cm")),
    (SLIDE, mark("Slide, 28 cm")),
    (OWN, mark("Another width")),
)
SCALES = ((1.0, mark("1×")), (2.0, mark("2×")), (3.0, mark("3×")), (4.0, mark("4×")))
SWITCHES = (
    ("sizes", mark("Sizes")),
    ("channels", mark("Channels")),
    ("fields", mark("Receptive fields")),
    ("kernels", mark("Kernels")),
    ("thumbnails", mark("Pictures")),
    ("legend", mark("Legend")),
    ("steps", mark("Every convolution by itself")),
)


class OptionsForm(Guarded, QWidget):
    """Editors of `FigureOptions`; `changed` is emitted with every change by the person."""

    changed = Signal()

    def __init__(self, options: FigureOptions) -> None:
        super().__init__()
        self._shown = options
        self.style_choice = Segmented(STYLES, padding=14)
        self.palette_choice = Choice(PALETTES)
        self.ground = Segmented(GROUNDS, padding=14)
        self.font_choice = Choice([(each.name, each.title) for each in TYPEFACES])
        self.width_choice = Choice(WIDTHS)
        self.own_width = RealBox(NARROWEST, WIDEST, 0.5, 1)
        self.own_width.setSuffix(" cm")
        self.scale_choice = Segmented(SCALES, padding=14)
        self.switches: Mapping[str, QCheckBox] = {name: QCheckBox() for name, _ in SWITCHES}
        self._assemble()
        self.set_options(options)
        for choice in (
            self.style_choice, self.palette_choice, self.ground, self.font_choice,
            self.width_choice, self.scale_choice,
        ):  # fmt: skip
            choice.valueChanged.connect(lambda _: self._take())
        self.own_width.valueChanged.connect(lambda _: self._take())
        for name, box in self.switches.items():
            box.clicked.connect(lambda _, switch=name: self._switch(switch))

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        rows = (
            (mark("Style"), self.style_choice),
            (mark("Palette"), self.palette_choice),
            (mark("Ground"), self.ground),
            (mark("Font"), self.font_choice),
            (mark("Width"), self.width_choice),
        )
        for text, editor in rows:
            column.addWidget(Field(text, editor, LABEL))
        self.own_row = Field(mark("in cm"), self.own_width, LABEL)
        column.addWidget(self.own_row)
        column.addWidget(Field(mark("PNG"), self.scale_choice, LABEL))
        column.addSpacing(4)
        column.addWidget(Section(mark("Written in it")))
        for name, text in SWITCHES:
            say(self.switches[name], self.switches[name].setText, text)
            column.addWidget(self.switches[name])
        column.addStretch(1)

    # ------------------------------------------------------------------ values

    @property
    def options(self) -> FigureOptions:
        """What is chosen."""
        return self._shown

    def set_options(self, options: FigureOptions) -> None:
        """Show options without telling."""
        self._shown = options
        self.style_choice.set_value(options.style)
        self.palette_choice.set_value(options.palette)
        self.ground.set_value(options.theme)
        self.font_choice.set_value(options.font)
        self.scale_choice.set_value(options.scale)
        known = options.width in (None, COLUMN, PAGE, SLIDE)
        self.width_choice.set_value(options.width if known else OWN)
        self.own_width.set_value(options.width or PAGE)
        self.own_row.setVisible(not known)
        self.switches["sizes"].setChecked(options.sizes)
        self.switches["channels"].setChecked(options.channels)
        self.switches["fields"].setChecked(options.fields)
        self.switches["kernels"].setChecked(options.shows_kernels)
        self.switches["thumbnails"].setChecked(options.thumbnails)
        self.switches["legend"].setChecked(options.shows_legend)
        self.switches["steps"].setChecked(options.steps)
        self.switches["steps"].setEnabled(options.style == "paper")

    def _take(self) -> None:
        """What the editors say, as the options."""
        chosen = self.width_choice.value()
        width = self.own_width.value() if chosen == OWN else chosen
        plain = self._shown.to_plain() | {
            "style": self.style_choice.value(),
            "palette": self.palette_choice.value(),
            "theme": self.ground.value(),
            "font": self.font_choice.value(),
            "width": width,
            "scale": self.scale_choice.value() or self._shown.scale,
        }
        typing = chosen == OWN
        self.set_options(FigureOptions.from_plain(plain))
        if typing:  # also where what is typed is one of the widths that have a name
            self.width_choice.set_value(OWN)
            self.own_row.setVisible(True)
        self.changed.emit()

    def _switch(self, name: str) -> None:
        on = self.switches[name].isChecked()
        plain = self._shown.to_plain() | {name: on}
        self._shown = replace(FigureOptions.from_plain(plain))
        self.changed.emit()
