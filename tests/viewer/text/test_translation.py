"""Every text on screen has its translation, with the same numbers in it; none is left over."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from analysis.arithmetic import PRESETS as GUIDE_CASES
from analysis.blueprints import BLUEPRINTS, PRESETS
from analysis.inference.measures.table import MEASURES
from analysis.operators.contract import REGISTRY
from viewer.text.languages import ENGLISH, LANGUAGES, language_row
from viewer.text.preset_names import english_preset_words

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "assets" / "translations"
TEXT_ARGUMENT = {"tr": 0, "mark": 0, "say": 2}


def _texts_in(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        place = TEXT_ARGUMENT.get(node.func.id)
        if place is None or len(node.args) <= place:
            continue
        argument = node.args[place]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            found.add(argument.value)
    return found


def _operator_texts() -> set[str]:
    """What operators bring in their own files: their names, and those of their settings."""
    texts = {text for family in REGISTRY.values() for text in (family.title, family.short_title)}
    kinds = [kind for family in REGISTRY.values() for kind in family.settings]
    return (texts | {text for kind in kinds for text in (kind.title, kind.hint)}) - {""}


def _blueprint_texts() -> set[str]:
    """What blueprints bring in their own files."""
    texts = {text for each in BLUEPRINTS.values() for text in (each.title, each.sentence)}
    texts |= {preset.title for preset in PRESETS.values()}
    settings = [setting for each in BLUEPRINTS.values() for setting in each.settings]
    for setting in settings:
        texts |= {setting.title, setting.hint, *setting.choice_titles.values()}
    return texts - {""}


def _measure_texts() -> set[str]:
    """What measures of the skips bring in their rows."""
    return {text for row in MEASURES for text in row.texts}


def _guide_texts() -> set[str]:
    """The names of the guide's cases, in words."""
    return {english_preset_words(name) for name in GUIDE_CASES}


def _texts() -> dict[str, str]:
    brought = _operator_texts() | _blueprint_texts() | _measure_texts() | _guide_texts()
    return dict.fromkeys(brought, "analysis") | {
        text: str(path.relative_to(ROOT))
        for path in sorted((ROOT / "viewer").rglob("*.py"))
        for text in _texts_in(path)
    }


def _catalogue(code: str) -> dict[str, str]:
    merged: dict[str, str] = {}
    for path in sorted((FOLDER / code).glob("*.json")):
        merged.update(json.loads(path.read_text(encoding="utf-8")))
    return merged


CODES = [row.code for row in LANGUAGES if row is not ENGLISH]
every_language = pytest.mark.parametrize("code", CODES)


@every_language
def test_every_text_has_its_translation(code: str):
    known = _catalogue(code)
    missing = {text: where for text, where in _texts().items() if not known.get(text)}
    assert not missing


@every_language
def test_no_translation_is_left_over(code: str):
    assert not set(_catalogue(code)) - set(_texts())


@every_language
def test_the_same_numbers_are_put_in(code: str):
    names = re.compile(r"{(\w+)[^}]*}")
    others = {
        english: translated
        for english, translated in _catalogue(code).items()
        if set(names.findall(english)) != set(names.findall(translated))
    }
    assert not others


@every_language
def test_no_english_is_left_in_a_translation(code: str):
    kept = {"Fieldglass", "PyTorch", "nn.Module", "PNG", "JPEG", "TIFF", "BMP", "WebP", "SVG"}
    for english, translated in _catalogue(code).items():
        if english == translated and english.strip("{}") == english and english not in kept:
            assert not re.search(r"[a-z]{4,}", english), english


@pytest.mark.parametrize(
    ("asked", "code"),
    [("zh", "zh_CN"), ("zh_TW", "zh_CN"), ("en_GB", "en"), ("C", "en"), ("zh_CN", "zh_CN")],
)
def test_a_locale_is_the_nearest_language(asked: str, code: str):
    assert language_row(asked).code == code
