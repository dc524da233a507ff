"""The left panel of Train: an experiment to begin with, and every field of the recipe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from analysis.faults import Fault
from analysis.graph import Graph
from analysis.storage.document import Document
from analysis.training.recipe import Recipe
from analysis.training.twins import twin_networks
from viewer.controls import PanelTitle, labelled, lay_out_panel, line
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.session.view_state import ViewState
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.train.lab.experiments import (
    EXPERIMENTS,
    experiment_of,
    experiment_recipe,
    training_name,
)
from viewer.workspaces.train.lab.lab import Lab
from viewer.workspaces.train.lab.models import model_of
from viewer.workspaces.train.recipe.comparison import Comparison
from viewer.workspaces.train.recipe.data_field import DataField
from viewer.workspaces.train.recipe.field_rows import FieldRows
from viewer.workspaces.train.recipe.model_field import ModelField
from viewer.workspaces.train.recipe.rows import (
    NETWORK_ROWS,
    PENALTY_ROWS,
    TASK_ROWS,
    TRAINING_ROWS,
)
from viewer.workspaces.train.view_part import TrainView


def parameter_counts(recipe: Recipe, document: Document) -> tuple[int, ...]:
    """Of each twin; none where the recipe does not fit the network."""
    model = model_of(recipe, document)
    if isinstance(model, Fault):
        return ()
    twins = twin_networks(recipe, model.graph, model.blueprint)
    return () if isinstance(twins, Fault) else tuple(each.facts.parameters for each in twins)


class RecipePanel(Guarded, QWidget):
    """Shows and changes the recipe that the next training takes.

    openAsked(), saveAsked(), fileDropped(path): recipes as files, which the workspace sees to.
    """

    openAsked = Signal()
    saveAsked = Signal()
    fileDropped = Signal(str)

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self._lab = lab
        self._counted: tuple[Recipe, Graph] | None = None
        self._counts: tuple[int, ...] = ()
        current, write = (lambda: lab.recipe), (lambda recipe: lab.set_view(recipe=recipe))
        self.data = DataField()
        self.data.chosen.connect(lambda data: lab.set_recipe(data=data))
        self.task = FieldRows(mark("Task"), TASK_ROWS, current, write, (1, self.data))
        self.model = ModelField()
        self.model.chosen.connect(lambda model: lab.set_recipe(model=model))
        self.model.weightsToggled.connect(lambda on: lab.set_view(own_weights=on))
        self.model.followToggled.connect(lambda on: lab.set_view(follow=on))
        rows = NETWORK_ROWS + PENALTY_ROWS
        self.network = FieldRows(mark("Network"), rows, current, write, (0, self.model))
        self.training = FieldRows(mark("Training"), TRAINING_ROWS, current, write)
        self.comparison = Comparison(current, lambda twins: lab.set_recipe(twins=twins))
        lay_out_panel(self, self._title(), self._content())
        lab.session.viewChanged.connect(self._view_changed)
        lab.session.documentChanged.connect(lambda *_: self.show_recipe())
        language.changed.connect(self.show_recipe)
        self.show_recipe()

    def _title(self) -> PanelTitle:
        more = QToolButton()
        more.setIcon(icon("more", "text"))
        more.setObjectName("recipe.more")
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        say(self, more.setToolTip, mark("Open or save the recipe"))
        say(self, more.setAccessibleName, mark("Open or save the recipe"))
        menu = QMenu(more)
        opened, saved = menu.addAction(""), menu.addAction("")
        say(menu, opened.setText, mark("Open a recipe…"))
        say(menu, saved.setText, mark("Save the recipe…"))
        opened.triggered.connect(lambda *_: self.openAsked.emit())
        saved.triggered.connect(lambda *_: self.saveAsked.emit())
        more.setMenu(menu)
        return PanelTitle(mark("Recipe"), more)

    def _content(self) -> QWidget:
        self.start = QPushButton()
        self.start.setProperty("role", "primary")
        self.start.setObjectName("recipe.start")
        self.start.clicked.connect(self._lab.toggle)
        self._lab.stateChanged.connect(self._say_start)
        self.experiments = QPushButton()
        self.experiments.setProperty("role", "menu")
        self.experiments.setObjectName("recipe.experiments")
        self.question, self.other = labelled("caption", ""), labelled("caption", "")
        for label in (self.question, self.other):
            label.setWordWrap(True)
        menu = QMenu(self.experiments)
        menu.setToolTipsVisible(True)
        for each in EXPERIMENTS:
            action = menu.addAction("")
            action.setObjectName(each.file)
            say(menu, action.setText, each.title)
            say(menu, action.setToolTip, each.sentence)
            action.triggered.connect(lambda _=False, row=each: self._take(experiment_recipe(row)))
        self.experiments.setMenu(menu)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(12)
        for widget in (self.experiments, self.question, self.start, self.other):
            column.addWidget(widget)
        for part in (self.comparison, self.task, self.network, self.training):
            column.addWidget(line())
            column.addWidget(part)
        column.addStretch(1)
        self._say_start()
        return content

    def fill(self) -> Iterator[object]:
        """Make the fields of a part for each item."""
        for part in (self.task, self.network, self.training):
            if not part.is_made:
                yield part.fields

    def _say_start(self) -> None:
        """The foot may be folded: what starts a training stands here too."""
        state = self._lab.log.state
        words = {"running": mark("Pause"), "paused": mark("Go on")}
        say(self, self.start.setText, words.get(state or "", mark("Start")))
        self.start.setEnabled(state != "preparing")
        self._say_other()

    def _say_experiment(self) -> None:
        """The experiment that the recipe is, and what it asks."""
        row = experiment_of(self._lab.recipe)
        self.experiments.setText(tr(row.title) if row else tr("Choose an experiment"))
        self.question.setText(tr(row.sentence) if row else "")
        self.question.setVisible(row is not None)

    def _say_other(self) -> None:
        """That another recipe trains than the one that stands here, where it is so."""
        log = self._lab.log
        other = log.is_busy and log.recipe != self._lab.recipe
        said = tr("These settings are for the next start. Training now: {names}",
                  names=training_name(log.recipe))  # fmt: skip
        self.other.setText(said if other else "")
        self.other.setVisible(other)

    def _take(self, recipe: Recipe) -> None:
        self._lab.set_view(recipe=recipe, own_weights=False)

    def _view_changed(self, before: ViewState, after: ViewState) -> None:
        if before.part(TrainView) != after.part(TrainView):
            self.show_recipe()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_recipe()

    def show_recipe(self) -> None:
        """Show the recipe as it is now; what is not seen waits until it is."""
        lab = self._lab
        if not self.isVisible():
            return
        self._say_experiment()
        self._say_other()
        for rows in (self.task, self.network, self.training):
            rows.show_recipe()
        self.data.show_data(lab.recipe.data)
        has_weights = lab.session.document.weights is not None
        view = lab.view
        self.model.show_model(lab.recipe.model, view.own_weights, has_weights, view.follow)
        asked = lab.recipe, lab.session.document.graph
        if asked != self._counted:
            self._counted, self._counts = asked, ()
            lab.services.background.start(
                lambda _: parameter_counts(asked[0], lab.session.document),
                lambda counts: self._take_counts(asked, counts),
                lambda _: None,
            )
        self.comparison.show_twins(self._counts)

    def _take_counts(self, asked: tuple[Recipe, Graph], counts: tuple[int, ...]) -> None:
        if asked == self._counted:
            self._counts = counts
            self.comparison.show_twins(counts)

    # ------------------------------------------------------------------ drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = self._dropped(event)
        if path is None:
            return
        event.acceptProposedAction()
        if Path(path).is_dir():
            self._lab.set_recipe(data=path)
        else:
            self.fileDropped.emit(path)

    def _dropped(self, event: QDropEvent) -> str | None:
        """A folder of pictures or a recipe; anything else is the window's."""
        paths = [url.toLocalFile() for url in event.mimeData().urls()]
        if len(paths) == 1 and (Path(paths[0]).is_dir() or paths[0].lower().endswith(".json")):
            return paths[0]
        return None
