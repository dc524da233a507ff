"""What the networks of a comparison are called on screen.

Recipes, reports in JSON and files of weights keep the names as they are written. Those that the
program gives by itself, such as `30 without he`, are made of a few words that have translations.
"""

from __future__ import annotations

import re

from viewer.text.languages import ENGLISH
from viewer.text.translation import language, mark, tr

WORDS = {
    "with skips": mark("with skips"),
    "with": mark("with skips"),
    "without": mark("without skips"),
    "concatenated": mark("concatenated"),
    "added before": mark("added before"),
    "added after": mark("added after"),
    "added": mark("added"),
    "no dropout": mark("no dropout"),
    "skip dropout": mark("skip dropout"),
    "dense": mark("dense"),
    "sparse activity": mark("sparse activity"),
    "sparse": mark("sparse"),
    "contractive": mark("contractive"),
    "variational": mark("variational"),
    "at once": mark("at once"),
    "layer by layer": mark("layer by layer"),
    "start default": mark("start default"),
    "start he": mark("start he"),
    "default": mark("start default"),
    "he": mark("start he"),
    "norm": mark("with norm"),
    "network": mark("network"),
    "cells": mark("cells"),
    "again": mark("again"),
}
NUMBERED = {
    "batch": mark("batch {n}"),
    "code of": mark("code of {n}"),
    "code": mark("code of {n}"),
    "dropout": mark("dropout {n} %"),
    "depth": mark("depth {n}"),
    "base": mark("base {n}"),
    "rate": mark("rate {n}"),
    "layers": mark("layers {n}"),
    "": mark("layers {n}"),
}
"""The words that a number follows; one by itself counts layers."""


def _any_of(words: dict[str, str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_NUMBERED_PART = rf"(?P<what>{_any_of(NUMBERED)}) ?(?P<n>\d[\d_e-]*)"
_PART = re.compile(rf"(?:{_NUMBERED_PART}|(?P<word>{_any_of(WORDS)}))(?: |$)")


def twin_name(name: str) -> str:
    """`without` → `无跳跃连接`; one with another word, or a bare number, stays."""
    if language.code == ENGLISH.code or name.isdecimal():
        return name
    said, at = [], 0
    while at < len(name):
        part = _PART.match(name, at)
        if part is None:
            return name
        if (word := part["word"]) is not None:
            said.append(tr(WORDS[word]))
        else:
            said.append(tr(NUMBERED[part["what"]], n=part["n"].replace("_", ".")))
        at = part.end()
    return " ".join(said)
