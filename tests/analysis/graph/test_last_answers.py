"""The last answers of a function: found by identity, so many and no more."""

from __future__ import annotations

from analysis.graph.last_answers import last_answers

WORKED: list[tuple[list[int], list[int]]] = []


@last_answers(2)
def joined(first: list[int], second: list[int]) -> list[int]:
    """One list behind the other."""
    WORKED.append((first, second))
    return first + second


def test_the_same_objects_are_answered_without_work_and_equal_ones_are_not():
    WORKED.clear()
    joined.forget()
    ours, theirs = [1], [2]
    assert joined(ours, theirs) is joined(ours, theirs)
    assert joined(theirs, ours) == [2, 1]
    assert joined([1], theirs) == [1, 2]
    assert len(WORKED) == 3


def test_only_the_last_answers_are_kept():
    WORKED.clear()
    joined.forget()
    lists = [[0], [1], [2]]
    for each in (*lists, lists[2], lists[1], lists[0]):
        assert joined(each, each) == each * 2
    assert [first for first, _ in WORKED] == [[0], [1], [2], [0]]


def test_what_is_forgotten_is_worked_out_anew():
    WORKED.clear()
    joined.forget()
    ours = [1]
    before = joined(ours, ours)
    joined.forget()
    assert joined(ours, ours) is not before


def test_the_name_and_the_docstring_stay():
    assert joined.__name__ == "joined"
    assert joined.__doc__ == "One list behind the other."
