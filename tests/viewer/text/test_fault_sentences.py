"""Every fault that the program can raise has a sentence with all its numbers in it."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.faults import FAULTS, Fault
from viewer.text.fault_sentences import NUMBERS, SENTENCES, fault_sentence, placeholder
from viewer.text.translation import language

ROOT = Path(__file__).parents[3]
RAISED_WITH = {"Fault", "DocumentError", "ImageError", "WeightsError", "TraceError", "refusal"}


def _codes() -> Iterator[tuple[str, str]]:
    for folder in ("analysis", "viewer"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                called, code = getattr(node.func, "id", ""), node.args[0]
                if called in RAISED_WITH and isinstance(code, ast.Constant):
                    yield str(code.value), path.name


@pytest.fixture
def chinese() -> Iterator[None]:
    language.use("zh_CN")
    yield
    language.use("en")


def _numbers(code: str) -> tuple[int | str, ...]:
    """Different numbers for a fault; axes are real ones."""
    return tuple(1 if name == "axis" else 31 + at for at, name in enumerate(NUMBERS[code]))


def test_every_code_in_the_source_has_a_sentence() -> None:
    assert {code: where for code, where in _codes() if code not in SENTENCES} == {}


def test_what_a_setting_takes_is_said_in_words() -> None:
    said = fault_sentence(Fault("bad-setting", ("template", "[1]", "nested")))
    assert said == "template cannot be [1]; it takes what was recorded from a model."


def test_every_listed_code_has_a_sentence() -> None:
    assert set(NUMBERS) == set(SENTENCES)
    assert set(FAULTS) <= set(SENTENCES)


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_placeholders_are_names_of_numbers(code: str) -> None:
    used = set(re.findall(r"{(\w+)}", SENTENCES[code]))
    assert used <= {placeholder(name) for name in NUMBERS[code]}


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_sentence_is_complete(code: str) -> None:
    sentence = fault_sentence(Fault(code, _numbers(code)))
    assert sentence[-1] in ".?"
    assert "{" not in sentence
    assert "\n" not in sentence


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_sentence_is_chinese(code: str) -> None:
    sentence = fault_sentence(Fault(code, _numbers(code)))
    assert re.search(r"[\u4e00-\u9fff]", sentence)
    assert sentence.endswith(("。", "？"))


def test_the_catalogue_holds_every_sentence() -> None:
    folder = ROOT / "assets" / "translations" / "zh_CN"
    known = set().union(*(json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")))
    assert set(SENTENCES.values()) <= known


def test_numbers_are_said_as_people_write_them() -> None:
    shape = fault_sentence(Fault("linear-needs-vector", ((64, 8, 8),)))
    assert "64 × 8 × 8" in shape
    memory = fault_sentence(Fault("out-of-memory", (3_210_000_000, 512_000_000)))
    assert "3.21\u202fGB" in memory
    assert "512\u202fMB" in memory


@pytest.mark.parametrize(
    ("axes", "axis", "name"), [(1, 0, "length"), (2, 0, "height"), (2, 1, "width"), (3, 0, "depth")]
)
def test_axes_have_names(axes: int, axis: int, name: str) -> None:
    assert name in fault_sentence(Fault("join-sizes-differ", (axis, 124, 125, 1)), axes)


def test_a_code_nobody_knows_is_still_said() -> None:
    assert fault_sentence(Fault("new-code", (7,))) == "This cannot work (new-code, 7)."


def test_braces_in_a_number_are_harmless() -> None:
    said = fault_sentence(Fault("model-raised", ("a.py", "KeyError: '{x}'")))
    assert "KeyError: '{x}'" in said


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (
            Fault("split-approximate", ("attn1.alpha", "sigmoid")),
            "The split is approximate here: sigmoid (attn 1, alpha) is not piecewise linear.",
        ),
        (
            Fault("output-not-finite", ("enc1.conv2", "NaN")),
            "The output is no number (NaN). The first layer that makes it so is enc 1, conv 2.",
        ),
    ],
)
def test_a_layer_is_called_as_on_the_canvas(fault, said):
    assert fault_sentence(fault) == said
