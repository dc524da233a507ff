"""A click on a unit works out its field, and what blocks show of it, once."""

from __future__ import annotations

import pytest

from viewer.canvas import scene
from viewer.canvas.items import item_states
from viewer.canvas.items.item_states import Pointer
from viewer.session import pointed_field
from viewer.session.view_state import Pin


@pytest.fixture
def counted(monkeypatch):
    """Counts the fields that are worked out and the blocks that look at one."""
    calls = {"fields": 0, "states": 0}

    def counting(name, real):
        def call(*given):
            calls[name] += 1
            return real(*given)

        return call

    real = pointed_field.unit_field
    monkeypatch.setattr(pointed_field, "unit_field", counting("fields", real))
    looked = counting("states", item_states.with_field)
    for room in (item_states, scene):
        monkeypatch.setattr(room, "with_field", looked)
    return calls


def test_a_click_on_the_unit_under_the_pointer_finds_no_field_again(make_canvas, counted):
    canvas = make_canvas("fields")
    at = canvas.unit("enc2", (3, 4))
    canvas.scene.show_pointer(Pointer("enc2"))  # as a pointer that has come over the block
    canvas.session.set_live(hover=Pin(canvas.node("enc2").output, 3, 4))
    maps = sum(item.picture.shape == "map" for item in canvas.scene.items_by_id.values())
    counted.update(fields=0, states=0)
    canvas.click(at)
    assert canvas.session.view.pin == canvas.session.live.hover
    assert counted == {"fields": 0, "states": maps}
    assert canvas.scene.items_by_id["enc2"].state.unit == (3, 4)


def test_a_pin_set_elsewhere_is_looked_at_once_by_each_map(make_canvas, counted):
    canvas = make_canvas("fields")
    maps = sum(item.picture.shape == "map" for item in canvas.scene.items_by_id.values())
    counted.update(fields=0, states=0)
    canvas.session.set_view(pin=Pin(canvas.node("enc2").output, 1, 2))
    assert counted == {"fields": 1, "states": maps}
    counted.update(states=0)
    canvas.session.set_view(pin=None)
    assert counted["states"] == maps
    assert canvas.scene.items_by_id["enc2"].state.seen is None
