"""Sentences of what is wrong with a lesson's folder."""

from __future__ import annotations

from collections.abc import Mapping

from viewer.text.translation import mark

SENTENCES: Mapping[str, str] = {
    "lesson-no-file": mark("There is no lesson here; it is written in {files}."),
    "lesson-file-too-long": mark("The file has {bytes} bytes; a lesson has at most {most_bytes}."),
    "lesson-not-text": mark("The file is no text in UTF-8."),
    "lesson-no-title": mark("The lesson begins with its title: # Title."),
    "lesson-two-titles": mark("A lesson has one title; its steps begin with ##."),
    "lesson-no-summary": mark("Below the title one sentence says what the lesson is about."),
    "lesson-no-steps": mark("The lesson has no steps; each begins with ## and its title."),
    "lesson-no-question": mark("The lesson ends without a question; its block begins ```question."),
    "lesson-after-question": mark("“{step}” stands after the question, which ends a lesson."),
    "lesson-no-question-kind": mark("The question says no kind."),
    "lesson-unknown-question": mark(
        "There is no question {given}. The nearest is {nearest}; all are {kinds}."
    ),
    "lesson-unknown-number": mark("The question has no number {given}; it has {numbers}."),
    "lesson-no-text": mark("“{step}” has no text."),
    "lesson-too-long": mark("The text of “{step}” has {words} words; at most {most} are read."),
    "lesson-no-action": mark("“{step}” asks for nothing to do; a line with > does."),
    "lesson-two-actions": mark("A step asks for one thing; this is a second."),
    "lesson-no-control": mark("“{step}” names no control to use."),
    "lesson-unknown-control": mark("There is no control {given}. The nearest is {nearest}."),
    "lesson-step-unchecked": mark("“{step}” has no check."),
    "lesson-no-check": mark("{text} is no check; it compares a reading by one of {comparisons}."),
    "lesson-step-never": mark("{text} never comes true: the animation has steps 1 to {most}."),
    "lesson-check-number": mark("{text} compares a word by {comparison}, which takes a number."),
    "lesson-unknown-reading": mark(
        "There is nothing to read called {given}. The nearest is {nearest}."
    ),
    "lesson-reading-words": mark("{reading} is followed by {words} words; it takes {needed}."),
    "lesson-unknown-key": mark("A step has no {given}. The nearest is {nearest}; all are {keys}."),
    "lesson-key-twice": mark("{key} is given twice."),
    "lesson-no-setting": mark("{text} is no setting; write name: value."),
    "lesson-number": mark("{setting} is {value}; it takes a number from {least} to {most}."),
    "lesson-pin": mark("{value} is no unit; write a layer, its row and its column, or none."),
    "lesson-case-without-size": mark("{text} begins no case: in=5 gives the size of its input."),
    "lesson-no-picture": mark("There is no picture {file} in the folder of the lesson."),
    "lesson-case-word": mark("{word} is no part of a case; there are {keys}."),
    "lesson-block-open": mark("The block that begins here does not end with ```."),
    "lesson-unknown-block": mark("A block is one of {kinds}, and {given} is none."),
    "lesson-block-outside": mark("The block {given} stands below no step."),
    "lesson-two-blocks": mark("The step has a second block of settings."),
    "lesson-unknown-term": mark("The glossary has no term {given}."),
    "lesson-broken-term": mark("{text} is no link to a term; write [words](term:stride)."),
    "lesson-steps-differ": mark(
        "There are {steps} steps here and {other_steps} in {file}; they differ from its line "
        "{line} on."
    ),
    "lesson-step-differs": mark("The settings differ from those in line {line} of {file}."),
}
