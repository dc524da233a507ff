"""Going through a lesson: beginning and end, keys, the question, progress, words as text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QWidget

from analysis.lessons.folder import shipped
from analysis.lessons.inline import read_inline
from analysis.lessons.readings.table import parse_reading, read
from tests.viewer.conftest import halves
from viewer.text.translation import language
from viewer.workspaces.build.inspector.header import NetworkSummary
from viewer.workspaces.learn.glossary_panel import GlossaryPanel
from viewer.workspaces.learn.lesson_list import LessonList
from viewer.workspaces.learn.lesson_row import LessonRow
from viewer.workspaces.learn.progress import Progress
from viewer.workspaces.learn.session_state import state_of
from viewer.workspaces.learn.term_card import TermCard, TermPopup
from viewer.workspaces.learn.words import number_text, rich_text
from viewer.workspaces.train.view_part import TrainView

SHIPPED = Path(__file__).parents[4] / "assets" / "lessons"
LEFT = Qt.MouseButton.LeftButton


def strip_of(desk):
    from viewer.workspaces.learn.strip import LessonStrip

    return desk.window.findChild(LessonStrip)


def copied(folder: Path, name: str, old: str = "", new: str = "") -> Path:
    for code in ("en", "zh_CN"):
        text = (SHIPPED / name / f"{code}.md").read_text(encoding="utf-8")
        (folder / f"{code}.md").write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_a_press_on_the_list_begins_a_lesson_in_its_workspace(lesson):
    lesson.session.set_view(workspace="learn")
    QApplication.processEvents()
    assert strip_of(lesson).isHidden()
    panel = lesson.window.findChild(LessonList)
    own = lesson.session.document
    row = next(row for row in panel.rows if row.name == "pooling")
    QTest.mouseClick(row, LEFT)
    QApplication.processEvents()
    assert lesson.session.view.workspace == "arithmetic"
    assert lesson.session.document != own
    assert lesson.window.saver.path is None
    assert strip_of(lesson).isVisible()
    assert lesson.ring.isVisible()
    around = lesson.ring.geometry()
    target = lesson.ring.target()
    assert around.contains(target.in_window())
    assert around.width() < target.rect.width() + 20
    strip_of(lesson).close_button.click()
    assert strip_of(lesson).isHidden()
    QApplication.processEvents()
    assert lesson.ring.isHidden()


def test_what_was_open_comes_back(lesson):
    own = lesson.session.document
    lesson.course.begin_shipped("pooling")
    lesson.course._enter(len(lesson.course.lesson.steps))
    QTest.mouseClick(strip_of(lesson).home, LEFT)
    assert lesson.session.document == own
    assert lesson.course.lesson is None


def test_the_way_back_is_offered_where_a_lesson_is_ended_early(lesson):
    own = lesson.session.document
    lesson.course.begin_shipped("pooling")
    QApplication.processEvents()
    QTest.mouseClick(strip_of(lesson).close_button, LEFT)
    lesson.answer("Back to my network")
    assert lesson.session.document == own


@pytest.mark.parametrize("ended", [True, False], ids=["after the lesson", "within it"])
def test_saved_steps_are_asked_about_before_another_lesson(lesson, ended):
    lesson.course.begin_shipped("pooling")
    QApplication.processEvents()
    if ended:
        strip_of(lesson).close_button.click()
    lesson.do("save-step")
    if not ended:
        lesson.course.show_me()  # what a check has found done is nobody's work, but for the steps
        assert lesson.course.done
    own = lesson.session.document
    assert len(own.steps) == 1
    lesson.course.begin_shipped("backwards")
    QApplication.processEvents()
    assert lesson.said.startswith("Save the changes")
    lesson.answer("Cancel")
    assert lesson.session.document is own


def test_unsaved_work_is_asked_about_first(lesson, unet):
    lesson.edit(graph=unet(depth=1).graph, blueprint=None)
    own = lesson.session.document
    lesson.course.begin_shipped("pooling")
    assert lesson.said.startswith("Save the changes")
    assert lesson.session.document is own
    lesson.answer("Cancel")
    assert lesson.course.lesson is None
    assert lesson.session.document is own


def test_the_keyboard_alone_goes_through_a_lesson(lesson):
    lesson.session.set_view(workspace="learn")
    QApplication.processEvents()
    row = next(r for r in lesson.window.findChildren(LessonRow) if "padding" in r.name)
    QTest.keyClick(row, Qt.Key.Key_Return)
    QApplication.processEvents()
    shift = Qt.KeyboardModifier.ShiftModifier
    count = len(lesson.course.lesson.steps)
    lesson.press(Qt.Key.Key_F7)
    box = QApplication.focusWidget()
    assert lesson.ring.target().widget.isAncestorOf(box)
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert lesson.course.done
    lesson.press(Qt.Key.Key_F8)
    assert lesson.course.index == 1
    lesson.press(Qt.Key.Key_F8, shift)
    assert lesson.course.index == 0
    for index in range(count):
        assert lesson.course.index == index
        lesson.press(Qt.Key.Key_F7, shift)
        assert lesson.course.done, index
        lesson.press(Qt.Key.Key_F8)
    assert lesson.course.step is None
    answer = strip_of(lesson).answer
    assert answer.box.hasFocus() or answer.box.lineEdit().hasFocus()
    line = answer.box.lineEdit()
    line.selectAll()
    QTest.keyClicks(line, str(lesson.course.drawn.answer))
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert lesson.course.right
    assert answer.verdict.text().startswith("Right")


def test_a_wrong_answer_is_explained_and_other_numbers_are_drawn(lesson):
    lesson.course.begin_shipped("padding-stride-dilation")
    lesson.course._enter(len(lesson.course.lesson.steps))
    before = lesson.course.drawn
    answer = strip_of(lesson).answer
    QApplication.processEvents()

    def type_and_enter(number: int) -> None:
        line = answer.box.lineEdit()
        line.selectAll()
        QTest.keyClicks(line, str(number))
        QTest.keyClick(line, Qt.Key.Key_Return)

    type_and_enter(before.answer + 1)
    assert "not right" in answer.verdict.text()
    assert before.way in answer.explanation.text()
    assert not answer.box.isEnabled(), "what is typed would be judged by no one"
    assert answer.box.text() == ""
    lesson.course.give_answer(before.answer)  # it is told now: to repeat it is no answer
    assert not lesson.course.right
    assert answer.other.hasFocus(), "Enter asks with other numbers"
    QTest.keyClick(answer.other, Qt.Key.Key_Return)
    assert lesson.course.drawn.numbers != before.numbers
    assert lesson.course.answer is None
    assert answer.explanation.isHidden()
    assert (answer.box.isEnabled(), answer.box.text()) == (True, "0")
    assert answer.box.hasFocus(), "the next key is of the answer"
    asked = lesson.course.drawn
    type_and_enter(0)
    assert lesson.course.wrong
    QTest.mouseClick(answer.other, LEFT)
    assert lesson.course.drawn.numbers != asked.numbers
    assert answer.box.text() == "0"
    assert answer.box.hasFocus(), "the next key is of the answer"
    type_and_enter(lesson.course.drawn.answer)
    assert lesson.course.right


def test_progress_is_kept_between_runs(lesson):
    lesson.course.begin_shipped("pooling")
    lesson.course.show_me()
    assert lesson.course.progress.of("pooling").steps >= 1
    lesson.course._enter(3)
    lesson.course.give_answer(lesson.course.drawn.answer)
    services = lesson.window.services
    later = Progress(services.remembered, services.remember)
    assert later.of("pooling").answered
    assert later.of("pooling").places == {0}, "those that were left out were not done"
    assert later.of("no-such-lesson").steps == 0
    assert Progress(lambda _: '{"pooling": [3, true]}', print).of("pooling").steps == 3
    assert Progress(lambda _: '{"pooling": "damaged"', print).of("pooling").steps == 0


def test_the_numbers_of_a_text_stay_those_it_was_begun_with(lesson):
    lesson.course.begin_shipped("padding-stride-dilation")
    QApplication.processEvents()
    before = strip_of(lesson).text.text()
    assert ">3<" in before
    lesson.course.show_me()
    QApplication.processEvents()
    assert lesson.course.done
    assert strip_of(lesson).text.text() == before


def test_a_number_of_the_picture_waits_for_the_picture_that_it_is_of(lesson, pupil):
    pupil.begin("end-to-end")
    pupil.enter(3)
    task = pupil.strip.task
    lesson.wait(lambda: "…" not in task.text())
    lesson.course.show_me()
    assert task.text().count("…") == 2, "the frame that is there is of the noise before"
    lesson.wait(lambda: "…" not in task.text())
    frame = lesson.session.frame
    for value in (frame.psnr_in, frame.psnr_out):
        assert f">{value:.1f}<" in task.text() or f">{value:.0f}<" in task.text()


def test_the_key_goes_on_from_the_question_to_the_next_lesson(lesson):
    lesson.course.begin_shipped("pooling")
    QApplication.processEvents()
    lesson.course._enter(len(lesson.course.lesson.steps))
    QApplication.processEvents()
    assert strip_of(lesson).answer.box.hasFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F8)
    QApplication.processEvents()
    assert (lesson.course.folder.name, lesson.course.index) == ("receptive-field", 0)


def test_a_lesson_does_not_take_the_training_of_another_for_its_own(lesson, pupil):
    lab = lesson.window.contents["train"].lab
    pupil.begin("gradient-descent")
    for presses in (1, 2):  # the second beside the paused training of the first
        pupil.enter(1)
        assert not lesson.course.done
        pupil.do(lesson.course.step)
        assert lesson.course.done
        assert lab.log.step == presses
    pupil.enter(2)
    lab.toggle()  # a training that nobody stops
    lesson.wait(lambda: lesson.course.done)
    run = lab.log.run
    assert lab.log.is_busy
    pupil.begin("is-deeper-better")
    pupil.enter(1)
    lesson.wait(lambda: not lab.log.is_busy)
    assert lab.log.run == run
    assert not lesson.course.done
    assert "…" in pupil.strip.task.text(), "numbers of another network are none"
    assert [each.name for each in lab.recipe.twins] == ["with skips", "without"]
    pupil.do(lesson.course.step)
    lesson.wait(lambda: lesson.course.done)
    assert lab.log.run == run + 1
    assert lab.log.structure == lesson.session.document.graph.structure_hash
    lab.stop()
    lesson.wait(lambda: not lab.log.is_busy)


def test_a_lesson_leaves_a_training_of_ones_own(lesson, pupil):
    lab = lesson.window.contents["train"].lab
    view = lab.view
    posted = []
    lesson.session.notifications.posted.connect(posted.append)
    lab.set_recipe(model="document")
    lab.start(paused=True)
    lesson.wait(lambda: lab.log.state == "paused")
    lesson.session.history.setClean()
    pupil.begin("is-deeper-better")
    pupil.enter(1)
    assert lab.log.is_busy
    assert "…" in pupil.strip.task.text()
    run = lab.log.run
    pupil.do(lesson.course.step)
    assert (lab.log.run, lab.log.step) == (run, 0), "the person is asked whose network is meant"
    asked = [each for each in posted if each.choices][-1]
    pupil.enter(1)
    assert asked.text not in lesson.said, "what was asked in a step is not asked in another"
    for choice in ("Train the lesson's network", "Go on with mine"):
        dict(asked.choices)[choice]()
    assert (lab.log.run, lab.log.step, lab.log.state) == (run, 0, "paused")
    pupil.do(lesson.course.step)
    said = [each for each in posted if each.choices][-1]
    assert said is not asked
    dict(said.choices)["Train the lesson's network"]()
    lesson.wait(lambda: lesson.course.done)
    assert lab.log.run == run + 1
    lesson.session.notifications.posted.disconnect(posted.append)
    lab.stop()
    lesson.wait(lambda: not lab.log.is_busy)
    lesson.session.set_view(parts=lesson.session.view.parts.having(view))


def test_a_dropped_folder_begins_its_lesson(lesson, tmp_path):
    lesson.drop(copied(tmp_path, "pooling", "# Pooling", "# My pooling"))
    lesson.wait(lambda: lesson.course.lesson is not None)
    assert lesson.course.lesson.title.startswith("My pooling")
    assert lesson.course.follows == ""


def test_open_begins_the_lesson_of_a_file_of_it(lesson, tmp_path):
    folder = copied(tmp_path, "pooling", "# Pooling", "# My pooling")
    lesson.window.services.opener.open(str(folder / "zh_CN.md"))
    lesson.wait(lambda: lesson.course.lesson is not None)
    assert lesson.course.lesson.title.startswith("My pooling")


def test_the_palette_finds_the_lessons(lesson):
    learn = lesson.window.commands.actions["learn"]
    row = next(r for r in lesson.window.commands.rows if r.id == "learn")
    assert "lesson" in row.other
    learn.trigger()
    assert lesson.session.view.workspace == "learn"


def test_a_dropped_folder_with_a_mistake_names_the_line(lesson, tmp_path):
    lesson.drop(copied(tmp_path, "pooling", "mode = average", "mood = average"))
    lesson.wait(lambda: "en.md, line 34" in lesson.said)  # after what the network had to say
    assert lesson.said.endswith(" (1 more)"), "the Chinese one has it too"
    assert lesson.course.lesson is None


def test_a_step_runs_on_a_picture_of_the_folder(lesson, tmp_path):
    add = "case: kind=pool in=4 kernel=2 stride=2"
    copied(tmp_path, "pooling", add, f"image: face.png\n{add}")
    lesson.drop(tmp_path)
    text = (tmp_path / "en.md").read_text().splitlines()
    line = text.index("image: face.png") + 1
    assert lesson.wait_told(f"en.md, line {line}: There is no picture face.png")
    halves().save(tmp_path / "face.png")
    lesson.drop(tmp_path)
    lesson.wait(lambda: lesson.course.lesson is not None)
    assert lesson.session.document.image.name == "face.png"
    assert "There is no picture" not in lesson.said, "it has been put right"


def test_markup_in_a_lesson_is_text(lesson, tmp_path):
    mark = '<img src="file:///etc/hostname"><a href="http://x">x</a>'
    lesson.drop(copied(tmp_path, "pooling", "Press **One step on**.", f"Press {mark}."))
    lesson.wait(lambda: lesson.course.lesson is not None)
    said = strip_of(lesson).task.text()
    assert "&lt;img" in said
    assert "<img" not in said
    assert "http" not in said.replace("&quot;http", "")


def test_no_line_breaks_inside_a_number():
    made = QTextDocument()
    made.setHtml(rich_text((read_inline("holds {n} numbers"),), lambda _: number_text(49152.0)))
    assert "49\u202f152" in made.toRawText()


def test_another_language_says_the_same_step_at_once(lesson):
    lesson.course.begin_shipped("backwards")
    lesson.course._enter(1)
    language.use("zh_CN")
    title = shipped("backwards").in_language("zh_CN").steps[1].title
    assert strip_of(lesson).title.text() == title
    assert lesson.course.index == 1


def test_a_chinese_term_is_found_by_its_english_name(lesson):
    language.use("zh_CN")
    panel = lesson.window.findChild(GlossaryPanel)
    panel.search.setText("Stride")
    assert [key for key, card in panel.cards.items() if not card.isHidden()] == ["stride"]
    assert panel.nothing.isHidden()
    panel.search.setText("zzz")
    assert all(card.isHidden() for card in panel.cards.values())
    assert not panel.nothing.isHidden()
    assert "zzz" in panel.nothing.text()
    panel.search.clear()
    language.use("en")


class LowestCards(QObject):
    """Notes at each paint of the glossary's content which cards are lower than their words need."""

    def __init__(self, content: QWidget) -> None:
        super().__init__(content)
        self.paints, self.cut = 0, []
        self._content = content
        content.installEventFilter(self)

    def eventFilter(self, watched, event):
        if watched is self._content and event.type() == QEvent.Type.Paint:
            cards = self._content.findChildren(TermCard)
            self.paints += bool(cards)
            self.cut += [c.term.key for c in cards if c.height() < c.heightForWidth(c.width())]
        return False


