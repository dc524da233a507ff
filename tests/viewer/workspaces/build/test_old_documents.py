"""Documents written before a blueprint had all its settings open attached to the blueprint."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from analysis.blueprints import BLUEPRINTS
from analysis.storage.document import from_json, to_json
from tests.viewer.networks import document_of, session_of
from viewer.text.translation import tr
from viewer.workspaces.build.blueprints.panel import BlueprintsPanel

OLD = {
    "unet:depth=3,base=4,size=64": ("depth", "base", "size"),
    "red_net:depth=2,base=4,size=32": ("depth", "base", "size"),
    "symmetric_denoiser:layers=10,base=8,size=32": ("layers", "base", "size"),
}
"""A network and the settings that its file knows."""


@pytest.mark.parametrize("text", OLD)
@pytest.mark.parametrize("stray", [{}, {"gone": "long ago"}], ids=["missing", "unknown"])
def test_a_file_without_later_settings_is_still_its_blueprints(text, stray, shown, qtbot):
    written = document_of(text)
    name, settings = written.blueprint
    plain = json.loads(to_json(written))
    plain["blueprint"]["settings"] = {key: settings[key] for key in OLD[text]} | stray
    opened, _ = from_json(json.dumps(plain).encode())
    session = session_of("unet:depth=1,base=2,size=8")
    panel = shown(BlueprintsPanel(session), 260, 900)
    session.open(opened, session.view)
    QApplication.processEvents()
    assert not panel.detached.isVisible()
    assert panel.settings.isVisible()
    assert panel.sentence.text() == tr(BLUEPRINTS[name].sentence)
    assert set(settings) <= set(panel.settings.fields) | {"skips_before"}
    first = panel.settings.fields[OLD[text][1]].editor
    assert first.value() == settings[OLD[text][1]]
    qtbot.keyClick(first, Qt.Key.Key_Up)
    after = {**settings, OLD[text][1]: first.value()}
    assert first.value() != settings[OLD[text][1]]
    assert session.document.graph == BLUEPRINTS[name].build(after)
    assert not panel.detached.isVisible()
    session.history.undo()
    assert session.document.graph == written.graph
