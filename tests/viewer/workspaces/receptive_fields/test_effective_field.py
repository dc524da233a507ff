"""The effective field beside the theoretical one: what is drawn, said, and asked of the engine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from analysis.blueprints import BLUEPRINTS
from analysis.inference.protocol.effective_field import Effective, EffectiveRequest, EffectiveSquare
from analysis.inference.protocol.runs import Frame, ImageFit, RunRequest
from analysis.storage.blobs import BlobRef
from analysis.storage.document import Document
from tests.viewer.engine.recording_process import RecordingProcess
from viewer.drawing.receptive_fields.heat_map import heat_image, heat_levels
from viewer.drawing.receptive_fields.input_overlay import Heat, Overlay, corner_place, paint_overlay
from viewer.engine.run_requests import RunRequests
from viewer.look.palette import Inks
from viewer.session import Session
from viewer.session.input_image.decoded_images import DecodedImages
from viewer.session.view_state import Pin, ViewState
from viewer.workspaces.receptive_fields.unit.panel import FieldPanel
from viewer.workspaces.registry import WORKSPACES

PIN = Pin("dec1.act2", 20, 30)


@pytest.fixture
def session() -> Session:
    settings = BLUEPRINTS["unet"].complete({"depth": 2, "base": 4, "size": 64})
    graph = BLUEPRINTS["unet"].build(settings)
    image = BlobRef("0" * 64, "picture.png")
    document = Document(graph=graph, blueprint=("unet", settings), image=image)
    return Session(document, ViewState(workspace="fields", pin=PIN, field_view="both"), WORKSPACES)


@pytest.fixture
def panel(session: Session, shown) -> FieldPanel:
    return shown(FieldPanel(session), 452, 900)


def answer(session: Session, pin: Pin = PIN) -> Effective:
    magnitude = np.zeros((64, 64), np.float32)
    magnitude[20, 30], magnitude[20, 31] = 1.0, 0.01
    square = EffectiveSquare(0.5, 7, (17, 27, 24, 34))
    return Effective(
        revision=1,
        slot="window",
        structure=session.document.graph.structure_hash,
        layer=pin.layer,
        units=((pin.y, pin.x),),
        magnitude=magnitude,
        picture=np.zeros((64, 64), np.uint32),
        decades=4.0,
        centre=(20.0, 30.0),
        squares=(square,),
        area=2,
        box=(0, 0, 44, 52),
        box_area=200,
        outside=0.0,
    )


def test_the_answer_is_drawn_and_told(session, panel) -> None:
    assert panel.overlay().heat is None
    assert panel.effective.note.text() == "It is computed when the pointer rests."
    session.show_effective(answer(session), session.picture_key)
    heat = panel.overlay().heat
    assert heat is not None
    assert not heat.stale
    assert heat.squares == (((17, 27, 24, 34), "50 %"),)
    assert panel.effective.squares.value.text() == "7 px"
    assert panel.effective.area.value.text() == "1.0 %"
    assert panel.overlay().theoretical
    panel.field_view.buttons[1].click()
    assert session.view.field_view == "effective"
    assert not panel.overlay().theoretical
    panel.field_view.buttons[0].click()
    assert panel.overlay().heat is None
    assert not panel.effective.isVisible()


def test_an_answer_about_another_unit_is_pale_and_of_another_layer_gone(session, panel) -> None:
    session.show_effective(answer(session), session.picture_key)
    session.set_view(pin=Pin(PIN.layer, 21, 30))
    heat = panel.overlay().heat
    assert heat is not None
    assert heat.stale
    assert "being computed" in panel.effective.note.text()
    session.set_view(pin=Pin("enc1.act2", 20, 30))
    assert panel.overlay().heat is None


def test_levels_are_linear_or_by_logarithm() -> None:
    magnitude = np.array([[1.0, 0.01, 0.0]], np.float32)
    assert heat_levels(magnitude, None).tolist()[0] == pytest.approx([1.0, 0.01, 0.0], abs=1e-6)
    assert heat_levels(magnitude, 4.0).tolist()[0] == pytest.approx([1.0, 0.5, 0.0], abs=1e-6)
    assert not heat_levels(np.zeros((2, 2), np.float32), 4.0).any()
    image = heat_image(magnitude, None)
    assert [image.pixelColor(x, 0).alpha() for x in range(3)] == [255, 18, 0]


def test_the_view_of_the_field_comes_back_with_the_document() -> None:
    view = ViewState(field_view="effective", field_log=False)
    assert ViewState.from_plain(view.to_plain()) == view
    assert ViewState.from_plain({"field_view": "loud"}).field_view == "theoretical"


def test_it_is_asked_for_once_when_the_pointer_rests(session, qtbot, tmp_path) -> None:
    process = RecordingProcess()
    loop = RunRequests(
        session, process, lambda blob: tmp_path / blob.name, DecodedImages(), "window"
    )
    loop.ask()
    qtbot.waitUntil(lambda: bool(process.asked))
    run = process.asked[0]
    assert isinstance(run, RunRequest)
    picture = np.zeros((64, 64), np.uint32)
    fit = ImageFit((64, 64), (64, 64), 1.0, 0.0, 0.0)
    frame = Frame(run.revision, "window", run.structure, "", fit, picture, picture, picture)
    process.frame.emit(frame)
    qtbot.waitUntil(lambda: len(process.asked) == 2)
    asked = process.asked[1]
    assert isinstance(asked, EffectiveRequest)
    assert (asked.layer, asked.units) == (PIN.layer, ((20, 30),))
    process.replied.emit(answer(session))
    assert session.effective is not None
    session.set_view(pin=Pin(PIN.layer, 0, 0, 40, 2))
    qtbot.waitUntil(lambda: len(process.asked) == 3)
    assert len(process.asked[2].units) == 8
    session.set_view(field_view="theoretical")
    session.set_view(pin=PIN)
    loop._effective.put(loop._revision)
    assert len(process.asked) == 3
    assert loop._effective.waits, "the answer about the region has not come"
    session.edit("gate", replace(session.document, gates={"skip1": 0.5}))
    qtbot.waitUntil(lambda: len(process.asked) == 4)
    assert isinstance(process.asked[3], RunRequest)
    assert not loop._effective.waits, "a newer run takes the place of what was asked before it"
    loop.end()


def test_no_square_covers_the_heat_that_it_surrounds(qapp) -> None:
    magnitude = np.zeros((64, 64), np.float32)
    magnitude[32, 32] = 1.0
    boxes = ((18, 18, 46, 46), (14, 14, 50, 50), (8, 8, 56, 56))
    squares = tuple((box, f"{part} %") for box, part in zip(boxes, (20, 50, 99), strict=True))
    picture = QImage(256, 256, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.black)
    painter = QPainter(picture)
    overlay = Overlay(theoretical=False, heat=Heat(heat_image(magnitude, None), 1.0, squares))
    paint_overlay(painter, Inks("light"), QRectF(0, 0, 256, 256), (64, 64), overlay)
    painter.end()
    dark = [picture.pixelColor(4 * x, 4 * y).lightness() for x, y in ((20, 25), (16, 30), (10, 30))]
    assert max(dark) < 10, "between the squares nothing is drawn but the heat"
    assert picture.pixelColor(130, 130).lightness() > 200


def test_tags_of_squares_that_lie_close_cover_none_of_the_others():
    taken: list[QRectF] = []
    for inset in (0, 3, 6, 9, 60):
        square = QRectF(0, 0, 120, 120).adjusted(inset, inset, -inset, -inset)
        place = corner_place(square, 36, taken)
        assert (place is None) is (inset == 60), "too small a square says nothing"
        if place is not None:
            assert square.contains(place)
            assert not any(place.intersects(each) for each in taken)
            taken.append(place)
    assert corner_place(QRectF(12, 12, 96, 96), 36, taken) is None, "no corner is free"
