"""Reads a lesson from its Markdown; every mistake is a fault with its line."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence

from analysis.arithmetic.example import Example
from analysis.faults import Fault
from analysis.lessons.cases import parse_case
from analysis.lessons.checks import parse_check
from analysis.lessons.controls import CONTROLS, WITH_A_NAME, is_control
from analysis.lessons.inline import length, read_inline
from analysis.lessons.lesson import Condition, Lesson, LessonFault, Paragraph, Question, Step
from analysis.lessons.questions.contract import EXPLAINED
from analysis.lessons.questions.table import QUESTIONS
from analysis.lessons.readings.table import parse_reading
from analysis.lessons.sections import Reader, Section, line_of
from analysis.lessons.settings import KEYS, fault_of
from analysis.lessons.step_counts import STEPPING, never_reached

MOST_WORDS = 60
"""In the text of a step; two Chinese characters count as one word."""
OWN_KEYS = ("control", "check", "show")
"""Keys of a step beside those of its state."""


class _Checker:
    """Makes steps and the question of sections, and gathers what is wrong with them."""

    def __init__(self, file: str, pictures: Collection[str], lines: Sequence[str]) -> None:
        self._file = file
        self._lines = lines
        self._case = self._view = ""
        """The case and the view that the steps so far have set last."""
        self._pictures = pictures
        self.faults: list[LessonFault] = []

    def fault(self, line: int, fault: Fault | str, *numbers: int | str) -> None:
        found = Fault(fault, numbers) if isinstance(fault, str) else fault
        self.faults.append(LessonFault(self._file, line, found))

    # ------------------------------------------------------------------ a step

    def step(self, section: Section) -> Step:
        """One step; a part that is missing is a fault at the step's heading."""
        state: dict[str, str] = {}
        show: dict[str, str] = {}
        own: dict[str, tuple[int, str]] = {}
        for line, key, value in section.settings:
            if key == "show":
                continue
            if key in own or key in state:
                self.fault(line, "lesson-key-twice", key)
            elif key in OWN_KEYS:
                own[key] = (line, value)
            else:
                self._set(line, key, value, state)
        for line, key, value in section.settings:
            if key == "show":
                self._show(line, value, show, state)
        self._case = state.get("case", self._case)
        self._view = state.get("view", self._view)
        text = self._text(section, readings=True)
        if section.action is None:
            self.fault(section.line, "lesson-no-action", section.title)
        return Step(
            section.title,
            text,
            self._action(section),
            state,
            self._control(section, own),
            self._check(section, own),
            show,
            section.line,
        )

    def _set(self, line: int, key: str, value: str, into: dict[str, str]) -> None:
        if key not in KEYS:
            near = difflib.get_close_matches(key, (*KEYS, *OWN_KEYS), n=1, cutoff=0.0)
            self.fault(line, "lesson-unknown-key", key, near[0], ", ".join((*KEYS, *OWN_KEYS)))
            return
        found = fault_of(key, value)
        if found is not None:
            self.fault(line, found)
            return
        if key == "image" and value not in self._pictures:
            self.fault(line, "lesson-no-picture", value)
            return
        into[key] = value

    def _show(self, line: int, value: str, show: dict[str, str], state: dict[str, str]) -> None:
        """What does the thing; a case changes the one that the step begins with."""
        key, _, rest = value.partition(" ")
        begun = parse_case(state["case"]) if key == "case" and "case" in state else None
        if begun is None or isinstance(begun, Fault):
            self._set(line, key, rest.strip(), show)
            return
        found = parse_case(rest, begun)
        if isinstance(found, Fault):
            self.fault(line, found)
            return
        show[key] = rest.strip()

    def _action(self, section: Section) -> Paragraph:
        if section.action is None:
            return ()
        found = read_inline(section.action[1])
        self._pieces(section.action[0], found, readings=True)
        return found

    def _control(self, section: Section, own: dict[str, tuple[int, str]]) -> str:
        if "control" not in own:
            self.fault(section.block_line or section.line, "lesson-no-control", section.title)
            return ""
        line, control = own["control"]
        if not is_control(control):
            known = (*CONTROLS, *WITH_A_NAME)
            near = difflib.get_close_matches(control.split()[0], known, n=1, cutoff=0.0)
            self.fault(line, "lesson-unknown-control", control, near[0])
        return control

    def _check(self, section: Section, own: dict[str, tuple[int, str]]) -> tuple[Condition, ...]:
        if "check" not in own:
            self.fault(section.block_line or section.line, "lesson-step-unchecked", section.title)
            return ()
        line, text = own["check"]
        found = parse_check(text)
        if isinstance(found, Fault):
            self.fault(line, found)
            return ()
        control = own.get("control", (0, ""))[1]
        self._reach(line, found, control, "arithmetic.backward=on" in self._view.split())
        return found

    def _reach(
        self, line: int, conditions: tuple[Condition, ...], control: str, back: bool
    ) -> None:
        """A check of the step of an animation is of one that there is."""
        begun = parse_case(self._case) if control in STEPPING else None
        if not isinstance(begun, Example):
            return
        for each in conditions:
            fault = never_reached(each, begun.case, back)
            if fault is not None:
                self.fault(line, fault)

    # ------------------------------------------------------------------ words

    def _text(self, section: Section, readings: bool, known: Iterable[str] = ()) -> tuple[
        Paragraph, ...
    ]:  # fmt: skip
        if not section.paragraphs:
            self.fault(section.line, "lesson-no-text", section.title)
        found = []
        for line, text in section.paragraphs:
            paragraph = read_inline(text)
            self._pieces(line, paragraph, readings, known)
            found.append(paragraph)
        words = length(tuple(found))
        if words > MOST_WORDS:
            self.fault(section.line, "lesson-too-long", section.title, round(words), MOST_WORDS)
        return tuple(found)

    def _pieces(
        self, line: int, paragraph: Paragraph, readings: bool, known: Iterable[str] = ()
    ) -> None:
        for piece in paragraph:
            if piece.kind != "number":
                continue
            at = line_of(self._lines, line, f"{{{piece.text}}}")
            if not readings:
                if piece.target not in known:
                    self.fault(at, "lesson-unknown-number", piece.target, ", ".join(known))
                continue
            found = parse_reading(piece.target)
            if isinstance(found, Fault):
                self.fault(at, found)

    # ------------------------------------------------------------------ the question

    def question(self, section: Section) -> Question:
        """The question, whose kind is one of the table."""
        kind = ""
        known: tuple[str, ...] = ()
        for line, key, value in section.settings:
            if key != "kind":
                self.fault(line, "lesson-unknown-key", key, "kind", "kind")
            elif value not in QUESTIONS:
                near = difflib.get_close_matches(value, QUESTIONS, n=1, cutoff=0.0)
                self.fault(line, "lesson-unknown-question", value, near[0], ", ".join(QUESTIONS))
            else:
                kind, known = value, QUESTIONS[value].numbers
        if not section.settings:
            self.fault(section.block_line, "lesson-no-question-kind")
        text = self._text(section, readings=False, known=known) if kind else ()
        explanation = read_inline(section.action[1]) if section.action else ()
        if section.action and kind:
            self._pieces(section.action[0], explanation, False, (*known, *EXPLAINED))
        return Question(section.title, text, kind, section.line, explanation)


