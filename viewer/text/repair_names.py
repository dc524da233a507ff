"""What the buttons of repairs say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.facts.repairs import Repair
from viewer.text import number_format
from viewer.text.block_names import block_name, full_name
from viewer.text.operator_names import SETTINGS
from viewer.text.translation import language, tr

MOST_NUMBERS = 4
"""Numbers of pixels that a button says of several joins."""


def repair_words(repair: Repair) -> str:
    """What its button says: `Use 512²`, `Add a crop`."""
    match repair.code, repair.numbers:
        case "use-input-size", (size, *_):
            return tr("Use input {size}", size=number_format.spatial(size))
        case "add-crop", (_, _, by):
            return tr("Crop {pixels} px", pixels=_one(by))
        case "add-pad", (_, _, by):
            return tr("Pad {pixels} px", pixels=_one(by))
        case "add-crops", done:
            return tr("Crop {places}", places=_by_join(done))
        case "add-pads", done:
            return tr("Pad {places}", places=_by_join(done))
        case "add-upsample", (sources, times):
            name = _sources(repair, sources)
            return tr("Enlarge {name} by {times}", name=name, times=_one(times))
        case "add-pool", (sources, times):
            name = _sources(repair, sources)
            return tr("Pool {name} by {times}", name=name, times=number_format.times(times))
        case "add-projection", (_, channels, *_):
            return tr("Add a 1 × 1 convolution to {channels} channels", channels=channels)
        case "add-flatten", _:
            return tr("Add a flatten")
        case "remove", _:
            return tr("Remove it")
    pairs = zip(repair.numbers[::2], repair.numbers[1::2], strict=False)
    said = [f"{tr(SETTINGS.get(name, name))} {_value(value)}" for name, value in pairs]
    return tr("Set {settings}", settings=language.row.comma.join(said))


def _sources(repair: Repair, sources: Sequence[str]) -> str:
    return _listed([_source(repair, each) for each in sources])


def _listed(names: Sequence[str]) -> str:
    """Two by their names, of more the first and how many: a button is short."""
    first, *others = names
    if len(others) > 1:
        return tr("{name} and {n} others", name=first, n=len(others))
    return tr("{a} and {b}", a=first, b=others[0]) if others else first


def _source(repair: Repair, source: str) -> str:
    """The block that the map comes out of, else the operator: `enc 2`, not its last activation."""
    graph = repair.graph
    scope = graph[source].scope
    if scope and all(graph[reader].scope != scope for reader in graph.consumers[source]):
        return block_name(scope)
    return full_name(source)


def _by_join(done: Sequence[Any]) -> str:
    """What goes where, of (join, pixels by axis, and so on): joins with one number together."""
    at: dict[str, list[str]] = {}
    for join, by in zip(done[::2], done[1::2], strict=True):
        at.setdefault(_one(by), []).append(_join(join))
    said = [
        tr("{pixels} px at {joins}", pixels=pixels, joins=_listed(joins))
        for pixels, joins in list(at.items())[:MOST_NUMBERS]
    ]
    rest = sum(map(len, list(at.values())[MOST_NUMBERS:]))
    if rest:
        said.append(tr("more at {n} others", n=rest))
    return language.row.comma.join(said)


def _join(node_id: str) -> str:
    """A join by its own name; in a block, as an attention gate, by that one's."""
    return block_name(node_id.rpartition(".")[0] or node_id)


def _one(numbers: Sequence[int]) -> str:
    """`3` where it is the same on every axis, else `3 × 1`."""
    return str(numbers[0]) if len(set(numbers)) == 1 else number_format.times(numbers)


def _value(value: Any) -> str:
    if not isinstance(value, tuple):
        return str(value)
    flat = [each[0] if isinstance(each, tuple) else each for each in value]
    return number_format.times(flat)
