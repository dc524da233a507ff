"""The view: what is saved of it is read as far as it makes sense, and parts are kept by type."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.storage.document import MOST_POSITION, from_json, to_json
from tests.viewer.networks import document_of, session_of
from viewer.session.edits.blocks import move_blocks
from viewer.session.parts import NO_PARTS, Parts
from viewer.session.view_state import Pin, ViewState
from viewer.workspaces.arithmetic.model.view_state import ArithmeticLive, ArithmeticView
from viewer.workspaces.registry import WORKSPACES

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
    move_blocks(session, {"enc1": place})
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


OF_VERSION_0_1 = {
    "workspace": "arithmetic",
    "selection": "enc1",
    "skip": None,
    "pin": ["enc1.act2", 3, 4],
    "pins": [],
    "field_view": "both",
    "field_log": False,
    "strict": True,
    "expanded": ["enc1"],
    "channels": {"enc1.act2": 2},
    "range_mode": "shared",
    "zoom": 1.5,
    "arithmetic": {
        "look": "plates",
        "shown": "numbers",
        "by": "output",
        "backward": True,
        "stage": "second",
        "speed": 2.0,
        "loop": False,
        "canvas": False,
    },
}
"""A view as version 0.1 saved it."""


def test_a_view_of_version_0_1_is_read_whole_and_written_with_its_keys():
    view = ViewState.from_plain(OF_VERSION_0_1, WORKSPACES.view_parts)
    part = view.part(ArithmeticView)
    assert (part.look, part.stage, part.speed) == ("plates", "second", 2.0)
    assert (part.backward, part.loop, part.canvas) == (True, False, False)
    assert (view.workspace, view.pin) == ("arithmetic", Pin("enc1.act2", 3, 4))
    written = json.loads(json.dumps(view.to_plain()))
    assert written["arithmetic"] == OF_VERSION_0_1["arithmetic"]
    assert OF_VERSION_0_1.keys() <= written.keys()
    assert ViewState.from_plain(written, WORKSPACES.view_parts) == view


views = st.builds(
    ArithmeticView,
    look=st.sampled_from(["flat", "plates"]),
    backward=st.booleans(),
    speed=st.sampled_from([0.5, 1.0, 2.0, 4.0]),
    canvas=st.booleans(),
)


@given(views, st.integers(0, 50))
def test_parts_are_found_by_their_type_and_never_by_the_order_they_came_in(view, step):
    live = ArithmeticLive(step=step)
    one = NO_PARTS.having(view).having(live)
    other = NO_PARTS.having(live).having(ArithmeticView(stage="third")).having(view)
    assert one == other
    assert one.get(ArithmeticView) == view
    assert one.get(ArithmeticLive) == live
    assert one.having(ArithmeticView()).having(ArithmeticLive()) == NO_PARTS == Parts()


def test_a_part_is_kept_while_other_choices_change(qapp):
    session = session_of("unet:depth=2,base=4,size=32")
    changed = session.view.part(ArithmeticView).__class__(speed=4.0)
    session.set_view(parts=session.view.parts.having(changed))
    session.set_view(workspace="build", selection="enc1")
    assert session.view.part(ArithmeticView).speed == 4.0


def test_a_session_shows_the_first_workspace_where_it_does_not_know_the_one_asked_for(qapp):
    session = session_of("unet:depth=2,base=4,size=32", workspace="of a later version")
    assert session.view.workspace == "live"
    session.set_view(workspace="build")
    assert session.workspace.canvas.shows_undo
    session.set_view(workspace="of a later version")
    assert session.view.workspace == "live"
