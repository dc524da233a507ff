"""Writes the texts on the canvas: names of blocks, sizes, sets of units, short faults."""

from __future__ import annotations

import re

from analysis.facts import Facts, Skip
from analysis.faults import Fault
from analysis.graph.scopes import Block
from analysis.operators.contract import Shape
from analysis.receptive_field import UnitSet
from viewer.text import number_format
from viewer.text.escaping import name_text
from viewer.text.translation import mark, tr

NUMBERED = {
    "enc": mark("enc {n}"),
    "dec": mark("dec {n}"),
    "skip": mark("skip {n}"),
    "join": mark("join {n}"),
    "pool": mark("pool {n}"),
    "up": mark("up {n}"),
    "gate": mark("gate {n}"),
    "residual": mark("residual {n}"),
    "attn": mark("attn {n}"),
    "block": mark("block {n}"),
    "group": mark("group {n}"),
    "conv": mark("conv {n}"),
    "deconv": mark("deconv {n}"),
    "norm": mark("norm {n}"),
    "act": mark("act {n}"),
    "linear": mark("linear {n}"),
    "layer": mark("layer {n}"),
    "stage": mark("stage {n}"),
    "side": mark("side {n}"),
    "score": mark("score {n}"),
    "dropout": mark("dropout {n}"),
}
SINGLE = {
    "input": mark("input"),
    "output": mark("output"),
    "bottleneck": mark("bottleneck"),
    "head": mark("head"),
    "code": mark("code"),
    "stem": mark("stem"),
    "flatten": mark("flatten"),
    "shortcut": mark("shortcut"),
    "product": mark("product"),
    "mean": mark("mean"),
}
"""What stems of ids are called, with a number behind them and alone."""


_STEM_AND_NUMBER, _TO = re.compile(r"([a-z]+)(\d*)"), " – "


def block_name(name: str) -> str:
    """`enc1` → `enc 1`; ids that are paths, as those of opened models, stay as they are.

    Of a step from one block to another both are said so, in short `conv 1–2`. What cannot be seen
    in an id is written out, and one past all measure is shortened.
    """
    known = _STEM_AND_NUMBER.fullmatch(name)
    if known is None:
        return _step_name(name)
    stem, number = known.groups()
    said = _stem(stem, number)
    return name_text((said if said is not None else f"{stem} {number}").strip())


def _step_name(name: str) -> str:
    """The name of a step by its two ends; any other as it is."""
    ends = [_STEM_AND_NUMBER.fullmatch(each) for each in name.split(_TO)]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        return name_text(name)
    (stem, first), (other, last) = ends[0].groups(), ends[1].groups()
    if stem == other and first and last:
        return f"{block_name(stem + first)}–{last}"
    return block_name(stem + first) + _TO + block_name(other + last)


def _stem(stem: str, number: str) -> str | None:
    if stem in NUMBERED:
        return tr(NUMBERED[stem], n=number)
    return tr(SINGLE[stem]) if not number and stem in SINGLE else None


def node_name(node_id: str) -> str:
    """`enc1.conv2` → `conv 2` inside its block; other ids as the canvas says them."""
    last = node_id.rpartition(".")[2]
    stem = last.rstrip("0123456789")
    number = last[len(stem) :]
    if not number or last == node_id:
        return block_name(last) if last == node_id else _inner(last, "")
    return _inner(stem, number)


def _inner(stem: str, number: str) -> str:
    if stem == "act":
        return tr("activation {n}", n=number).strip()
    said = _stem(stem, number)
    return name_text(said.strip() if said is not None else f"{stem}{number}")


def full_name(node_id: str) -> str:
    """`enc1.conv2` → `enc 1, conv 2`: where the block is not said beside it."""
    block, dot, _ = node_id.rpartition(".")
    inner = node_name(node_id)
    return tr("{block}, {operator}", block=block_name(block), operator=inner) if dot else inner


def spoken_name(name: str) -> str:
    """The name as it is read aloud: `enc3` → `Encoder block 3`."""
    known = re.fullmatch(r"(enc|dec)(\d+)", name)
    if known is None:
        said = block_name(name)
        return said[:1].upper() + said[1:]
    stem, number = known.groups()
    if stem == "enc":
        return tr("Encoder block {n}", n=number)
    return tr("Decoder block {n}", n=number)


def shape_text(sizes: Shape | None) -> str:
    """`32 × 512²`; a size that is not known is a dash."""
    return "–" if sizes is None else number_format.shape(sizes)