def test_no_card_is_painted_before_it_is_laid_out(lesson):
    lesson.session.set_view(workspace="learn")
    panel = lesson.window.findChild(GlossaryPanel)
    lesson.wait(lambda: panel.isVisible() and not panel._waiting)
    seen = LowestCards(panel.findChild(QScrollArea).widget())
    panel.show_terms()
    lesson.wait(lambda: not panel._waiting)
    QApplication.processEvents()
    assert seen.paints
    assert not seen.cut


def test_a_term_opens_the_glossary_and_leads_on(lesson):
    lesson.course.begin_shipped("backwards")
    QApplication.processEvents()
    strip_of(lesson).text.linkActivated.emit("term:gradient")
    popup = strip_of(lesson).findChild(TermPopup)
    assert popup.isVisible()
    card = popup.findChild(TermCard)
    assert card.term.key == "gradient"
    assert any("Gradient" in each.text() for each in card.findChildren(QLabel))
    popup.hide()
    strip_of(lesson).text.linkActivated.emit("term:no-such-term")
    assert not popup.isVisible()
    strip_of(lesson).text.linkActivated.emit("term:dice")
    shown = popup.card.findChild(QPushButton)
    assert shown.text() == "Shown in: Live"
    shown.click()
    assert (lesson.session.view.workspace, popup.isVisible()) == ("live", False)


