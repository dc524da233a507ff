"""Groups: what may be one, how it is called, and that it computes the same."""

import pytest

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.graph import Graph
from analysis.graph.grouping import grouped, in_between, renamed_group, renamed_node, ungrouped
from analysis.graph.readable_blocks import readable_blocks
from analysis.graph.scopes import contract


@pytest.fixture
def unet() -> Graph:
    return BLUEPRINTS["unet"].build(BLUEPRINTS["unet"].complete({"depth": 2}))


def members(graph: Graph, *scopes: str) -> list[str]:
    return [n.id for n in graph.nodes if n.scope in scopes or n.id in scopes]


def test_a_group_of_blocks_is_one_block_with_the_blocks_inside(unet):
    ids = members(unet, "enc1", "pool1", "enc2")
    made, scope = grouped(unet, ids)
    assert scope == "group1"
    assert made["enc1.conv1"].scope == "group1/enc1"
    assert made["pool1"].scope == "group1"
    assert made.structure_hash == unet.structure_hash
    whole = next(b for b in contract(made) if b.id == "group1")
    assert set(whole.nodes) == set(ids)
    assert ungrouped(made, scope) == unet


def test_a_second_group_has_a_name_of_its_own_and_groups_nest(unet):
    made, first = grouped(unet, members(unet, "enc1", "pool1"))
    made, second = grouped(made, members(unet, "up1", "join1"))
    assert (first, second) == ("group1", "group2")
    inner, scope = grouped(made, ["enc1.conv1", "enc1.norm1"])
    assert scope == "group1/enc1/group1"
    assert ungrouped(ungrouped(ungrouped(inner, scope), first), second) == unet


def test_what_data_leaves_and_comes_back_to_is_no_group(unet):
    assert in_between(unet, members(unet, "enc1", "enc2")) == "pool1"
    assert in_between(unet, members(unet, "enc1", "dec1")) is not None
    assert in_between(unet, members(unet, "enc1", "pool1", "enc2")) is None
    assert in_between(unet, [node.id for node in unet.nodes]) is None


def test_a_collapsed_group_is_one_block_whatever_levels_it_spans(unet):
    made, scope = grouped(unet, members(unet, "enc1", "pool1", "enc2"))
    levels = analyse(made).levels
    assert scope not in [block.id for block in readable_blocks(made, levels)]
    closed = readable_blocks(made, levels, frozenset({scope}))
    block = next(each for each in closed if each.id == scope)
    assert {node.partition(".")[0] for node in block.nodes} == {"enc1", "pool1", "enc2"}


def test_names_of_groups_and_nodes_change_without_a_wire_lost(unet):
    made, scope = renamed_group(unet, "enc2", "middle")
    assert scope == "middle"
    assert members(made, "middle") == members(unet, "enc2")
    assert made.structure_hash == unet.structure_hash
    made, new = renamed_node(unet, "enc1.conv2", "wide")
    assert new == "enc1.wide"
    assert made["enc1.norm2"].inputs == ("enc1.wide",)
    assert renamed_node(made, new, "conv2")[0] == unet
