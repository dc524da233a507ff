"""The settings of a step's state: which there are, their checks of form, and their effect."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from analysis.blueprints import BLUEPRINTS, parse
from analysis.faults import Fault
from analysis.lessons.cases import parse_case
from analysis.lessons.controls import WORKSPACES
from analysis.lessons.tool_lines import LINES
from analysis.storage.blobs import BlobRef
from analysis.storage.document import Document
from analysis.storage.image_reading import ImageReading

SAMPLE = "sample"
"""The network that comes with the program, with its weights."""
MOST_NOISE = 75.0
MOST_DIGITS = 10
_DECIMAL = re.compile(r"[0-9]{1,9}\.[0-9]{1,9}")
STEPS = ("first", "last")
TWINS: Mapping[str, list[dict[str, str]]] = {
    "one": [{"name": "network"}],
    "skips": [{"name": "with skips"}, {"name": "without", "skip": "none"}],
}
"""Which networks a training compares: the one on the canvas, or that with and without skips."""
LONGEST = 200
"""Characters of a line of the tensor pad."""


def _workspace(value: str) -> Fault | None:
    if value in WORKSPACES:
        return None
    return Fault("not-a-choice", ("workspace", value, ", ".join(WORKSPACES)))


def _network(value: str) -> Fault | None:
    read = None if value == SAMPLE else parse(value)
    return read if isinstance(read, Fault) else None


def _case(value: str) -> Fault | None:
    # Words without a size change what is there, which here is the example everybody starts with.
    from analysis.arithmetic.example import Example

    read = parse_case(value, Example.first())
    return read if isinstance(read, Fault) else None


def _pairs(value: str) -> Fault | None:
    for word in value.split():
        key, equals, rest = word.partition("=")
        if not key or not equals or not rest:
            return Fault("setting-without-value", (word,))
    return None


def _gates(value: str) -> Fault | None:
    if value == "open":
        return None
    fault = _pairs(value)
    if fault is not None:
        return fault
    for word in value.split():
        fault = _number(word.partition("=")[2], "gate", 2.0)
        if fault is not None:
            return fault
    return None


def _noise(value: str) -> Fault | None:
    return _number(value, "noise", MOST_NOISE)


def _number(value: str, name: str, most: float) -> Fault | None:
    try:
        if 0 <= float(value) <= most:
            return None
    except ValueError:
        pass
    return Fault("lesson-number", (name, value, 0, most))


def _pin(value: str) -> Fault | None:
    words = value.split()
    if words == ["none"] or (len(words) == 3 and all(each.isdecimal() for each in words[1:])):
        return None
    return Fault("lesson-pin", (value,))


def _line(value: str) -> Fault | None:
    return Fault("too-large", ("pad", len(value), LONGEST)) if len(value) > LONGEST else None


def _copy(value: str) -> Fault | None:
    return None if value in LINES else Fault("not-a-choice", ("copy", value, ", ".join(LINES)))


def _step(value: str) -> Fault | None:
    return None if value in STEPS else Fault("not-a-choice", ("step", value, ", ".join(STEPS)))


def _twins(value: str) -> Fault | None:
    return None if value in TWINS else Fault("not-a-choice", ("twins", value, ", ".join(TWINS)))


def _anything(value: str) -> Fault | None:
    return None


KEYS: Mapping[str, Callable[[str], Fault | None]] = {
    "workspace": _workspace,
    "network": _network,
    "image": _anything,
    "case": _case,
    "view": _pairs,
    "step": _step,
    "gates": _gates,
    "noise": _noise,
    "select": _anything,
    "pin": _pin,
    "pad": _line,
    "twins": _twins,
    "copy": _copy,
}
"""What a state sets, in the order in which it is set; each with the check of its value."""


def fault_of(key: str, value: str) -> Fault | None:
    """What is wrong with a setting; its key is one of `KEYS`."""
    return KEYS[key](value)


# --------------------------------------------------------------------------- what they do


def changed_document(
    settings: Mapping[str, str],
    document: Document,
    sample: Document,
    pictures: Mapping[str, BlobRef],
) -> Document | Fault:
    """The document that the settings ask for; `sample` is the shipped one.

    A network that is there already keeps its weights. `pictures` are those of the lesson's folder
    by their names; without one the image stays that there is.
    """
    if settings.get("image") in pictures:
        picture = pictures[settings["image"]]
        document = replace(document, image=picture, image_reading=ImageReading(), target=None)
    if "network" in settings:
        document = _with_network(settings["network"], document, sample)
    if "case" in settings:
        example = parse_case(settings["case"], document.arithmetic)
        if isinstance(example, Fault):
            return example
        document = replace(document, arithmetic=example)
    if "gates" in settings:
        document = replace(document, gates=_gates_of(settings["gates"]))
    return document


def _with_network(text: str, document: Document, sample: Document) -> Document:
    if text == SAMPLE:
        wanted, weights = sample.blueprint, sample.weights
    else:
        parsed = parse(text)
        assert not isinstance(parsed, Fault), parsed
        wanted, weights = parsed, None
    if document.blueprint == wanted and document.weights == weights:
        return document
    assert wanted is not None, "the sample comes from a blueprint"
    graph = BLUEPRINTS[wanted[0]].build(wanted[1])
    return replace(
        document,
        graph=graph,
        blueprint=wanted,
        weights=weights,
        positions={},
        gates={},
        source=None,
    )


def _gates_of(text: str) -> dict[str, float]:
    """The gates that are not 1, by the name of their skip."""
    if text == "open":
        return {}
    words = (word.partition("=") for word in text.split())
    return {name: float(value) for name, _, value in words if float(value) != 1}


def changed_view(settings: Mapping[str, str], view: Mapping[str, Any]) -> dict[str, Any]:
    """The view as JSON values, with what the settings say."""
    found: dict[str, Any] = {**view}
    if "workspace" in settings:
        found["workspace"] = settings["workspace"]
    if "select" in settings:
        found["selection"] = None if settings["select"] == "none" else settings["select"]
    if "pin" in settings:
        words = settings["pin"].split()
        found["pin"] = None if words == ["none"] else [words[0], int(words[1]), int(words[2])]
        found["pins"] = []
    if "pad" in settings:
        # Another line begins at its first slice; how it is shown stays.
        found = _placed(_placed(found, ["tensor_pad", "line"], settings["pad"]),
                        ["tensor_pad", "slice"], [])  # fmt: skip
    if "twins" in settings:
        found = _placed(found, ["train", "recipe", "twins"], TWINS[settings["twins"]])
    for word in settings.get("view", "").split():
        path, _, value = word.partition("=")
        found = _placed(found, path.split("."), _plain(value))
    return found


def _placed(plain: Mapping[str, Any], path: list[str], value: object) -> dict[str, Any]:
    head, *rest = path
    inner = plain.get(head)
    below = inner if isinstance(inner, Mapping) else {}
    return {**plain, head: _placed(below, rest, value) if rest else value}


def _plain(text: str) -> object:
    """On and off, numbers without a sign, else the word itself."""
    if text.isdecimal() and len(text) < MOST_DIGITS:
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return {"on": True, "off": False}.get(text, text)