def test_a_unit_is_pinned_by_the_keyboard_alone(lesson):
    lesson.course.begin_shipped("receptive-field")
    for layer in ("layer1.act", "layer3.act"):
        lesson.press(Qt.Key.Key_F7)
        assert not lesson.course.done
        lesson.press(Qt.Key.Key_U)
        assert lesson.session.view.pin.layer == layer
        assert lesson.course.done
        lesson.press(Qt.Key.Key_F8)


def test_the_ring_follows_a_control_that_moves(lesson):
    lesson.course.begin_shipped("pooling")
    lesson.window.resize(1280, 720)
    QApplication.processEvents()
    lesson.ring.follow()
    assert lesson.ring.geometry().contains(lesson.ring.target().in_window())
    lesson.session.set_view(workspace="build")
    lesson.ring.follow()
    assert lesson.ring.isHidden()
    lesson.session.set_view(workspace="learn")
    lesson.press(Qt.Key.Key_F7)
    assert lesson.session.view.workspace == "arithmetic", "the key leads to where the control is"
    held = lesson.ring.target().widget
    assert held is QApplication.focusWidget() or held.isAncestorOf(QApplication.focusWidget())


def test_controls_of_the_table_are_in_the_window(lesson):
    """A name that a lesson may use is one that the window has."""
    from PySide6.QtWidgets import QWidget

    from analysis.lessons.controls import CONTROLS, WORKSPACES

    list(lesson.window.docks.make_all())
    held = {each.objectName() for each in lesson.window.findChildren(QWidget)}
    assert set(CONTROLS) <= held
    assert set(WORKSPACES) <= set(lesson.session.workspaces.keys)


def test_a_check_reads_a_part_of_the_view_that_stands_at_its_default(lesson):
    state = state_of(lesson.session)
    recipe = lesson.session.view.part(TrainView).recipe
    for name in ("batch", "learning_rate", "patch", "optimiser"):
        said = read(parse_reading(f"view train.recipe.{name}"), state)
        assert said == getattr(recipe, name), name
    assert read(parse_reading("view arithmetic.backward"), state) == "off"
    assert read(parse_reading("view train.recipe.no-such"), state) is None


def test_the_inspector_names_the_lesson_also_where_the_network_stays(lesson):
    lesson.course.begin_shipped("where-skips-join")
    first = lesson.course.lesson.title
    summary = lesson.window.findChild(NetworkSummary)
    assert summary.name.text() == first
    same = replace(lesson.session.document, title="Another")
    lesson.session.edit("name", same)
    assert summary.name.text() == "Another"
