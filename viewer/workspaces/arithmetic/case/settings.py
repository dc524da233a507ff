"""Size and steps of the case: a row for each setting, and the fault under the one that made it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from analysis.arithmetic import Case, Kind, faulty_setting
from analysis.arithmetic.example import Example
from analysis.faults import Fault
from viewer.controls import Field, NumberBox, Section, Segmented
from viewer.override_guard import Guarded
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.arithmetic.case.axis_boxes import AxesBox
from viewer.workspaces.arithmetic.case.setting_names import HINTS, LABEL, RANGES, SETTINGS, TURNED
from viewer.workspaces.arithmetic.case.setting_row import SettingField, offer
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.model.scene_model import SceneModel

MOST_CHANNELS = 4096
SIDES = (mark("in"), mark("out"))


@dataclass(frozen=True)
class _Gesture:
    """Changes of one box in a row: from which example, to which, merged by what."""

    name: str
    since: Example
    key: str
    made: Example


class SettingsPart(Guarded, QWidget):
    """Every change is computed at once; changes of one box in a row are undone as one."""

    changed = Signal()
    """Whether the axes stay alike was changed: rows are to be shown anew."""

    def __init__(self, model: SceneModel) -> None:
        super().__init__()
        self._model = model
        self._gesture: _Gesture | None = None
        self._gestures = 0
        self._kind: Kind | None = None
        self._make_head()
        self.rows: dict[str, SettingField] = {
            name: self._axes_row(name, AxesBox(low, high)) for name, (low, high) in RANGES.items()
        }
        self.rows["groups"] = self._groups_row()
        self.rows["channels"] = self._axes_row("channels", AxesBox(1, MOST_CHANNELS, SIDES, "→"))
        self.bias = QCheckBox()
        self.bias.clicked.connect(
            lambda on: edits.set_case(model, partial(_changed, mark("Bias")), bias=on)
        )
        self.bias_row = Field(mark("Bias"), self.bias, LABEL)
        say(self, self.bias_row.setToolTip, "Bias b: a number added to every cell of a channel.")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.head, self.axes_row, *self.rows.values(), self.bias_row):
            column.addWidget(widget)
        language.changed.connect(self.show_faults)

    # ---------------------------------------------------------------- what it is made of

    def _make_head(self) -> None:
        self.head = Section(mark("Size and steps"))
        self.alike = QCheckBox()
        self.alike.setChecked(True)
        say(self, self.alike.setText, "both axes")
        say(self, self.alike.setToolTip, "One number for height and width; off, a number for each.")
        self.alike.clicked.connect(self._set_alike)
        head = self.head.layout()
        assert isinstance(head, QHBoxLayout)
        head.addWidget(self.alike)
        self.rank = Segmented([(1, mark("1-D")), (2, mark("2-D"))])
        self.rank.valueChanged.connect(lambda rank: edits.set_rank(self._model, int(str(rank))))
        self.axes_row = Field(mark("Axes"), self.rank, LABEL)
        say(
            self,
            self.axes_row.setToolTip,
            "1-D: a signal along one axis; 2-D: an image. From 2-D the middle row stays.",
        )

    def _axes_row(self, name: str, box: AxesBox) -> SettingField:
        box.valueChanged.connect(lambda value: self._change(name, value))
        box.settled.connect(self.settle)
        short = "input" if name == "in_size" else name.replace("_", "-")
        box.setObjectName(f"arithmetic.{short}")
        return self._row(name, box)

    def _groups_row(self) -> SettingField:
        box = NumberBox(1, MOST_CHANNELS)
        box.valueChanged.connect(lambda value: self._change("groups", value))
        box.editingFinished.connect(self.settle)
        return self._row("groups", box)

    def _row(self, name: str, box: QWidget) -> SettingField:
        row = SettingField(SETTINGS[name], box, HINTS[name])
        row.repairAsked.connect(self._mend)
        return row

    # ---------------------------------------------------------------- mouse and keys

    def settle(self) -> None:
        """The number is done: what is changed next is undone by itself."""
        self._gesture = None

    def _change(self, name: str, value: object) -> None:
        model, gesture = self._model, self._gesture
        if gesture is None or gesture.name != name or gesture.made is not model.example:
            self._gestures += 1
            key = f"arithmetic {name} {self._gestures}"
            gesture = _Gesture(name, model.example, key, model.example)
        label = partial(_changed, SETTINGS[name])
        edits.set_case(model, label, gesture.key, gesture.since, **{name: value})
        self._gesture = _Gesture(name, gesture.since, gesture.key, model.example)

    def _mend(self) -> None:
        self.settle()
        edits.mend(self._model)

    def _set_alike(self, alike: bool) -> None:
        """Joining axes that differ takes the height's settings for both."""
        case = self._model.example.case
        if alike and not _alike(case):
            settings = {name: getattr(case, name)[:1] * case.rank for name in RANGES}
            edits.set_case(self._model, lambda: tr("Use one number for both axes"), **settings)
        self.changed.emit()

    # ---------------------------------------------------------------- what it shows

    def join_axes(self) -> None:
        """One box for both axes again, where they are alike."""
        self.alike.setChecked(True)
        self.show_case()

    def show_case(self) -> None:
        """Show the settings of the document's example, possible or not."""
        case = self._model.example.case
        if not _alike(case):
            self.alike.setChecked(False)
        self.alike.setVisible(case.rank == 2)
        self.rank.set_value(case.rank)
        for name in RANGES:
            self._box(name).show_value(getattr(case, name), self.alike.isChecked())
        groups = self.rows["groups"].editor
        assert isinstance(groups, NumberBox)
        groups.set_value(case.groups)
        pools = case.kind == "pool"
        same = pools and case.channels[0] == case.channels[1]
        self._box("channels").show_value(case.channels, same)
        self.bias.setChecked(case.bias)
        self.rows["groups"].setVisible(not pools)
        self.bias_row.setVisible(not pools)
        averages = pools and case.mode == "average" and max(case.dilation) == 1
        self.rows["dilation"].setVisible(not averages)
        self.rows["output_padding"].setVisible(case.kind == "transposed")
        self._say_kind(case.kind)
        self.show_faults()

    def _say_kind(self, kind: Kind) -> None:
        if kind == self._kind:
            return
        self._kind = kind
        turned = kind == "transposed"
        self._name("in_size", mark("Input i′") if turned else SETTINGS["in_size"])
        for name, hint in TURNED.items():
            row = self.rows[name]
            say(row, row.setToolTip, hint if turned else HINTS[name])

    def _name(self, name: str, label: str) -> None:
        row = self.rows[name]
        say(row, row.label.setText, label)
        say(row, row.editor.setAccessibleName, label)

    def _box(self, name: str) -> AxesBox:
        box = self.rows[name].editor
        assert isinstance(box, AxesBox)
        return box

    def show_faults(self) -> None:
        """Put the fault under the setting that it is about."""
        model = self._model
        fault = model.fault
        at = self.row_of(fault)
        for row in self.rows.values():
            if row is not at or fault is None:
                row.show_fault("")
                continue
            case = model.example.case
            sentence = fault_sentence(fault, case.rank)
            row.show_fault(sentence, offer(case, fault), faulty_setting(fault)[1])

    def row_of(self, fault: Fault | None) -> SettingField | None:
        """The row under which a fault is said; None where no row that is shown is about it."""
        row = self.rows.get(faulty_setting(fault)[0]) if fault is not None else None
        return row if row is not None and not row.isHidden() else None


def _alike(case: Case) -> bool:
    return all(len(set(getattr(case, name))) == 1 for name in RANGES)


def _changed(title: str) -> str:
    """What the step is called that changes a setting."""
    return tr("Change {name}", name=tr(title))
