"""The view: what single workspaces keep in it, and what it is in JSON."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.viewer.networks import session_of
from viewer.session.parts import NO_PARTS, Parts
from viewer.session.view_state import Pin, ViewState
from viewer.workspaces.arithmetic.model.view_state import ArithmeticLive, ArithmeticView
from viewer.workspaces.registry import WORKSPACES

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