def seen_text(seen: UnitSet, unit: tuple[int, ...] | None) -> str:
    """The amber line below a name: the unit itself, or how much of the map is seen."""
    if unit is not None:
        return tr("unit ({place})", place=", ".join(map(str, unit)))
    if seen.box is None or seen.pixels == 0:
        return tr("sees only the bias")
    half = len(seen.box) // 2
    sides = [seen.box[half + axis] - seen.box[axis] for axis in range(half)]
    return tr("{size} seen", size=" × ".join(map(str, sides)))


def region_text(box: tuple[int, ...]) -> str:
    """The amber line below the map of which a region is taken: its half-open box."""
    return tr("region {box}", box=number_format.box(box))


def pixel_text(pixel: tuple[int, ...]) -> str:
    """The amber line below the input of which one pixel is pointed at."""
    return tr("pixel ({place})", place=", ".join(map(str, pixel)))


def reached_text(seen: UnitSet) -> str:
    """The amber line below a name: how much of the map one pixel of the input can change."""
    if seen.box is None or seen.pixels == 0:
        return tr("not changed")
    half = len(seen.box) // 2
    sides = [seen.box[half + axis] - seen.box[axis] for axis in range(half)]
    return tr("{size} can change", size=" × ".join(map(str, sides)))


def fault_text(fault: Fault) -> str:
    """The fact of a fault in the room of a caption; the sentence is said by the inspector."""
    match fault.code, fault.numbers:
        case "join-sizes-differ", (0, first, second, *_):
            return tr("{a} ≠ {b} high", a=first, b=second)
        case "join-sizes-differ", (_, first, second, *_):
            return tr("{a} ≠ {b} wide", a=first, b=second)
        case "join-channels-differ", (first, second, *_):
            return tr("{a} ≠ {b} channels", a=first, b=second)
        case "too-few-inputs", (0, _):
            return tr("not connected")
        case "too-few-inputs", (inputs, needed):
            return tr("{a} of {b} inputs", a=inputs, b=needed)
        case "kernel-too-large", (_, extent, padded, *_):
            return tr("kernel {a} > {b}", a=extent, b=padded)
        case "channels-not-divisible", (channels, groups, *_):
            return tr("{a} in {b} groups", a=channels, b=groups)
        case (("crop-too-large" | "crop-needs-larger"), (_, first, second, *_)):
            return tr("crop {a} > {b}", a=first, b=second)
    return tr("does not fit")


def cannot_run(facts: Facts) -> str:
    """Why the network has no output: its first fault; empty for one that has."""
    if not facts.stopped_by:
        return ""
    first = facts.stopped_by[0]
    fault = facts.layers[first].fault
    said = fault_text(fault) if fault is not None else tr("does not fit")
    if facts.can_begin:
        return tr("No output: {name}, {fact}", name=full_name(first), fact=said)
    return tr("Cannot run: {name}, {fact}", name=full_name(first), fact=said)


def accessible_name(block: Block, facts: Facts) -> str:
    """One sentence that says what the picture of a block shows."""
    layer = facts.layers[block.output]
    parts = [spoken_name(block.id)]
    if layer.shape is not None:
        parts.append(tr(" by ").join(map(str, layer.shape)))
    field = facts.fields.get(block.output)
    if field is not None and field.extent_max and all(e is not None for e in field.extent_max):
        extent = tr(" by ").join(map(str, dict.fromkeys(field.extent_max)))
        parts.append(tr("field {extent} pixels", extent=extent))
    node = facts.graph[block.output]
    if block.kind == "operator" and node.operator.family == "join" and node.inputs:
        joined = tr(" and ").join(_spoken_block(facts, source) for source in node.inputs)
        parts.append(tr("joins {names}", names=joined))
    fault = next((f for n in block.nodes if (f := facts.layers[n].fault)), None)
    parts.append(fault_text(fault) if fault else tr("no problem"))
    return tr(", ").join(parts)


def skip_said(skip: Skip, facts: Facts) -> str:
    """A skip as it is read aloud: from where to where, and how it joins."""
    readers = facts.graph.consumers.get(skip.join, ())
    target = readers[0] if readers else skip.join
    how = tr("added") if skip.how == "add" else tr("concatenated")
    return tr(
        "{skip} from {a} to {b}, {how}",
        skip=spoken_name(skip.name),
        a=_spoken_block(facts, skip.source),
        b=_spoken_block(facts, target),
        how=how,
    )


def _spoken_block(facts: Facts, node: str) -> str:
    """The outermost group that an operator belongs to, else the operator, as it is read aloud."""
    return spoken_name(facts.graph[node].scope.partition("/")[0] or node)
