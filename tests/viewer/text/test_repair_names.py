"""The words on a repair's button."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from analysis.facts import analyse
from analysis.facts.repairs import Repair, repairs
from analysis.graph import Graph, Node
from analysis.operators import Add, Input, MaxPool, Output, ReLU
from viewer.text.repair_names import repair_words
from viewer.text.translation import language


@pytest.mark.parametrize("name", ["high", "a, b"])
def test_a_map_is_named_whatever_its_name_holds(name):
    graph = Graph.of(
        [
            Node("input", Input(4, (8, 8))),
            Node(name, ReLU(), ("input",)),
            Node("low", MaxPool(kernel=(2, 2), stride=(2, 2)), (name,)),
            Node("sum", Add(), ("low", name)),
            Node("output", Output(), ("sum",)),
        ]
    )
    found = {each.code: each for each in repairs(graph, analyse(graph), "sum")}
    assert repair_words(found["add-pool"]).startswith(f"Pool {name} by 2")
    assert repair_words(found["add-upsample"]).startswith("Enlarge low by 2")


@pytest.fixture
def chinese() -> Iterator[None]:
    language.use("zh_CN")
    yield
    language.use("en")


def several(code: str, *done: object) -> Repair:
    return Repair(code, done, Graph.of([Node("input", Input(4, (8, 8)))]))


def test_several_joins_are_told_with_what_goes_where():
    crops = several("add-crops", "join3", (1, 1), "attn2.add", (3, 2), "join1", (8, 8))
    assert repair_words(crops) == "Crop 1 px at join 3, 3 × 2 px at attn 2, 8 px at join 1"
    pads = several("add-pads", "join4", (1, 1), "join2", (1, 1))
    assert repair_words(pads) == "Pad 1 px at join 4 and join 2"
    same = several("add-pads", *(part for n in (4, 3, 2) for part in (f"join{n}", (1, 1))))
    assert repair_words(same) == "Pad 1 px at join 4 and 2 others"


def test_of_very_many_the_first_are_told_and_how_many_more():
    done = [part for n in range(6, 0, -1) for part in (f"join{n}", (7 - n,))]
    words = repair_words(several("add-crops", *done))
    told = "Crop 1 px at join 6, 2 px at join 5, 3 px at join 4, 4 px at join 3"
    assert words == f"{told}, more at 2 others"


def test_chinese_parts_a_list_as_chinese_does(chinese):
    words = repair_words(several("add-crops", "join3", (1, 1), "join1", (8, 8)))
    assert words == "裁剪（融合 3：1 像素、融合 1：8 像素）"
    setting = several("use-setting", "kernel", ((3, 3),), "stride", (2, 2))
    assert ", " not in repair_words(setting)
