"""Which device runs networks: chosen in a menu, used at once, remembered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from analysis.inference.device import or_automatic, usable
from viewer.engine.process import EngineProcess


@pytest.fixture
def own_engine(qapp) -> Iterator[EngineProcess]:
    """An engine of the test's own, since it is started anew."""
    process = EngineProcess("auto")
    process.start()
    yield process
    process.close()


def test_a_device_is_chosen_used_at_once_and_remembered(open_desk, own_engine):
    desk = open_desk(process=own_engine)
    menu = desk.window.commands.devices
    menu.fill()
    names = [action.data() for action in menu._group.actions()]
    assert names == ["auto", *(name for name, _ in usable())]
    assert [action.data() for action in menu._group.actions() if action.isChecked()] == ["auto"]
    before, frame = own_engine.pid, desk.session.frame
    next(action for action in menu._group.actions() if action.data() == "cpu").trigger()
    assert own_engine.pid != before
    assert desk.window.settings.device == "cpu"
    desk.wait(lambda: desk.session.frame is not frame)  # what was shown runs on the new one
    menu.fill()
    assert [action.data() for action in menu._group.actions() if action.isChecked()] == ["cpu"]


def test_a_device_that_is_gone_gives_way_to_the_fastest():
    assert or_automatic("cuda:63") == "auto"
    assert or_automatic("cpu") == "cpu"
