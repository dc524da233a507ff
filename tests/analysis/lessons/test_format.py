"""What is wrong with a lesson is told by its line; what is right is read as it is written."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.lessons.controls import WORKSPACES
from analysis.lessons.folder import is_lesson, of_texts, read_folder, shipped, shipped_names
from analysis.lessons.glossary import glossary
from analysis.lessons.inline import length, read_inline
from analysis.lessons.lesson import Condition, Inline, Reading
from analysis.lessons.parsing import read_lesson

GOOD = """# Title

What it is about.

## One

The kernel has {matrix-weights} weights. A [stride](term:stride) moves it.

> Set **Stride s** to 2.

```step
workspace: arithmetic
case: in=5 kernel=3
control: arithmetic.stride
check: stride = 2 and output >= 2
show: case stride=2
```

## Question

How wide is it with {input} and {kernel}?

```question
kind: convolution-size
```
"""


def faults(text: str) -> list[tuple[int, str]]:
    return [(each.line, each.fault.code) for each in of_texts("x", {"en": text}).faults]


def test_a_lesson_is_read_as_it_is_written() -> None:
    lesson, wrong = read_lesson(GOOD, "x", "en")
    assert wrong == []
    assert faults(GOOD) == []
    step = lesson.steps[0]
    assert (lesson.title, step.title, step.control) == ("Title", "One", "arithmetic.stride")
    assert step.state == {"workspace": "arithmetic", "case": "in=5 kernel=3"}
    assert step.show == {"case": "stride=2"}
    assert step.check == (
        Condition(Reading("stride"), "=", 2.0),
        Condition(Reading("output"), ">=", 2.0),
    )
    assert lesson.question is not None
    assert lesson.question.kind == "convolution-size"


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("# Title", "Title", 1, "lesson-no-title"),
        ("What it is about.\n", "", 1, "lesson-no-summary"),
        ("The kernel has {matrix-weights} weights. A [stride](term:stride) moves it.\n", "", 5,
         "lesson-no-text"),
        ("{matrix-weights}", "{matrix-wights}", 7, "lesson-unknown-reading"),
        ("{matrix-weights}", "{matrix-weights 3}", 7, "lesson-reading-words"),
        ("term:stride", "term:strid", 7, "lesson-unknown-term"),
        ("(term:stride)", "(term:stride", 7, "lesson-broken-term"),
        ("[stride](term:", "[stride](term: ", 7, "lesson-broken-term"),
        ("[stride]", "stride]", 7, "lesson-broken-term"),
        ("A [stride](term:stride)", "Its [great\nstride](term:strid)", 8, "lesson-unknown-term"),
        ("A [stride](term:stride)", "A\n(term:stride", 8, "lesson-broken-term"),
        ("weights. A", "weights:\n{weights here}. A", 8, "lesson-unknown-reading"),
        ("has", "has " + "word " * 60, 5, "lesson-too-long"),
        ("> Set **Stride s** to 2.\n", "", 5, "lesson-no-action"),
        ("> Set", "> Do this.\n\n> Set", 11, "lesson-two-actions"),
        ("workspace: arithmetic", "workspace: arithmetics", 12, "not-a-choice"),
        ("workspace: arithmetic", "workspaces: arithmetic", 12, "lesson-unknown-key"),
        ("workspace: arithmetic", "workspace arithmetic", 12, "lesson-no-setting"),
        ("workspace: arithmetic", "case: in=4", 13, "lesson-key-twice"),
        ("in=5 kernel=3", "in=2 kernel=3", 13, "kernel-too-large"),
        ("in=5 kernel=3", "in=5 kernal=3", 13, "lesson-case-word"),
        ("in=5 kernel=3", "in=4000000000 kernel=3", 13, "lesson-number"),
        ("in=5 kernel=3", "in=5 kernel=3 input=1,2", 13, "values-shape"),
        ("in=5 kernel=3", "in=9999 kernel=3", 13, "case-too-large"),
        ("case: in=5", "network: unit:depth=2\ncase: in=5", 13, "unknown-blueprint"),
        ("case: in=5", "network: unet:depth=99\ncase: in=5", 13, "setting-out-of-range"),
        ("case: in=5", "noise: loud\ncase: in=5", 13, "lesson-number"),
        ("case: in=5", "pin: enc1 3\ncase: in=5", 13, "lesson-pin"),
        ("case: in=5", "gates: skip1=9\ncase: in=5", 13, "lesson-number"),
        ("control: arithmetic.stride\n", "", 11, "lesson-no-control"),
        ("control: arithmetic.stride", "control: arithmetic.strid", 14, "lesson-unknown-control"),
        ("control: arithmetic.stride", "control: workspace nowhere", 14, "lesson-unknown-control"),
        ("check: stride = 2 and output >= 2\n", "", 11, "lesson-step-unchecked"),
        ("stride = 2 and", "stride is 2 and", 15, "lesson-no-check"),
        ("stride = 2", "strides = 2", 15, "lesson-unknown-reading"),
        ("output >= 2", "output >= two", 15, "lesson-check-number"),
        ("stride=2\n```", "stride=2", 11, "lesson-block-open"),
        ("```step", "```python", 11, "lesson-unknown-block"),
        ("## One", "# One", 5, "lesson-two-titles"),
        ("kind: convolution-size", "kind: convolution-sise", 24, "lesson-unknown-question"),
        ("kind: convolution-size\n", "", 23, "lesson-no-question-kind"),
        ("with {input}", "with {inputs}", 21, "lesson-unknown-number"),
        ("```question", "> It is {wey}.\n\n```question", 23, "lesson-unknown-number"),
        ("# Title", "# Title\n\n```step\n```", 3, "lesson-block-outside"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_by_its_line(old: str, new: str, line: int, code: str) -> None:
    assert old in GOOD
    found = faults(GOOD.replace(old, new, 1))
    assert code in [each for _, each in found]
    assert (line, code) in found


def test_mistakes_are_told_in_the_order_of_their_lines() -> None:
    text = GOOD.replace("(term:stride)", "(term:strid)").replace(
        "stride = 2 and", "strides = 2 and"
    )
    assert faults(text) == [(7, "lesson-unknown-term"), (15, "lesson-unknown-reading")]


@pytest.mark.parametrize(
    ("case", "check", "refused"),
    [
        ("in=4 kernel=3", "step = 4", False),
        ("in=4 kernel=3", "step = 5", True),
        ("in=4 kernel=3", "step = 99", True),
        ("in=4 kernel=3", "step >= 5", True),
        ("in=4 kernel=3", "step > 3", False),
        ("in=4 kernel=3", "step > 4", True),
        ("in=4 kernel=3", "step < 1", True),
        ("in=4 kernel=3", "step = 1.5", True),
        ("in=4 kernel=3", "step != 1", False),
        ("in=4 kernel=4", "step != 1", True),
        ("kind=transposed in=2 kernel=3", "step = 16", False),
        ("kind=transposed in=2 kernel=3", "step = 17", True),
    ],
)
def test_a_check_of_a_step_that_never_comes_is_refused(
    case: str, check: str, refused: bool
) -> None:
    text = GOOD.replace("in=5 kernel=3", case).replace("arithmetic.stride", "arithmetic.step-on")
    text = text.replace("stride = 2 and output >= 2", check).replace("show: case stride=2\n", "")
    assert faults(text) == ([(15, "lesson-step-never")] if refused else [])


def test_a_way_back_has_a_step_for_each_cell_of_the_input() -> None:
    text = GOOD.replace("in=5 kernel=3", "in=4 kernel=3\nview: arithmetic.backward=on")
    text = text.replace("arithmetic.stride", "arithmetic.step-on").replace(
        "show: case stride=2\n", ""
    )
    old = "stride = 2 and output >= 2"
    assert faults(text.replace(old, "step = 16")) == []
    assert faults(text.replace(old, "step = 17")) == [(16, "lesson-step-never")]


@pytest.mark.parametrize("name", shipped_names())
def test_a_lesson_that_comes_with_the_program_has_no_fault(name: str) -> None:
    assert shipped(name).faults == ()


def test_where_the_case_may_change_a_check_of_its_step_stands() -> None:
    assert faults(GOOD.replace("stride = 2 and output >= 2", "step = 99")) == []


def test_a_lesson_without_steps_or_question_says_so() -> None:
    assert {"lesson-no-steps", "lesson-no-question"} <= {c for _, c in faults("# T\n\nAbout.\n")}
    after = GOOD + "\n## After\n\nText.\n"
    assert "lesson-after-question" in {code for _, code in faults(after)}


def test_both_languages_have_the_same_steps() -> None:
    other = GOOD.replace("stride = 2", "stride = 3")
    found = of_texts("x", {"en": GOOD, "zh_CN": other}).faults
    assert [(each.file, each.fault.code) for each in found] == [("zh_CN.md", "lesson-step-differs")]
    whole = GOOD.replace("## Question", GOOD[GOOD.index("## One") : GOOD.index("## Question")])
    extra = GOOD.replace("## One", whole[whole.index("## One") : whole.index("## One") + 6])
    assert of_texts("x", {"en": GOOD, "zh_CN": extra}).faults == ()
    step = GOOD[GOOD.index("## One") : GOOD.index("## Question")]
    two = GOOD.replace("## Question", step + "## Question")
    first, last = (1 + GOOD[: GOOD.index(each)].count("\n") for each in ("## One", "## Question"))
    for ours, theirs, here, there in ((GOOD, two, last, last), (two, GOOD, last, last)):
        found = of_texts("x", {"en": ours, "zh_CN": theirs}).faults
        assert [(each.fault.code, each.line) for each in found] == [("lesson-steps-differ", here)]
        assert found[0].fault.numbers[2:] == ("en.md", there)
    other = two.replace("stride = 2", "stride = 3", 1)
    found = of_texts("x", {"en": GOOD, "zh_CN": other}).faults
    assert (found[0].line, found[0].fault.numbers[3]) == (first, first)


def test_marks_are_read_and_the_rest_is_text() -> None:
    found = read_inline("a **b** *c* `d` [e](term:f) {g h} <i>2 * 3</i> [x](http://y)")
    assert [(each.kind, each.text, each.target) for each in found if each.kind != "words"] == [
        ("strong", "b", ""),
        ("stress", "c", ""),
        ("code", "d", ""),
        ("term", "e", "f"),
        ("number", "g h", "g h"),
    ]
    assert found[-1] == Inline("words", " <i>2 * 3</i> [x](http://y)")


def test_chinese_counts_two_characters_as_a_word() -> None:
    assert length((read_inline("卷积核有九个格子。"),)) == 4
    assert length((read_inline("a kernel of 3 × 3"),)) == 5


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.lists(st.integers(0, len(GOOD)), max_size=6))
def test_no_text_raises(noise: str, cuts: list[int]) -> None:
    read_lesson(noise, "x", "en")
    text = GOOD
    for cut in cuts:
        text = text[:cut] + noise[:7] + text[cut + 3 :]
    of_texts("x", {"en": text, "zh_CN": GOOD})


def test_a_folder_that_holds_no_lesson_says_so(tmp_path) -> None:
    assert not is_lesson(tmp_path)
    assert [each.fault.code for each in read_folder(tmp_path).faults] == ["lesson-no-file"]
    (tmp_path / "en.md").write_bytes(b"\xff\xfe\x00")
    assert is_lesson(tmp_path)
    assert [each.fault.code for each in read_folder(tmp_path).faults] == ["lesson-not-text"]
    (tmp_path / "en.md").write_text("x" * (1 << 19))
    assert [each.fault.code for each in read_folder(tmp_path).faults] == ["lesson-file-too-long"]
    (tmp_path / "en.md").write_text(GOOD)
    assert read_folder(tmp_path).faults == ()


def test_the_glossary_is_the_same_in_both_languages() -> None:
    english, chinese = glossary("en"), glossary("zh_CN")
    assert english.keys() == chinese.keys()
    assert len(english) > 20
    for key, term in english.items():
        assert term.lesson == chinese[key].lesson
        assert term.lesson in (*shipped_names(), "")
        assert term.workspace == chinese[key].workspace
        assert (term.workspace in WORKSPACES) is not bool(term.lesson), f"{key} is shown nowhere"
        assert term.meaning
        assert chinese[key].meaning


def test_no_text_says_now_of_a_number_that_stays_as_the_step_began() -> None:
    """Those that follow what is done stand in the line that says what to do."""
    wrong = []
    for name in shipped_names():
        for lesson in shipped(name).lessons.values():
            for step in lesson.steps:
                said = "".join(
                    "{}" if each.kind == "number" else each.text
                    for paragraph in step.text
                    for each in paragraph
                )
                sentences = re.split(r"(?<=[.:;。：；])\s*", said)
                wrong += [
                    (name, each)
                    for each in sentences
                    if "{}" in each and re.search(r"\b[Nn]ow\b|现在", each)
                ]
    assert wrong == []
