"""The question at the end of a lesson: what is drawn for it."""

from __future__ import annotations

from random import Random

from analysis.lessons.questions.table import QUESTIONS

from .test_course import strip_of


def test_what_stands_in_the_box_at_first_is_never_the_answer(lesson):
    lesson.course.begin_shipped("convolution-by-hand")
    lesson.course._enter(len(lesson.course.lesson.steps))
    draw = QUESTIONS["convolution-sum"].draw
    seed = next(seed for seed in range(1000) if draw(Random(seed)).answer == 0)
    lesson.course.random = Random(seed)
    lesson.course.draw()
    assert strip_of(lesson).answer.box.value() == 0
    assert lesson.course.drawn.answer != 0
