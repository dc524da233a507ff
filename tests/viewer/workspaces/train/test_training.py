"""Train: networks are trained from the window, steered, looked at, and taken to the canvas."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QMessageBox, QPushButton, QToolButton

from analysis.training.process.pictures import colours
from analysis.training.recipe import Evaluation, Recipe, Twin, read_recipe
from viewer.canvas import CanvasView
from viewer.controls import Choice, ErrorStrip
from viewer.session.step_maps import StepMaps
from viewer.session.trained_weights import TrainedWeights
from viewer.shell.unfinished_work import BOX
from viewer.text.block_names import full_name
from viewer.text.number_format import decimal
from viewer.text.translation import language
from viewer.workspaces.train.charts.of_log import score_text
from viewer.workspaces.train.charts.of_sizes import size_charts
from viewer.workspaces.train.charts.pixels import packed
from viewer.workspaces.train.export.taking import Results
from viewer.workspaces.train.foot.inside_step import InsideStep
from viewer.workspaces.train.foot.transport import Transport
from viewer.workspaces.train.lab.experiments import EXPERIMENTS, experiment_recipe
from viewer.workspaces.train.recipe.panel import RecipePanel
from viewer.workspaces.train.recipe.text_editor import TextEditor
from viewer.workspaces.train.results.panel import ResultsPanel
from viewer.workspaces.train.results.previews import PreviewGrid
from viewer.workspaces.train.view_part import OWN, TrainView


def click(desk, name: str) -> None:
    desk.qtbot.mouseClick(desk.window.findChild(QToolButton, name), Qt.MouseButton.LeftButton)


def results(desk) -> ResultsPanel:
    return desk.window.findChild(ResultsPanel)


def test_the_process_of_its_own_trains_and_a_killed_one_goes_on(open_desk, pictures):
    desk = open_desk(pictured=False)
    lab = desk.window.contents["train"].lab
    lab.set_recipe(data=pictures, patch=16, batch=1, steps=100_000, evaluate=Evaluation(every=9999))
    desk.session.set_view(workspace="train")
    click(desk, "train.play")
    desk.wait(lambda: lab.log.step > 2)
    assert lab.process.pid not in (None, desk.engine.pid)
    click(desk, "train.play")
    desk.wait(lambda: lab.log.state == "paused" and lab.log.saved_step)
    saved, losses = lab.log.saved_step, list(lab.log.record.losses["without"])
    assert saved == lab.log.step == len(losses)
    os.kill(lab.process.pid, signal.SIGKILL)
    desk.wait(lambda: lab.lost is not None)
    strip = results(desk).findChild(ErrorStrip)
    assert [each.text() for each in strip.buttons] == ["Continue", "Forget it"]
    desk.qtbot.mouseClick(strip.buttons[0], Qt.MouseButton.LeftButton)
    desk.wait(lambda: lab.log.step > saved)
    assert lab.log.record.losses["without"][:saved] == losses
    lab.stop()
    desk.wait(lambda: lab.log.state == "stopped")


def test_start_pause_step_and_stop_by_their_buttons(train):
    desk, lab, here = train
    click(desk, "train.play")
    assert lab.log.state == "running"
    here.turn(2)
    click(desk, "train.play")
    assert (lab.log.state, lab.log.step) == ("paused", 2)
    click(desk, "train.step")
    assert (lab.log.state, lab.log.step) == ("paused", 3)
    start = desk.window.findChild(QPushButton, "recipe.start")
    assert start.text() == "Go on"
    desk.qtbot.mouseClick(start, Qt.MouseButton.LeftButton)
    assert (lab.log.state, start.text()) == ("running", "Pause")
    click(desk, "train.stop")
    assert (lab.log.state, start.text()) == ("stopped", "Start")
    assert not desk.window.findChild(QToolButton, "train.stop").isEnabled()


def test_pictures_and_curves_show_what_the_log_holds(train):
    desk, lab, here = train
    click(desk, "train.play")
    here.turn(6)
    assert lab.log.state == "done"
    grid = desk.window.findChild(PreviewGrid)
    desk.wait(lambda: grid.images.shown is lab.log.previews)
    desk.wait(lambda: grid.height() >= grid.heightForWidth(grid.width()))
    shown = grid.grab().toImage()
    picture = lab.log.previews.pictures[0]
    columns = [picture.given, picture.seen["with skips"].pixels,
               picture.seen["without"].pixels, picture.wanted]  # fmt: skip
    for column, pixels in enumerate(columns):
        middle = grid.picture_rect(0, column).center()
        side = grid.side(grid.width())
        y, x = (int((0.5) * each) for each in pixels.shape[:2])
        near = pixels[y - 1 : y + 1, x - 1 : x + 1].reshape(-1, 3).astype(int)
        colour = shown.pixelColor(middle.toPoint())
        seen = np.array([colour.red(), colour.green(), colour.blue()])
        assert side > 40
        assert (seen >= near.min(0) - 3).all()
        assert (seen <= near.max(0) + 3).all()
    older = results(desk).older
    assert not older.isVisible()
    lab.set_recipe(seed=1)
    assert older.text().startswith("These results are of the settings before")
    lab.set_recipe(twins=(Twin("network"),))
    assert older.text().startswith("These results are of the training before: with skips, without.")
    points = lab.log.scores("with skips", "score", "steps")
    assert [step for step, _ in points] == [0, 3, 6]
    assert lab.log.scores("with skips", "training", "steps")


def test_a_click_shows_the_next_network_in_the_same_place(train):
    desk, lab, here = train
    click(desk, "train.play")
    here.turn(3)
    grid = desk.window.findChild(PreviewGrid)
    assert grid.columns == 4
    middle = grid.picture_rect(0, 1).center().toPoint()
    desk.qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=middle)
    assert (lab.view.only, grid.columns) == (0, 3)
    desk.wait(lambda: grid.side(grid.width()) > 60)
    middle = grid.picture_rect(0, 1).center().toPoint()
    for place, name in ((0, "with skips"), (1, "without")):
        pixels = lab.log.previews.pictures[0].seen[name].pixels
        assert lab.view.only == place
        assert grid.images.rows[0][1] == packed(pixels)
        desk.qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=middle)
    switch = results(desk).only
    assert switch.segments.value() == lab.view.only == 0
    desk.qtbot.mouseClick(switch.segments.buttons[0], Qt.MouseButton.LeftButton)
    assert (lab.view.only, grid.columns) == (None, 4)


def test_noise_and_memory_by_batch_size_come_by_a_button(train, monkeypatch):
    monkeypatch.setattr("analysis.training.batch_noise.SIZES", (1, 4))
    desk, lab, here = train
    click(desk, "train.play")
    here.turn(2)
    view = results(desk).epoch
    assert not view.sizes.isVisible()
    desk.qtbot.mouseClick(view.measure, Qt.MouseButton.LeftButton)
    assert (lab.log.sizes.twin, lab.log.sizes.step) == ("with skips", 2)
    assert lab.log.state == "running"
    assert view.sizes.isVisible()
    assert "with skips at step 2" in view.said.text()
    noise, memory, _ = (chart.bars[0].values for _, chart in size_charts(lab.log.sizes))
    assert noise[0] > noise[1] > 0
    assert 3 < memory[1] / memory[0] <= 4


def test_what_each_skip_is_worth_comes_by_a_button_and_at_the_end(train):
    desk, lab, here = train
    view = results(desk).worth
    assert not view.isVisible()
    lab.set_recipe(model="unet:depth=2,base=2,norm=none,size=32")
    click(desk, "train.play")
    here.turn(2)
    assert (view.measure.isVisible(), view.chart.isVisible()) == (True, False)
    desk.qtbot.mouseClick(view.measure, Qt.MouseButton.LeftButton)
    assert (lab.log.worth.step, lab.log.state) == (2, "running")
    assert view.chart.isVisible()
    here.turn(4)
    assert lab.log.state == "done"
    here.service.turn()
    worth = lab.log.worth
    assert (worth.step, list(worth.twins)) == (6, ["with skips"]), "the other one has no skips"
    found = worth.twins["with skips"]
    assert found.all == pytest.approx(lab.log.last_score("with skips"), abs=1e-4)
    assert [name for name, _, _ in view._rows(worth)] == ["A  skip 1", "A  skip 2"]
    assert f"{decimal(found.none)} dB with all skips closed" in view.said.text()


def test_a_step_waits_inside_and_shows_its_layers_on_the_canvas(train):
    desk, lab, here = train
    lab.set_view(foot="inside")
    inside = desk.window.findChild(InsideStep)
    assert inside.isVisible()
    trainer = lambda: here.service._training.trainers["with skips"]  # noqa: E731
    desk.qtbot.mouseClick(inside.take, Qt.MouseButton.LeftButton)
    assert (lab.log.state, lab.log.inside.stands, inside.at) == ("paused", "forward", 0)
    count = len(trainer().layers)
    assert len(inside.moments) == count
    assert trainer().losses == [], "the loss is not there yet"
    weights = {key: each.detach().clone() for key, each in trainer().parameters.items()}
    assert desk.session.view.selection == inside.moments[0].layer
    for at in range(1, count + 1):
        assert len(desk.session.live.part(StepMaps).pictures) == at
        desk.qtbot.mouseClick(inside.on, Qt.MouseButton.LeftButton)
    assert inside.moments[-1].phase == "loss"
    assert "the loss is" in inside.said.text()
    assert inside.take.text() == "Next part: backward"
    assert {each.grad for each in trainer().parameters.values()} == {None}
    desk.qtbot.mouseClick(inside.take, Qt.MouseButton.LeftButton)
    assert (lab.log.inside.stands, inside.at) == ("backward", count + 1)
    last = inside.moments[count - 1].layer
    assert desk.session.view.selection == inside.moments[inside.at].layer == last
    assert set(desk.session.live.part(StepMaps).pictures) == {last}
    shown, _ = inside.charts()
    assert sum(value is not None for value in shown.bars[1].values) == 1
    assert all((each == weights[key]).all() for key, each in trainer().parameters.items())
    desk.qtbot.mouseClick(inside.take, Qt.MouseButton.LeftButton)
    assert (lab.log.inside.stands, lab.log.step, lab.log.waits_inside) == ("update", 1, False)
    assert any((each != weights[key]).any() for key, each in trainer().parameters.items())
    assert not inside.run_on.isVisible()


def test_a_step_that_waits_goes_on_and_its_pictures_leave_the_canvas(train):
    desk, lab, here = train
    lab.set_view(foot="inside")
    inside = desk.window.findChild(InsideStep)
    desk.qtbot.mouseClick(inside.take, Qt.MouseButton.LeftButton)
    block = next(each for each in desk.session.blocks if inside.moments[0].layer in each.nodes)
    canvas = desk.window.findChild(CanvasView)
    item = canvas.scene_of_network.items_by_id[block.id]
    assert item._map.pixels is desk.session.live.part(StepMaps).pictures[inside.moments[0].layer]
    lab.set_view(foot="bars")
    assert desk.session.live.part(StepMaps) == StepMaps()
    lab.set_view(foot="inside")
    assert desk.session.live.part(StepMaps).pictures
    desk.qtbot.mouseClick(inside.run_on, Qt.MouseButton.LeftButton)
    assert lab.log.state == "running"
    assert desk.session.live.part(StepMaps) == StepMaps()
    here.turn(1)
    assert here.service._training.step == 2
    desk.qtbot.mouseClick(inside.take, Qt.MouseButton.LeftButton)
    assert (lab.log.inside.stands, lab.log.inside.step) == ("forward", 3)
    click(desk, "train.step")
    assert (lab.log.step, lab.log.waits_inside) == (3, False), "the step is taken to its end"


def test_a_step_of_another_training_shows_its_own_pictures(train):
    desk, lab, _ = train
    lab.set_view(foot="inside")
    inside = desk.window.findChild(InsideStep)
    canvas = desk.window.findChild(CanvasView)

    def taken() -> StepMaps:
        """Begin a training with a step that waits inside; the canvas shows its first output."""
        desk.qtbot.mouseClick(inside.take, Qt.MouseButton.LeftButton)
        layer = inside.moments[0].layer
        block = next(each for each in desk.session.blocks if layer in each.nodes)
        maps = desk.session.live.part(StepMaps)
        shown = canvas.scene_of_network.items_by_id[block.id]._map
        assert shown.pixels is maps.pictures[layer]
        return maps

    first = taken()
    lab.stop()
    assert desk.session.live.part(StepMaps) == StepMaps()
    lab.set_recipe(seed=lab.recipe.seed + 1)
    second = taken()
    assert (first.step, first.moment, first.phase) == (second.step, second.moment, second.phase)
    assert first != second


@pytest.mark.parametrize("task", ["denoise", "reconstruct"])
def test_augmentation_is_shown_as_it_is_drawn(train, task):
    _, lab, here = train
    lab.set_recipe(task=task)
    lab.start(paused=True)
    shown = lab.log.augmentation
    source = here.service._training.source
    for at, each in enumerate(shown.pictures):
        drawn = source.draws(at, len(each.given))
        assert np.array_equal(each.given, [colours(one) for one in drawn.given])
        assert np.array_equal(each.wanted, [colours(one) for one in drawn.wanted])
        assert (each.given == each.wanted).all() == (task == "reconstruct")
        assert len({one.tobytes() for one in each.wanted}) > 1


def test_weights_come_to_the_canvas_and_go_by_undo(train):
    desk, _, here = train
    before = desk.session.document
    click(desk, "train.play")
    here.turn(6)
    menu = desk.window.findChild(QPushButton, "train.canvas").menu()
    assert [each.text() for each in menu.actions()] == ["Weights of “A with skips”",
                                                        "Weights of “B without”"]  # fmt: skip
    menu.actions()[0].trigger()
    desk.wait(lambda: desk.session.document.weights != before.weights)
    assert desk.session.document.graph == before.graph
    assert desk.store.has(desk.session.document.weights.hash)
    menu.actions()[1].trigger()
    desk.wait(lambda: desk.session.document.graph != before.graph)
    assert not [s for s in desk.session.facts.skips if s.kind == "long"]
    assert desk.session.document.blueprint[0] in ("unet", "encoder_decoder")
    for _ in range(2):
        desk.session.history.undo()
    assert desk.session.document == before


def test_weights_are_those_of_the_step_at_which_they_were_asked_for(train, monkeypatch):
    _, lab, here = train
    lab.start(paused=True)
    held = []
    monkeypatch.setattr(here, "tell", held.append)
    came = []
    lab.ask.weights("with skips", lambda weights: came.append(("early", weights.step)))
    first = held.pop()
    lab.ask.weights("with skips", lambda weights: came.append(("late", weights.step)))
    here.service.take(first)
    assert came == [("early", 0)], "the answer to an older question is not taken for this one's"
    monkeypatch.undo()
    lab.step()
    here.tell(held.pop())
    assert came == [("early", 0), ("late", 1)]
    lab.ask.weights("with skips", lambda weights: came.append(("asked again", weights.step)))
    assert came[-1] == ("asked again", 1)


def test_a_process_that_cannot_start_leaves_nothing_behind(train, own_folders):
    desk, lab, here = train
    here.tell = lambda _: lab._cannot_start("no memory")
    click(desk, "train.play")
    assert lab.log.fault.code == "engine-cannot-start"
    assert not lab.log.is_busy
    assert "no memory" in results(desk).fault.sentence.text()
    del here.tell
    click(desk, "train.play")
    assert lab.log.state == "running"
    assert lab.log.fault is None


def test_stop_while_pictures_are_read_ends_at_once_and_is_no_fault(train):
    desk, lab, here = train
    here.tell = lambda _: None  # it reads pictures, for ever
    click(desk, "train.play")
    assert lab.log.state == "preparing"
    panel = results(desk)
    empty = (panel.epoch_title, panel.epoch_room, panel.spreads_title, panel.spreads_room)
    assert not any(each.isVisible() for each in empty), "nothing is known of these"
    click(desk, "train.stop")
    assert (lab.log.state, lab.log.fault, lab.kept.folder) == ("stopped", None, None)
    assert not results(desk).fault.isVisible()
    del here.tell
    click(desk, "train.play")
    assert lab.log.state == "running"
    assert all(each.isVisible() for each in empty)


def test_a_process_that_does_not_obey_is_ended_without_a_fault(train):
    desk, lab, here = train
    click(desk, "train.play")
    here.turn(2)
    here.tell = lambda _: None  # a step takes for ever
    click(desk, "train.stop")
    foot = desk.window.findChild(Transport)
    assert foot.place.text().startswith("stopping…")
    assert not foot.stop.isEnabled()
    lab.stopping._timer.timeout.emit()
    assert (lab.log.state, lab.log.fault) == ("stopped", None)
    assert desk.wait_told("did not answer")
    assert not foot.canvas.isEnabled()  # its networks are gone with it
    assert not foot.weights.isEnabled()
    assert foot.export.isEnabled()


def test_a_loss_that_is_no_number_offers_a_lower_rate(train):
    desk, lab, here = train
    lab.set_recipe(learning_rate=100.0, optimiser="sgd", loss="mse", steps=60, twins=(Twin("a"),))
    click(desk, "train.play")
    here.turn(60)
    assert lab.log.fault.code == "train-diverged"
    strip = results(desk).fault
    assert strip.isVisible()
    assert "no number" in strip.sentence.text()
    assert full_name(str(lab.log.fault.numbers[2])) in strip.sentence.text()
    assert score_text(lab.log, float("nan")) == "–"
    desk.qtbot.mouseClick(strip.buttons[0], Qt.MouseButton.LeftButton)
    assert lab.recipe.learning_rate == 10.0
    assert lab.log.state == "running"
    assert not strip.isVisible()


def test_closing_asks_while_it_trains_and_keeps_where_it_stands(train, own_folders):
    desk, lab, here = train
    click(desk, "train.play")
    here.turn(2)
    desk.session.history.setClean()
    assert not desk.window.close()
    assert lab.log.state == "paused"
    assert list(own_folders.glob("*/checkpoint.pt"))
    box = desk.window.findChild(QMessageBox, BOX)
    box.button(QMessageBox.StandardButton.Cancel).click()
    assert lab.log.state == "running"
    desk.wait(lambda: desk.window.findChild(QMessageBox, BOX) is None)
    desk.window.close()
    box = desk.window.findChild(QMessageBox, BOX)
    box.button(QMessageBox.StandardButton.Close).click()
    assert list(own_folders.glob("*/checkpoint.pt")), "the next start offers to go on"


def test_a_training_of_an_earlier_start_is_offered(open_desk, train, take_here, pictures):
    desk, lab, here = train
    click(desk, "train.play")
    here.turn(2)
    click(desk, "train.play")
    lab.close()
    lab.log.state = None
    other = open_desk(pictured=False)
    found = other.window.contents["train"].lab
    again = take_here(found)
    other.session.set_view(workspace="train")
    other.wait(lambda: found.lost is not None)
    again.tell = lambda _: None  # it reads pictures, for ever
    found.continue_lost()
    click(other, "train.stop")
    other.wait(lambda: found.lost is not None)  # nothing of it is lost: it is offered again
    del again.tell
    found.continue_lost()
    assert found.log.prepared.step == 2
    again.turn(9)
    assert (found.log.state, found.log.step) == ("done", 6)
    assert found.recipe.data == pictures


# --------------------------------------------------------------------------------- the recipe


def editor(desk, name: str, kind: type):
    return desk.window.findChild(RecipePanel).findChild(kind, f"recipe.{name}")


def test_fields_change_the_recipe_and_a_wrong_value_is_said(train):
    desk, lab, _ = train
    rate = editor(desk, "learning_rate", TextEditor)
    rate.setFocus()
    rate.selectAll()
    desk.qtbot.keyClicks(rate, "3e-4")
    desk.press(Qt.Key.Key_Return)
    assert lab.recipe.learning_rate == 3e-4
    rate.selectAll()
    desk.qtbot.keyClicks(rate, "fast")
    desk.press(Qt.Key.Key_Return)
    assert lab.recipe.learning_rate == 3e-4
    field = desk.window.findChild(RecipePanel).training.fields["learning_rate"]
    assert "fast" in field.note.text()
    task = editor(desk, "task", Choice)
    task.activated.emit(list(task._values).index("segment"))
    assert lab.recipe.task == "segment"
    assert not editor(desk, "noise.kind", Choice).isVisible()


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("optimiser", ["adam", "sgd"]),
        ("batch", ["batch 1", "batch 16"]),
        ("settings.depth", ["depth 2", "depth 3"]),
        ("initialisation", ["start default", "start he"]),
        ("learning_rate", ["rate 0_001", "rate 0_0001"]),
    ],
)
def test_twins_differ_in_what_is_chosen(train, key, names):
    desk, lab, _ = train
    choice = editor(desk, "difference", Choice)
    choice.activated.emit(choice._values.index(key))
    assert [each.name for each in lab.recipe.twins] == names
    assert read_recipe(
        json.loads(json.dumps(lab.view.to_plain()["recipe"]))) == lab.recipe  # fmt: skip
    panel = desk.window.findChild(RecipePanel)
    assert panel.comparison.choice.value() == key
    assert [row.name.whole_text() for row in panel.comparison._rows] == names
    desk.wait(lambda: all(row.count.text() for row in panel.comparison._rows))
    language.use("zh_CN")
    assert [each.name for each in lab.recipe.twins] == names
    said = [row.name.whole_text() for row in panel.comparison._rows]
    assert said == names if key == "optimiser" else not set(said) & set(names)


@pytest.mark.parametrize("row", EXPERIMENTS, ids=lambda row: row.file)
def test_an_experiment_is_a_recipe_that_can_be_trained(row):
    from viewer.workspaces.train.lab.models import model_of
    from viewer.workspaces.train.recipe.panel import parameter_counts

    recipe = experiment_recipe(row)
    document = model_of(recipe, None)
    counts = parameter_counts(recipe, document)
    assert len(counts) == len(recipe.twins)
    assert all(counts)


def test_an_experiment_is_chosen_from_the_menu(train):
    desk, lab, _ = train
    button = desk.window.findChild(QPushButton, "recipe.experiments")
    action = next(a for a in button.menu().actions() if a.objectName() == "depth-30.json")
    action.trigger()
    assert lab.recipe == experiment_recipe(EXPERIMENTS[1])
    assert editor(desk, "model", TextEditor).text() == lab.recipe.model
    assert editor(desk, "difference", Choice).value() == "other"
    panel = desk.window.findChild(RecipePanel)
    assert (button.text(), panel.question.text()) == (EXPERIMENTS[1].title, EXPERIMENTS[1].sentence)
    lab.set_recipe(steps=7)
    assert button.text() == EXPERIMENTS[1].title, "its steps are free"
    lab.set_recipe(task="inpaint")
    assert button.text() == "Choose an experiment"
    assert not panel.question.isVisible()


def test_settings_of_the_next_start_do_not_pass_for_those_in_training(train):
    desk, lab, _ = train
    panel = desk.window.findChild(RecipePanel)
    lab.start(paused=True)
    assert not panel.other.isVisible()
    lab.set_recipe(twins=(Twin("one", batch=1), Twin("two", batch=2)))
    assert panel.other.text().endswith("with skips, without")
    assert panel.comparison.note.text() == "Same seed and schedule."
    lab.stop()
    assert not panel.other.isVisible()


def test_a_step_taken_alone_and_a_stop_are_looked_at(train, monkeypatch):
    _, lab, here = train
    monkeypatch.setattr("analysis.training.run.looks_at", lambda *_: False)
    lab.start()
    here.turn()
    assert not lab.log.record.columns
    lab.stop()
    assert (lab.log.previews.step, lab.log.state) == (1, "stopped")
    lab.step()
    assert {each.step for each in lab.log.record.columns} == {1}


def dropped(panel: RecipePanel, path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    panel.dropEvent(QDropEvent(QPointF(20, 60), Qt.DropAction.CopyAction, data,
                               Qt.MouseButton.LeftButton,
                               Qt.KeyboardModifier.NoModifier))  # fmt: skip


def test_a_folder_and_a_recipe_can_be_dropped(train, tmp_path):
    desk, lab, _ = train
    panel = desk.window.findChild(RecipePanel)
    (tmp_path / "mine").mkdir()
    dropped(panel, tmp_path / "mine")
    assert lab.recipe.data == str(tmp_path / "mine")
    click(desk, "train.play")
    assert results(desk).fault.sentence.text().endswith("holds no pictures.")
    path = tmp_path / "mine.json"
    path.write_text('{"model": "unet:depth=2", "steps": 7}')
    dropped(panel, path)
    desk.wait(lambda: lab.recipe.steps == 7)
    path.write_text('{"stepps": 7}')
    dropped(panel, path)
    assert desk.wait_told("stepps")


def test_a_saved_recipe_is_the_command_lines(train, tmp_path):
    desk, lab, _ = train
    path = tmp_path / "r.json"
    Results(lab).save_recipe(str(path))
    desk.wait(path.exists)
    saved = read_recipe(json.loads(path.read_text()))
    assert isinstance(saved, Recipe)
    assert replace(saved, model=OWN) == lab.recipe
    assert saved.model == "unet:depth=2,base=4,size=64"


def test_the_recipe_stays_with_the_document(train, tmp_path, open_desk):
    desk, lab, _ = train
    path = tmp_path / "kept.fieldglass"
    desk.window.saver.save(path)
    desk.wait(path.exists)
    other = open_desk(pictured=False)
    other.window.opener.open(str(path))
    other.wait(lambda: other.window.saver.path == path)
    assert other.session.view.part(TrainView) == lab.view


# ------------------------------------------------------------------------------ the canvas


def test_the_canvas_follows_the_first_network_while_train_is_shown(open_desk, take_here, pictures):
    desk = open_desk()
    lab = desk.window.contents["train"].lab
    here = take_here(lab)
    lab.set_recipe(data=pictures, patch=16, batch=2, steps=6, evaluate=Evaluation(every=3))
    desk.session.set_view(workspace="train")
    document, before = desk.session.document, desk.session.frame.weights_file
    click(desk, "train.play")
    here.turn(3)
    desk.wait(lambda: desk.session.live.part(TrainedWeights).step == 3)
    shown = desk.session.live.part(TrainedWeights)
    assert shown.twin == "with skips"
    desk.wait(lambda: desk.session.frame.weights_file == shown.path)
    assert "step 3" in desk.window.canvas.heading.fact
    assert desk.session.document == document, "nothing of it is an edit"
    desk.session.set_view(workspace="live")
    desk.wait(lambda: desk.session.frame.weights_file == before)
    lab.stop()


def test_the_results_of_six_networks_fit_a_narrow_panel(train):
    desk, lab, here = train
    names = ("one", "another", "a third", "a fourth", "a fifth", "a sixth")
    lab.set_recipe(steps=1, twins=tuple(Twin(name) for name in names))
    click(desk, "train.play")
    here.turn(1)
    content = results(desk).pictures.parentWidget()
    assert content.minimumSizeHint().width() <= 340
