"""Sentences about plans of nnU-Net that describe no network that can be built here."""

from __future__ import annotations

from collections.abc import Mapping

from viewer.text.translation import mark

SENTENCES: Mapping[str, str] = {
    "plans-damaged": mark("{file} is damaged or no plans file of nnU-Net v2 ({what})."),
    "plans-configuration": mark("{file} has no configuration {name}. It has {names}."),
    "plans-architecture": mark(
        "{file} plans a network of the class {name}; {known} are built here. Its own code opens as "
        "a Python file."
    ),
    "plans-setting": mark("{file} has a setting that cannot be followed: {setting} is {value}."),
    "plans-classes": mark(
        "{file} does not say how many classes there are: dataset.json, which does, is not beside "
        "it. Copy it there."
    ),
}
