"""The workspace Train: networks are trained side by side, in a process of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from PySide6.QtWidgets import QWidget

from viewer.session import Session
from viewer.session.canvas_mode import CanvasMode
from viewer.session.command import Command, Offer
from viewer.session.lesson_scene import LessonScene
from viewer.session.live_state import Live
from viewer.session.step_maps import StepMaps
from viewer.session.trained_weights import TrainedWeights
from viewer.session.view_state import ViewState
from viewer.session.workspace import Contents, DockPanel, OngoingWork, Workspace
from viewer.text.blueprint_names import network_title
from viewer.text.number_format import decimal, grouped
from viewer.text.translation import mark, tr
from viewer.text.twin_names import twin_name
from viewer.workspaces.services import Services
from viewer.workspaces.train.lab.experiments import EXPERIMENTS, Experiment, experiment_recipe
from viewer.workspaces.train.lab.following import Following
from viewer.workspaces.train.lab.lab import Lab
from viewer.workspaces.train.lab.models import model_title
from viewer.workspaces.train.lab.training_now import TrainingNow
from viewer.workspaces.train.view_part import OWN, TrainView

KEY = "train"
SEEN_INSIDE = {
    "forward": mark("inside step {n}: outputs, for a training picture"),
    "backward": mark("inside step {n}: gradients of the loss by the outputs"),
}


def heading(session: Session) -> tuple[str, str]:
    """Title: the network on the canvas. Fact: whose weights it has, or that another is trained."""
    inside = session.live.part(StepMaps)
    if inside.structure == session.document.graph.structure_hash:
        text = SEEN_INSIDE[inside.phase]
        return network_title(session.document), tr(text, n=grouped(inside.step))
    trained = session.live.part(TrainedWeights)
    if trained.structure == session.document.graph.structure_hash:
        said = tr("weights of “{name}” after step {n}", name=twin_name(trained.twin),
                  n=grouped(trained.step))  # fmt: skip
        return network_title(session.document), said
    model = session.view.part(TrainView).recipe.model
    if model != OWN and model_title(model) != network_title(session.document):
        said = tr("the recipe trains {model}", model=model_title(model))
        return network_title(session.document), said
    count = grouped(session.facts.parameters)
    return network_title(session.document), tr("{n} parameters", n=count)


@dataclass(frozen=True)
class TrainContents(Contents):
    """The panels and commands for one window, and the lab that they share."""

    lab: Lab = field(kw_only=True)


def contents(services: Services) -> TrainContents:
    """The panels and commands for one window."""
    lab = Lab(services)
    following = Following(lab, KEY)

    def end() -> None:
        lab.close()
        following.close()

    def shown(before: ViewState | None, after: ViewState) -> None:
        if after.workspace == KEY and (before is None or before.workspace != KEY):
            lab.make_ready()

    def taught(before: Live, after: Live) -> None:
        was, now = (KEY in each.part(LessonScene).workspaces for each in (before, after))
        if now and not was:
            lab.make_ready()

    services.session.viewChanged.connect(shown)
    services.session.liveChanged.connect(taught)
    return TrainContents(
        panels=(
            DockPanel("left", partial(_recipe, lab), 304, 280),
            DockPanel("right", partial(_results, lab), 560, 340),
            DockPanel("bottom", partial(_foot, lab), 260),
        ),
        commands=(
            Command("train-toggle", mark("Start, pause or go on with the training"), lab.toggle,
                    "model", ("Ctrl+Return",)),
            Command("train-step", mark("One training step"), lab.step, "model"),
            Command("train-stop", mark("End the training"), lab.stop, "model"),
        ),
        offers=lambda: [
            Offer(tr(each.title), tr(each.sentence),
                  lambda row=each: _begin_experiment(lab, row))  # type: ignore[misc]
            for each in EXPERIMENTS
        ],
        work=OngoingWork(lambda: _under_way(lab), lab.hold, lab.release, end),
        lab=lab,
    )  # fmt: skip


def _begin_experiment(lab: Lab, row: Experiment) -> None:
    lab.session.set_view(workspace=KEY)
    lab.set_view(recipe=experiment_recipe(row))


def _under_way(lab: Lab) -> str:
    """What would be cut off by closing the window; nothing while nothing is trained."""
    if not lab.log.is_busy:
        return ""
    return tr(
        "A training is under way, at step {n} of {steps}. Close all the same? It can go on from "
        "its last checkpoint at the next start.",
        n=grouped(lab.log.step), steps=grouped(lab.log.recipe.steps),
    )  # fmt: skip


def _recipe(lab: Lab) -> QWidget:
    from viewer.workspaces.train.export.taking import Results
    from viewer.workspaces.train.recipe.panel import RecipePanel

    panel = RecipePanel(lab)
    files = Results(lab)
    panel.openAsked.connect(files.ask_recipe)
    panel.saveAsked.connect(files.ask_recipe_target)
    panel.fileDropped.connect(files.open_recipe)
    return panel


def _results(lab: Lab) -> QWidget:
    from viewer.workspaces.train.results.panel import ResultsPanel

    return _saying(lab, ResultsPanel(lab))


def _foot(lab: Lab) -> QWidget:
    from viewer.workspaces.train.foot.panel import FootPanel

    return _saying(lab, FootPanel(lab))


def _saying(lab: Lab, panel: QWidget) -> QWidget:
    """The panel, whose charts say what goes wrong with a picture of them."""
    from viewer.workspaces.train.charts.chart_view import ChartView

    for chart in panel.findChildren(ChartView):
        chart.failed.connect(lab.session.notifications.post)
    return panel


def status(session: Session) -> str | None:
    """That training leaves the window free, and how fast it is."""
    said = tr("Training runs in a process of its own; the window stays free.")
    rate = session.live.part(TrainingNow).rate
    return f"{said}   {tr('{n} steps/s', n=decimal(rate))}" if rate else said


TRAIN: Workspace[Session, Services] = Workspace(
    key=KEY,
    title=mark("Train"),
    shortcut="Ctrl+5",
    canvas=CanvasMode(heading=heading),
    contents=contents,
    view_parts=(TrainView,),
    status=status,
)
