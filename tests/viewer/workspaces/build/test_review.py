"""The tab Review: its count, a card for each finding, and what their buttons do."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from analysis.blueprints import BLUEPRINTS, parse
from analysis.faults import Fault
from analysis.graph import Graph, Node
from analysis.inference.protocol.engine import EngineFailure
from analysis.operators import Input, Output, ReLU
from analysis.review import review
from analysis.review.proof import Apart, Counts
from analysis.storage.document import Document, from_json, to_json
from viewer.canvas.view import CanvasView
from viewer.session.review.view import ReviewView
from viewer.session.view_state import Pin, ViewState
from viewer.text.translation import language
from viewer.workspaces.build.layers.panel import LayersPanel
from viewer.workspaces.build.review import search


def build(desk, text: str) -> LayersPanel:
    """The panel with the tab Review open, and a network in it that has been reviewed."""
    name, settings = parse(text)
    chosen = BLUEPRINTS[name].complete(settings)
    desk.session.set_view(workspace="build", bottom_folded=False)
    panel = desk.window.findChild(LayersPanel)
    desk.session.edit("network", Document(graph=BLUEPRINTS[name].build(chosen)))
    facts = desk.session.facts
    desk.wait(lambda: panel.search.result is not None and panel.search.result.facts is facts)
    desk.qtbot.mouseClick(panel.tabs.buttons[2], Qt.MouseButton.LeftButton)
    return panel


def press(desk, card, text: str) -> None:
    if not card.is_open:
        desk.qtbot.mouseClick(card.line, Qt.MouseButton.LeftButton)
    button = next(each for each in card.buttons if text in each.text())
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_finding_is_shown_repaired_and_taken_back(desk):
    panel = build(desk, "red_net:base=4,size=256")
    assert panel.tabs.buttons[2].text() == "Review 1"
    [card] = panel.findings.cards
    assert "contrast of 60" in card.what.text()
    assert "checkerboard" in card.why.text()
    assert "parameters (now" in card.after.text()
    press(desk, card, "Show")
    assert desk.session.view.selection == "up3"
    assert len(desk.session.view.selected) == 3
    before = desk.session.document.graph
    press(desk, card, "Kernel 4")
    assert desk.session.document.graph["up3"].operator.kernel == (4, 4)
    desk.wait(lambda: panel.tabs.buttons[2].text() == "Review 0")
    assert panel.findings.cards == []
    desk.session.history.undo()
    assert desk.session.document.graph == before
    desk.wait(lambda: panel.tabs.buttons[2].text() == "Review 1")


def test_what_a_repair_brings_with_it_is_said_before_it_is_pressed(desk):
    [card] = build(desk, "red_net:base=4,size=64").findings.cards
    said = "The review then remarks, with 1 more: Every output unit sees up to"
    assert said in card.after.text()


def test_what_is_ignored_here_stays_so_in_the_document(desk):
    panel = build(desk, "red_net:base=4,size=256")
    press(desk, panel.findings.cards[0], "Ignore here")
    assert panel.findings.cards == []
    assert QApplication.focusWidget() is panel.findings  # no box whose number a key would change
    assert panel.tabs.buttons[2].text() == "Review 0"
    opened, _ = from_json(to_json(desk.session.document))
    assert opened.ignored == desk.session.document.ignored != ()
    assert panel.findings.brought_back.text() == "Show 1 ignored"
    desk.qtbot.mouseClick(panel.findings.brought_back, Qt.MouseButton.LeftButton)
    assert desk.session.document.ignored == ()
    assert len(panel.findings.cards) == 1
    assert QApplication.focusWidget() is panel.findings.cards[0]


def test_a_repair_of_the_network_before_an_edit_takes_nothing_back(desk):
    panel = build(desk, "red_net:base=4,size=256")
    [card] = panel.findings.cards
    desk.qtbot.mouseClick(card.line, Qt.MouseButton.LeftButton)
    document = desk.session.document
    wider = replace(document.graph["up3"].operator, channels=9)
    desk.session.edit("wider", replace(document, graph=document.graph.with_operator("up3", wider)))
    edited = desk.session.document
    press(desk, card, "Kernel 4")  # its network is gone, and no other review is there yet
    assert desk.session.document is edited
    assert desk.wait_told("The review is being made")
    desk.wait(lambda: panel.search.result.facts is desk.session.facts)


def test_a_tab_is_seen_when_it_is_clicked_and_stays_so_in_the_next_network(desk):
    panel = build(desk, "red_net:base=4,size=256")
    for tab in (2, 2, 0):  # the one that is current, too
        desk.session.set_view(bottom_folded=True)
        desk.qtbot.mouseClick(panel.tabs.buttons[tab], Qt.MouseButton.LeftButton)
        assert desk.session.view.bottom_folded is False
    desk.window.show_document(desk.session.document, ViewState(workspace="build"), None)
    assert desk.session.view.bottom_folded is False


def test_a_finding_that_is_ignored_or_of_another_network_is_not_shown(desk):
    panel = build(desk, "residual_unet:base=4,size=64,depth=2")
    scene = desk.window.findChild(CanvasView).scene()
    press(desk, panel.findings.cards[0], "Ignore here")
    assert scene.proof.proof is None
    desk.session.history.undo()
    desk.qtbot.mouseClick(panel.findings.cards[0].line, Qt.MouseButton.LeftButton)
    assert panel.findings.cards[0].is_open
    name, settings = parse("residual_unet:base=8,size=64,depth=2")
    graph = BLUEPRINTS[name].build(BLUEPRINTS[name].complete(settings))
    desk.session.open(Document(graph=graph), desk.session.view)
    facts = desk.session.facts
    desk.wait(lambda: panel.search.result.facts is facts)
    assert panel.findings.cards
    assert not any(card.is_open for card in panel.findings.cards)


def test_a_click_on_a_card_shows_the_field_that_proves_it(desk):
    panel = build(desk, "residual_unet:base=4,size=64,depth=2")
    card = panel.findings.cards[0]
    desk.qtbot.mouseClick(card.line, Qt.MouseButton.LeftButton)
    view = desk.session.view
    assert view.selection.startswith("join")
    assert view.pin is not None
    assert view.pin.layer == view.selection
    bias = panel.findings.cards[-1]
    assert "bias" in bias.why.text()
    desk.qtbot.mouseClick(bias.line, Qt.MouseButton.LeftButton)
    assert desk.session.view.pin is None  # it proves nothing of this one
    own = Pin("enc1.conv1", 3, 4)
    desk.session.set_view(pin=own)
    desk.qtbot.mouseClick(bias.line, Qt.MouseButton.LeftButton)
    assert desk.session.view.pin == own
    desk.qtbot.mouseClick(card.line, Qt.MouseButton.LeftButton)
    assert desk.session.view.pin.layer.startswith("join")
    press(desk, card, "Ignore here")
    assert desk.session.view.pin is None


def test_the_proof_is_drawn_beside_its_layer_while_that_is_selected(desk):
    panel = build(desk, "residual_unet:base=4,size=64,depth=2")
    scene = desk.window.findChild(CanvasView).scene()
    assert scene.proof.proof is None
    desk.qtbot.mouseClick(panel.findings.cards[0].line, Qt.MouseButton.LeftButton)
    proof = scene.proof.proof
    assert isinstance(proof, Apart)
    assert proof.layer == desk.session.view.selection
    card = scene.figure.nodes[desk.session.block_of[proof.layer].id].card
    assert not scene.proof.room.isEmpty()
    assert not scene.proof.room.intersects(card)
    desk.do("live")
    assert scene.proof.proof is None  # nothing there tells what it proves
    desk.do("build")
    assert scene.proof.proof is proof
    desk.session.set_view(selection="input")
    assert scene.proof.proof is None
    build(desk, "red_net:base=4,size=256")
    desk.qtbot.mouseClick(panel.findings.cards[0].line, Qt.MouseButton.LeftButton)
    assert isinstance(scene.proof.proof, Counts)
    press(desk, panel.findings.cards[0], "Kernel 4")
    assert scene.proof.proof is None


def test_five_findings_are_seen_at_once_and_one_opens(desk):
    desk.window.resize(1280, 720)
    panel = build(desk, "linknet:base=4,size=256")
    cards = panel.findings.cards
    assert len(cards) == 5
    view = panel.findings.viewport()

    def seen(card) -> bool:
        return view.rect().contains(card.rect().translated(card.mapTo(view, card.rect().topLeft())))

    desk.wait(lambda: all(map(seen, cards)))
    assert not any(card.is_open for card in cards)
    desk.qtbot.mouseClick(cards[3].line, Qt.MouseButton.LeftButton)
    desk.qtbot.keyClick(cards[4], Qt.Key.Key_Return)
    assert [card.is_open for card in cards] == [False] * 4 + [True]
    desk.wait(lambda: seen(cards[4]))
    assert cards[4].why.isVisible()
    assert not cards[3].why.isVisible()


def test_what_is_open_stays_so_while_the_network_is_reviewed_again(desk):
    panel = build(desk, "linknet:base=4,size=256")
    desk.qtbot.mouseClick(panel.findings.cards[1].line, Qt.MouseButton.LeftButton)
    language.use("zh")
    assert [card.is_open for card in panel.findings.cards] == [False, True, False, False, False]


def test_a_list_that_is_made_anew_stays_where_it_was_scrolled_to(desk):
    desk.window.resize(1280, 720)
    panel = build(desk, "linknet:base=4,size=256")
    bar = panel.findings.verticalScrollBar()
    desk.qtbot.mouseClick(panel.findings.cards[0].line, Qt.MouseButton.LeftButton)
    desk.wait(lambda: bar.maximum() > 0)
    QApplication.processEvents()
    bar.setValue(bar.maximum())
    place = bar.value()
    panel.search.found.emit()
    assert panel.findings.cards[0].is_open
    QApplication.processEvents()
    QApplication.processEvents()
    assert bar.value() == place > 0


def test_a_repair_keeps_its_numbers_where_the_finding_above_it_is_ignored(desk):
    panel = build(desk, "linknet:base=4,size=256")
    again = [card for card in panel.findings.cards if "above mends this too" in card.after.text()]
    assert again
    while "above mends this too" not in panel.findings.cards[1].after.text():
        press(desk, panel.findings.cards[0], "Ignore here")
    press(desk, panel.findings.cards[0], "Ignore here")
    assert "parameters (now" in panel.findings.cards[0].after.text()


def test_pixels_that_nobody_reads_are_counted_on_the_canvas(desk):
    panel = build(desk, "unet:depth=2,base=4,size=64")
    graph = desk.session.document.graph
    skipping = replace(graph["enc2.conv1"].operator, kernel=(1, 1), padding=((0, 0),) * 2)
    wide = replace(skipping, stride=(2, 2))
    chain = Graph.of((
        Node("input", Input(3, (64, 64))),
        Node("conv", graph["enc1.conv1"].operator, ("input",)),
        Node("act", ReLU(), ("conv",)),
        Node("half", wide, ("act",)),
        Node("output", Output(), ("half",)),
    ))  # fmt: skip
    desk.session.edit("skips", Document(graph=chain))
    facts = desk.session.facts
    desk.wait(lambda: panel.search.result.facts is facts)
    card = next(each for each in panel.findings.cards if "read by nothing" in each.what.text())
    desk.qtbot.mouseClick(card.line, Qt.MouseButton.LeftButton)
    assert desk.session.view.selection == "act"
    proof = desk.window.findChild(CanvasView).scene().proof.proof
    assert proof.what == "read"
    assert {count for row in proof.rows for count in row} == {0, 1}


def test_an_object_larger_than_the_field_is_remarked(desk):
    panel = build(desk, "plain_chain:layers=3,size=64")
    assert panel.search.result.review.not_tried["field-below-object"].code == "needs-object"
    panel.findings.object_size.box.setValue(30)
    desk.wait(lambda: "field-below-object" in panel.search.result.review.tried)
    [card] = [each for each in panel.findings.cards if "30 px" in each.what.text()]
    assert "7 px" in card.what.text()
    opened = ViewState.from_plain(desk.session.view.to_plain(), (ReviewView,))
    assert opened.part(ReviewView).object_size == 30
    panel.findings.object_size.box.setValue(0)
    desk.wait(lambda: "field-below-object" not in panel.search.result.review.tried)


def test_the_words_follow_the_language(desk):
    panel = build(desk, "red_net:base=4,size=256")
    language.use("zh")
    assert "棋盘" in panel.findings.cards[0].why.text()
    assert panel.tabs.buttons[2].text() == "审阅 1"


def test_of_two_edits_in_a_row_only_the_newest_is_shown(desk, monkeypatch):
    panel = build(desk, "unet:depth=2,base=4,size=64")
    assert panel.tabs.buttons[2].text() == "Review 0"
    goes, slow = Event(), desk.session.facts

    def late(subject, stopped):
        if subject.facts is not slow:
            assert goes.wait(60)
        return review(subject, stopped)

    monkeypatch.setattr(search, "review", late)
    name, settings = parse("red_net:base=4,size=256")
    graph = BLUEPRINTS[name].build(BLUEPRINTS[name].complete(settings))
    desk.session.edit("uneven", Document(graph=graph))
    desk.wait(lambda: panel.search.under_way)
    desk.session.history.undo()
    goes.set()
    desk.wait(lambda: not panel.search.under_way)
    desk.wait(lambda: panel.search.result.facts is desk.session.facts)
    assert panel.tabs.buttons[2].text() == "Review 0"


def test_the_image_is_looked_at_when_asked(desk):
    image = desk.session.document.image
    panel = build(desk, "unet:depth=2,base=4,size=64")
    answer = panel.search.result.review
    assert answer.not_tried["dead-channel"].code == "needs-image"
    row = panel.findings.look
    assert not row.image.isVisible()
    assert not panel.findings.random.isVisible()
    desk.session.edit("image", replace(desk.session.document, image=image))
    desk.wait(row.image.isVisible)
    desk.qtbot.mouseClick(row.image, Qt.MouseButton.LeftButton)
    assert (row.busy.isVisible(), row.image.isVisible()) == (True, False)
    assert QApplication.focusWidget() is row.cancel
    desk.wait(lambda: {"vanishing-gradient"} <= {*panel.search.result.review.tried})
    desk.wait(lambda: panel.search.result.review.not_tried["dead-channel"].code == "needs-weights")
    desk.wait(lambda: not row.busy.isVisible())
    assert not row.image.isVisible()
    assert row.done.text() == "This image, gradient and signal were looked at."
    assert "random" in panel.findings.random.text()
    assert panel.findings.random.isVisible()
    assert desk.session.live.failure is None


def test_gradient_and_signal_are_looked_at_without_an_image(desk):
    panel = build(desk, "plain_chain:layers=20,channels=8,size=16")
    row = panel.findings.look
    assert desk.session.document.image is None
    assert panel.search.result.review.not_tried["vanishing-gradient"].code == "needs-signal"
    desk.qtbot.mouseClick(row.signal, Qt.MouseButton.LeftButton)
    desk.wait(lambda: "vanishing-gradient" in panel.search.result.review.tried)
    assert [each.code for each in panel.search.shown() if "gradient" in each.code]
    desk.wait(lambda: not row.busy.isVisible())
    assert (row.signal.isVisible(), row.done.isVisible()) == (False, True)
    desk.session.history.undo()
    assert not row.done.isVisible()  # of this network nobody has asked
    desk.session.history.redo()
    desk.wait(lambda: "vanishing-gradient" in panel.search.result.review.tried)  # still known


def test_what_is_looked_at_can_be_given_up(desk):
    panel = build(desk, "unet:depth=4,base=32,size=256")
    row = panel.findings.look
    desk.qtbot.mouseClick(row.signal, Qt.MouseButton.LeftButton)
    assert "Random numbers" in row.busy.text()
    desk.qtbot.mouseClick(row.cancel, Qt.MouseButton.LeftButton)
    assert (row.busy.isVisible(), row.signal.isVisible()) == (False, True)
    desk.session.edit("another", Document(graph=small()))
    desk.wait(lambda: panel.search.result.facts is desk.session.facts)
    desk.qtbot.mouseClick(row.signal, Qt.MouseButton.LeftButton)
    desk.wait(lambda: "vanishing-gradient" in panel.search.result.review.tried)


def small() -> Graph:
    name, settings = parse("unet:depth=2,base=4,size=32")
    return BLUEPRINTS[name].build(settings)


def test_why_a_picture_cannot_be_looked_at_is_said(desk):
    build(desk, "unet:depth=2,base=4,size=64")
    fault = Fault("out-of-memory", (2**34, 2**30))
    desk.session.show_observed(EngineFailure(fault), desk.session.picture_key)
    assert desk.wait_told("17.2")
    assert desk.session.live.failure is None


def test_the_object_box_is_wide_enough_for_its_words(desk):
    panel = build(desk, "unet:depth=2,base=4,size=64")
    edit = panel.findings.object_size.box.lineEdit()
    for code in ("en", "zh_CN"):
        language.use(code)
        desk.wait(lambda: edit.text() == edit.parent().specialValueText())
        desk.qtbot.wait(0)
        margins = edit.textMargins()
        words = edit.fontMetrics().horizontalAdvance(edit.text())
        assert words + margins.left() + margins.right() <= edit.width()
    language.use("en")


def test_a_right_click_or_the_menu_key_offers_what_the_buttons_of_a_finding_do(desk):
    panel = build(desk, "red_net:base=4,size=256")
    [card] = panel.findings.cards
    assert not card.is_open
    assert card.accessibleDescription() == card.why.text()
    desk.window.activateWindow()
    card.setFocus()
    desk.wait(card.hasFocus)
    desk.press(Qt.Key.Key_Menu)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    lines = {each.text(): each for each in menu.actions()}
    assert {each.text() for each in card.buttons} < set(lines)
    lines["Copy the words"].trigger()
    menu.close()
    assert card.why.text() in QApplication.clipboard().text()
