"""The field of an input pixel in the panel, while other networks take the place of its own."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.storage.document import Document
from tests.viewer.networks import document_of, session_of
from viewer.session import Session
from viewer.session.view_state import Pin, ViewState
from viewer.workspaces.receptive_fields.unit.panel import FieldPanel

NETWORKS = (
    "unet:depth=2,base=4,size=64",
    "unet:depth=1,base=4,size=16",
    "unet:depth=3,base=4,size=20",
    "encoder_decoder:depth=2,base=4,size=48",
    "red_net:depth=1,base=4,size=32",
)
DOCUMENTS = {text: document_of(text) for text in NETWORKS}
places = st.one_of(st.none(), st.tuples(st.integers(0, 63), st.integers(0, 63)))
layers = st.sampled_from(["input", "output", "enc1.act2", "gone"])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("network"), st.sampled_from(NETWORKS)),
        st.tuples(st.just("open"), st.sampled_from(NETWORKS)),
        st.tuples(st.just("pin"), layers, places),
        st.tuples(st.just("hover"), layers, places),
        st.tuples(st.just("strict"), st.booleans()),
    ),
    max_size=10,
)


def pin_of(layer: str, place: tuple[int, int] | None) -> Pin | None:
    return Pin(layer, *place) if place is not None else None


def take(session: Session, step: tuple) -> None:
    match step:
        case ("network", text):
            session.edit("another network", DOCUMENTS[text])
        case ("open", text):
            session.open(DOCUMENTS[text], session.view)
        case ("pin", layer, place):
            session.set_view(pin=pin_of(layer, place), pins=())
        case ("hover", layer, place):
            session.set_live(hover=pin_of(layer, place))
        case ("strict", on):
            session.set_view(strict=on)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_the_panel_says_what_is_pointed_at_whatever_comes_in_between(shown, qtbot, taken):
    session = session_of(NETWORKS[0], workspace="fields", pin=Pin("input", 60, 60))
    panel = shown(FieldPanel(session), 452, 900)
    for step in taken:
        take(session, step)
        qtbot.waitUntil(lambda: not panel._late.isActive())  # numbers follow a little later
        pin = session.pointed
        if session.projective is None:
            assert not panel.reach.isVisibleTo(panel)
            continue
        assert panel.reach.isVisibleTo(panel)
        assert f"({pin.y}, {pin.x})" in panel.reach.title.text()
        assert len(panel.reach.rows) > 0
    panel.close()


def test_a_pixel_outside_the_new_input_is_forgotten(shown):
    session = Session(
        DOCUMENTS[NETWORKS[0]], ViewState(workspace="fields", pin=Pin("input", 60, 60))
    )
    panel = shown(FieldPanel(session), 452, 900)
    assert panel.reach.isVisibleTo(panel)
    session.edit("smaller", Document(graph=DOCUMENTS[NETWORKS[1]].graph))
    assert session.view.pin is None
    assert session.projective is None
    assert not panel.reach.isVisibleTo(panel)