def read_lesson(
    text: str, name: str, language: str, pictures: Collection[str] = ()
) -> tuple[Lesson, list[LessonFault]]:
    """The lesson in a text, as far as it can be read, and all that is wrong with it.

    `pictures` are the names of the files beside it that a step may run on.
    """
    file = f"{language}.md"
    reader, checker = Reader(file), _Checker(file, pictures, text.splitlines())
    sections = reader.read(text)
    head = sections[0] if sections and sections[0].level == 1 else None
    if head is None:
        checker.fault(1, "lesson-no-title")
    elif not head.paragraphs:
        checker.fault(head.line, "lesson-no-summary")
    steps: list[Step] = []
    question: Question | None = None
    for section in sections[1:] if head else sections:
        if section.level == 1:
            checker.fault(section.line, "lesson-two-titles")
        elif question is not None:
            checker.fault(section.line, "lesson-after-question", section.title)
        elif section.block == "question":
            question = checker.question(section)
        else:
            steps.append(checker.step(section))
    if not steps:
        checker.fault(1, "lesson-no-steps")
    if question is None:
        checker.fault(sections[-1].line if sections else 1, "lesson-no-question")
    summary = read_inline(head.paragraphs[0][1]) if head and head.paragraphs else ()
    title = head.title if head else name
    lesson = Lesson(name, language, title, summary, tuple(steps), question)
    faults = sorted((*reader.faults, *checker.faults), key=lambda each: each.line)
    return lesson, faults
