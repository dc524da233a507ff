"""Sentences of what is wrong with a blueprint's name or with one of its settings."""

from __future__ import annotations

from collections.abc import Mapping

from viewer.text.translation import mark

SENTENCES: Mapping[str, str] = {
    "unknown-blueprint": mark(
        "There is no blueprint {given}. The nearest is {nearest}; all are {blueprints}."
    ),
    "unknown-blueprint-setting": mark(
        "The blueprint {blueprint} has no setting {given}. The nearest is {nearest}; "
        "all are {settings}."
    ),
    "setting-without-value": mark("{text} has no value; write name=value."),
    "setting-given-twice": mark("{setting} is given twice."),
    "setting-not-a-number": mark(
        "{setting} takes a whole number, and {given} is none. The default is {default}."
    ),
    "setting-not-a-list": mark(
        "{setting} takes whole numbers joined by hyphens, and {given} is none. "
        "The default is {default}."
    ),
    "setting-list-too-long": mark("{setting} has {numbers} numbers; it takes up to {most}."),
    "setting-out-of-range": mark(
        "{setting} is {value}; it goes from {least} to {most}. The nearest is {nearest}."
    ),
    "unknown-choice": mark(
        "{setting} cannot be {given}. The nearest is {nearest}; all are {choices}."
    ),
}
