"""What can be opened is one list: the dialog offers all of it, and each ending opens somehow."""

from __future__ import annotations

import pytest

from viewer.files import choosing
from viewer.files.file_kinds import ENDINGS, kind_of


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_dialog_offers_what_a_drop_takes(ending):
    assert kind_of(f"a{ending}") != "other"
    assert kind_of(f"A{ending.upper()}") == kind_of(f"a{ending}")
    assert f"*{ending}" in choosing.PATTERNS.split()


def test_a_lesson_is_opened_by_one_of_its_files():
    for name in ("en.md", "zh_CN.md"):
        assert kind_of(f"/somewhere/mine/{name}") == "lesson"
        assert name in choosing.PATTERNS.split()
    assert kind_of("/somewhere/notes.md") == "other"


@pytest.mark.parametrize("name", ["a", "a.svg", "png", "a.png.exe", ".py~"])
def test_anything_else_is_none_of_them(name):
    assert kind_of(name) == "other"
