"""A language is one folder and one row: the menu offers it, and the window speaks it."""

from __future__ import annotations

import json

import pytest

from viewer import app
from viewer.text import languages, translation
from viewer.text.languages import LanguageRow
from viewer.text.translation import catalogue, language, tr
from viewer.workspaces.live.skips.panel import SkipsPanel

SENTENCES = {
    "Skips": "Saltoj",
    "This network has no skip connections.": "Tiu reto havas neniun salton.",
    "{skip} adds {value} of {whole}.": "{skip} aldonas {value} de la eligo.",
}


@pytest.fixture
def esperanto(monkeypatch, tmp_path):
    folder = tmp_path / "assets" / "translations" / "eo"
    folder.mkdir(parents=True)
    (folder.parent / "zh_CN").mkdir()
    (folder / "live.json").write_text(json.dumps(SENTENCES), encoding="utf-8")
    monkeypatch.setattr(translation, "files", lambda package: tmp_path / package)
    row = LanguageRow("eo", "Esperanto", "eo")
    monkeypatch.setattr(languages, "LANGUAGES", (*languages.LANGUAGES, row))
    catalogue.cache_clear()
    yield
    language.use("en")
    catalogue.cache_clear()
    translation._english.cache_clear()


def test_the_menu_offers_it_and_the_panels_speak_it(esperanto, open_desk):
    desk = open_desk()
    desk.session.set_view(workspace="live")
    desk.wait(lambda: desk.window.findChild(SkipsPanel))
    panel = desk.window.findChild(SkipsPanel)
    desk.wait(lambda: panel.measured() is not None)
    offers = {each.text: each.run for each in desk.window.commands.choices.offers()}
    offers["Language: Esperanto"]()
    assert language.code == "eo"
    assert panel.none.text() == SENTENCES["This network has no skip connections."]
    assert " aldonas " in panel.sentence.text()
    assert panel.sentence.text().endswith(" de la eligo.")
    offers["Language: English"]()
    assert panel.sentence.text().endswith(" of the output.")


def test_what_it_does_not_say_is_english(esperanto):
    language.use("eo")
    assert tr("All off") == "All off"
    assert tr("Skips") == "Saltoj"


@pytest.mark.parametrize("asked", ["eo", "eo_XX"])
def test_options_and_locales_find_it(esperanto, asked):
    assert languages.language_row(asked).name == "Esperanto"
    assert app.parse(["--lang", "eo"]).lang == "eo"
