"""Choose a blueprint and its settings: the left dock of Build. Every change is a new graph."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from analysis.blueprints import BLUEPRINTS, Value, preset_of
from analysis.blueprints.presets import Paper
from analysis.blueprints.skips import with_skips
from analysis.storage.document import Document
from viewer.controls import ErrorStrip, PanelTitle, Section, labelled, lay_out_panel, line
from viewer.controls.leaving_button import LeavingButton
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.edits.repairs import repair_buttons
from viewer.session.undo import StepName
from viewer.session.view_state import ViewState
from viewer.text.block_names import full_name
from viewer.text.blueprint_names import blueprint_title, choice_title, setting_title
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.build.blueprints import edits
from viewer.workspaces.build.blueprints.browser import BlueprintBrowser
from viewer.workspaces.build.blueprints.input_size import InputSize, size_step
from viewer.workspaces.build.blueprints.settings import LABEL, BlueprintSettings
from viewer.workspaces.build.blueprints.skip_switch import SkipSwitch
from viewer.workspaces.build.blueprints.view_part import BlueprintsView


class BlueprintsPanel(Guarded, QWidget):
    """All blueprints, the settings of the chosen one, and a way back after editing by hand."""

    _shown = Signal()

    def __init__(self, session: Session, waits: bool = False) -> None:
        """Where it `waits`, the rows of the network are made by `fill`, or when it is shown."""
        super().__init__()
        self._session = session
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.browser = BlueprintBrowser()
        self.cards = self.browser.cards
        self.browser.chosen.connect(self._choose)
        self.browser.presetChosen.connect(lambda key: edits.choose_preset(session, key))
        self.detached = self._notice()
        self.input_size = InputSize(session, LABEL)
        self.switch = SkipSwitch()
        self.switch.switched.connect(self._switch_skips)
        self.problem = ErrorStrip()
        self.settings: BlueprintSettings | None = None
        self._behind = waits
        """Whether there are no rows yet for a network that came while this was hidden."""
        # After what else the same turn changes, and before this is painted.
        self._shown.connect(self._catch_up, Qt.ConnectionType.QueuedConnection)
        self._lay_out()
        session.documentChanged.connect(self._document_changed)
        session.history.indexChanged.connect(lambda _: self._say_detached())
        session.viewChanged.connect(self._view_changed)
        language.changed.connect(self._say_problem)
        session.repairs.found.connect(self._say_problem)
        theme.changed.connect(self._say_problem)
        if not waits:
            self._refresh()

    def _notice(self) -> QFrame:
        """Said while the graph is no longer what a blueprint made."""
        notice = QFrame()
        notice.setProperty("role", "notice")
        self.why_detached = labelled("plain")
        self.why_detached.setWordWrap(True)
        self.restart = LeavingButton()
        self.restart.clicked.connect(self._start_again)
        column = QVBoxLayout(notice)
        column.setContentsMargins(10, 8, 10, 10)
        column.setSpacing(8)
        column.addWidget(self.why_detached)
        column.addWidget(self.restart, 0, Qt.AlignmentFlag.AlignLeft)
        return notice

    def _lay_out(self) -> None:
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(12, 10, 12, 12)
        self._column.setSpacing(8)
        self._column.addWidget(self.detached)
        self._column.addWidget(self.input_size)
        self._heading = Section(mark("Settings"))
        self.sentence = labelled("muted")
        self.sentence.setWordWrap(True)
        self.source = labelled("small")
        self.source.setWordWrap(True)
        self.source.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._column.addWidget(self._heading)
        self._column.addWidget(self.sentence)
        self._column.addWidget(self.source)
        self._column.addWidget(self.switch)
        self._below = QWidget()
        self._column.addWidget(self._below)
        self._column.addWidget(self.problem)
        self._column.addStretch(1)
        scroll = lay_out_panel(self, PanelTitle(mark("Blueprints")), inner)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        whole = self.layout()
        assert isinstance(whole, QVBoxLayout)
        whole.insertWidget(1, self.browser, 2)
        whole.insertWidget(2, line())
        whole.setStretchFactor(scroll, 3)

    # ------------------------------------------------------------- following the session

    def _document_changed(self, before: Document, after: Document) -> None:
        if (before.blueprint, before.graph) != (after.blueprint, after.graph):
            self._follow()

    def _view_changed(self, before: ViewState, after: ViewState) -> None:
        if before.part(BlueprintsView) != after.part(BlueprintsView):
            self._follow()

    def _follow(self) -> None:
        self._behind = not self.isVisible()
        if not self._behind:
            self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._behind:
            self._shown.emit()

    def fill(self) -> Iterator[object]:
        """Make the rows of the network that wait until this is shown."""
        if self._behind:
            self._behind = False
            self._refresh()
            yield None

    def _catch_up(self) -> None:
        if self._behind:
            self._follow()

    def _refresh(self) -> None:
        blueprint = self._session.document.blueprint
        attached = blueprint is not None and blueprint[0] in BLUEPRINTS
        name, settings = self._last
        self.detached.setVisible(not attached)
        self.input_size.show_size(not attached)
        self._heading.setVisible(attached)
        self._heading.set_text(BLUEPRINTS[name].title)
        self.sentence.setVisible(attached)
        say(self, self.sentence.setText, BLUEPRINTS[name].sentence)
        self.switch.show_of(name, settings if attached else None)
        self._say_detached()
        preset = preset_of(name, settings) if attached else None
        self.source.setVisible(preset is not None)
        self.source.setText(_source(preset.paper) if preset else "")
        self.browser.check(name if attached else None, preset.key if preset else None)
        self._show_settings(attached)
        self._say_problem()

    def _say_detached(self) -> None:
        name = blueprint_title(self._last[0])
        now, opened = self._session.document.graph, self._session.opened
        if edits.is_edited(now, opened):
            why = mark("Edited by hand: no blueprint describes this network any more.")
            way = mark("Start again from {name}")
        else:
            why = mark("This network was opened from a file: no blueprint describes it.")
            way = mark("Start from {name}")
        say(self, self.why_detached.setText, why)
        say(self, self.restart.setText, way, name=name)

    def _show_settings(self, attached: bool) -> None:
        name, settings = self._last
        if attached and self.settings is not None and self.settings.name == name:
            size = edits.input_size(self._session, settings)
            self.settings.show_settings(settings, size, self._opened)
            self.settings.show()
            return
        if self.settings is not None and not attached:
            self.settings.hide()
            return
        if not attached:
            return
        size = edits.input_size(self._session, settings)
        fresh = BlueprintSettings(name, settings, size, self._opened)
        fresh.changed.connect(self._set)
        fresh.levelled.connect(self._set_levels)
        fresh.resized.connect(self._resize)
        fresh.stepped.connect(self._end_step)
        self._column.replaceWidget(self.settings or self._below, fresh)
        (self.settings or self._below).hide()
        (self.settings or self._below).deleteLater()
        self.settings = fresh

    def _say_problem(self, *_: object) -> None:
        """A blueprint that does not fit says why, and what would."""
        facts = self._session.facts
        if self._session.document.blueprint is None or not facts.problems:
            self.problem.show_error("")
            return
        node_id = facts.problems[0]
        fault = facts.layers[node_id].fault
        if fault is not None:
            buttons = repair_buttons(self._session, node_id)
            self.problem.show_error(fault_sentence(fault), buttons, full_name(node_id))

    # ------------------------------------------------------------- changing the document

    _steps = 0

    def _end_step(self) -> None:
        """What is typed after this is a step of its own."""
        self._steps += 1

    def _choose(self, name: str) -> None:
        if name != self._last[0] or self._session.document.blueprint is None:
            edits.choose(self._session, name, self._last)

    def _start_again(self) -> None:
        name = self._last[0]
        label = lambda: tr("Start again from {name}", name=blueprint_title(name))  # noqa: E731
        self._build(label, self._last)

    def _set(self, key: str, value: Value) -> None:
        name, settings = self._last
        after = BLUEPRINTS[name].changed(settings, key, value)
        self._build(
            partial(_named, name, key, value), (name, after), f"blueprint {key} {self._steps}"
        )

    @property
    def _last(self) -> edits.Described:
        """The document's blueprint, or while it has none the one to start again from."""
        return edits.last_described(self._session)

    @property
    def _opened(self) -> frozenset[str]:
        """The settings whose levels are shown."""
        return self._session.view.part(BlueprintsView).levels

    def _set_levels(self, key: str, shown: bool) -> None:
        """Show the levels of a setting, or have one value for all of them again."""
        view = self._session.view
        part = view.part(BlueprintsView).having(key, shown)
        self._session.set_view(parts=view.parts.having(part))
        name, settings = self._last
        whole = BLUEPRINTS[name].split(settings, key, range(0))
        if not shown and whole != BLUEPRINTS[name].complete(settings):
            self._build(partial(_joined, name, key), (name, whole))

    def _switch_skips(self, wanted: bool) -> None:
        """The same network with or without its skips: ids stay, and so do weights that fit."""
        text = mark("Bring the skips in") if wanted else mark("Take the skips out")
        described = with_skips(*self._last, wanted)
        before, after = (BLUEPRINTS[name].title for name in (self._last[0], described[0]))
        named_by_it = self._session.document.title == before
        self._build(lambda: tr(text), described, title=after if named_by_it else None)

    def _resize(self, size: tuple[int, ...]) -> None:
        name, settings = self._last
        after = {**settings, "size": size[0]}
        self._build(partial(size_step, size), (name, after), f"blueprint size {self._steps}", size)

    def _build(
        self,
        label: StepName,
        described: edits.Described,
        merge_key: str | None = None,
        size: tuple[int, ...] | None = None,
        title: str | None = None,
    ) -> None:
        before = edits.input_size(self._session, self._last[1])
        edits.build(self._session, label, described, before, merge_key, size, title)


def _named(name: str, key: str, value: Value) -> str:
    """What a step of undo is called: the setting and the value it gets."""
    setting = BLUEPRINTS[name].setting(key)
    if setting is None:
        return tr("Change {name}", name=blueprint_title(name))
    shown = tr(choice_title(setting, str(value))) if setting.kind == "choice" else str(value)
    return tr("{setting}: {value}", setting=tr(setting_title(setting)), value=shown)


def _joined(name: str, key: str) -> str:
    """What the step is called that takes the values of single levels away."""
    setting = BLUEPRINTS[name].setting(key)
    title = tr(setting_title(setting)) if setting is not None else key
    return tr("{setting}: {value}", setting=title, value=tr("One for all levels"))


def _source(paper: Paper) -> str:
    """A paper in one line, whose number is not torn apart where the line wraps."""
    return str(paper).replace(paper.place, paper.place.replace(" ", "\u00a0"))
