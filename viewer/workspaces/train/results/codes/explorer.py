"""The section that looks into a code: where pictures lie in it, and what is between two."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QPushButton, QVBoxLayout, QWidget

from analysis.training.process.findings import TwinCodes
from viewer.controls import labelled
from viewer.override_guard import Guarded
from viewer.text import number_format
from viewer.text.escaping import name_text
from viewer.text.translation import mark, say, tr
from viewer.text.twin_names import twin_name
from viewer.workspaces.train.lab.lab import Lab
from viewer.workspaces.train.results.codes.code_map import CodeMap
from viewer.workspaces.train.results.codes.code_strip import CodeStrip


class CodeExplorer(Guarded, QWidget):
    """Shown where a twin is an auto-encoder; its numbers are of the step that they say."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self._ends: tuple[int, ...] = ()
        self._of: TwinCodes | None = None
        self.twin = QComboBox()
        self.twin.setObjectName("train.codes.twin")
        self.twin.setMinimumWidth(140)
        say(self, self.twin.setAccessibleName, mark("Network"))
        self.twin.activated.connect(lambda _: self.ask())
        self.look = QPushButton()
        self.look.setObjectName("train.codes.look")
        say(self, self.look.setText, mark("Look at the codes now"))
        self.look.clicked.connect(self.ask)
        self.map = CodeMap()
        self.map.chosen.connect(self._choose)
        self.said = labelled("caption", "")
        self.same = labelled("caption", "")
        for label in (self.said, self.same):
            label.setWordWrap(True)
        self.strip = CodeStrip()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.look, self.said, self.map, self.same, self.strip):
            column.addWidget(widget)
        lab.codesCame.connect(self.show_log)

    @property
    def coded(self) -> tuple[str, ...]:
        """The twins that have a code."""
        return tuple(twin.name for twin in self._lab.log.twins if twin.coded)

    def ask(self) -> None:
        """Ask for the codes of the chosen twin as they are now."""
        coded = self.coded
        if coded:
            self._lab.ask.codes(coded[max(0, self.twin.currentIndex())])

    def show_log(self) -> None:
        """Show what is known of the training's codes."""
        coded = self.coded
        names = [name_text(twin_name(name)) for name in coded]
        if [self.twin.itemText(at) for at in range(self.twin.count())] != names:
            self.twin.clear()
            self.twin.addItems(names)
        self.look.setEnabled(not self._lab.log.is_gone)
        codes, pair = self._lab.log.looked, self._lab.log.code_pair
        if codes is not self._of:
            self._of = codes
            self._ends = () if codes is None else _two_classes(codes)
            if len(self._ends) == 2:
                self._lab.ask.pair(*self._ends)
        if codes is None or pair is None or (pair.twin, pair.step) != (codes.twin, codes.step):
            pair = None
        self.map.show_codes(codes, self._ends)
        self.strip.show_pair(codes, pair)
        self.said.setText("" if codes is None else tr(
            "{twin} at step {step}. Point at a picture to see it with the three nearest codes; "
            "click two for the way between.",
            twin=name_text(twin_name(codes.twin)), step=number_format.grouped(codes.step),
        ))  # fmt: skip
        self.same.setText("" if pair is None else tr(
            "Found by gradient descent from the other picture: its code is {percent} of the way "
            "between both codes away, its pixels differ by {apart} of the range. An encoder is not "
            "one to one.",
            percent=number_format.percent(pair.code_distance, 2),
            apart=number_format.percent(pair.picture_distance),
        ))  # fmt: skip
        self.map.setVisible(codes is not None)
        self.said.setVisible(codes is not None)
        self.strip.setVisible(pair is not None)
        self.same.setVisible(pair is not None)

    def _choose(self, picture: int) -> None:
        """The way goes from the picture that was chosen before to this one."""
        self._ends = (self._ends[-1], picture) if self._ends else (picture,)
        if len(set(self._ends)) == 2:
            self._lab.ask.pair(*self._ends)
        self.map.show_codes(self._lab.log.looked, self._ends)


def _two_classes(codes: TwinCodes) -> tuple[int, ...]:
    """The first picture, and the first of another class."""
    other = next((at for at, name in enumerate(codes.classes) if name != codes.classes[0]), None)
    return (0,) if other is None else (0, other)
