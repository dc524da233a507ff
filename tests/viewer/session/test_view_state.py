"""A saved view is read as far as it makes sense: nothing in it raises later."""

import json

import pytest

from analysis.storage.document import MOST_POSITION, from_json, to_json
from tests.viewer.networks import document_of, session_of
from viewer.session.edits.blocks import move_block
from viewer.session.view_state import Pin, ViewState

WRONG = [True, False, None, 1.5, "1", [1], {}, 1 << 31, -(1 << 40), 10**30]


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_a_pin_with_another_value_than_a_whole_number_is_none(wrong: object, at: int) -> None:
    plain: list[object] = ["head", 1, 2, 3, 4]
    plain[at] = wrong
    assert ViewState.from_plain({"pin": plain}).pin is None
    assert ViewState.from_plain({"pins": [plain, ["head", 0, 0]], "pin": plain}).pins == ()


@pytest.mark.parametrize("wrong", WRONG)
def test_a_pinned_channel_that_is_no_whole_number_is_none(wrong: object) -> None:
    assert ViewState.from_plain({"channels": {"enc1": wrong}}).channels == {}


def test_pins_and_channels_are_read_as_they_were_written() -> None:
    pins = (Pin("head", 1, 2), Pin("enc1", 0, 0, 4, 5))
    view = ViewState(pin=pins[0], pins=pins, channels={"enc1": 3})
    read = ViewState.from_plain(json.loads(json.dumps(view.to_plain())))
    assert (read.pin, read.pins, read.channels) == (view.pin, view.pins, view.channels)


@pytest.mark.parametrize("place", [(1e30, -1e30), (5e6, 12.4)])
def test_a_block_is_moved_no_farther_than_a_document_may_say(qapp, place) -> None:
    session = session_of("unet:depth=2,base=4,size=64")
    move_block(session, "enc1", place)
    x, y = session.document.positions["enc1"]
    assert max(abs(x), abs(y)) <= MOST_POSITION
    assert from_json(to_json(session.document))[0].positions == session.document.positions


def test_an_opened_document_is_known_before_its_view(qapp) -> None:
    """Who draws the document rebuilds it first: the view names blocks that only it has."""
    session = session_of("unet:depth=3,base=4,size=64")
    heard: list[str] = []
    session.documentChanged.connect(lambda *_: heard.append("document"))
    session.viewChanged.connect(lambda *_: heard.append("view"))
    session.open(document_of("unet:depth=2,base=4,size=64"), ViewState(selection="enc1"))
    assert heard == ["document", "view"]
