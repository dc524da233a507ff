"""Which tensors nodes read and who they belong to: shared, tied, parted by their shape, renamed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.graph.grouping import renamed_node
from analysis.graph.pieces import put_piece_behind, put_piece_loose, without_nodes
from analysis.graph.shared_weights import with_own_weights, with_weights_of
from analysis.graph.wiring import connected
from analysis.operators import BatchNorm, Convolution, Input, Output, Pad
from analysis.storage.document import Document, from_json, to_json
from analysis.storage.piece_file import piece_from_json, piece_to_json

CONV = Convolution(4, (3, 3), padding=((1, 1), (1, 1)))
ONE = 4 * 4 * 9 + 4


def chain(*nodes: Node) -> Graph:
    """The nodes one behind the other, between an input of 4 × 8 × 8 and an output."""
    made = [Node("input", Input(4, (8, 8)))]
    for node in nodes:
        made.append(replace(node, inputs=(made[-1].id,)))
    return Graph.of([*made, Node("output", Output(), (made[-1].id,))])


def thrice() -> Graph:
    return chain(Node("a", CONV), Node("a2", CONV, stored_as="a"), Node("a3", CONV, stored_as="a"))


def keys(graph: Graph, node_id: str) -> list[str]:
    return [each.key for each in analyse(graph).tensors[node_id]]


def test_a_tensor_is_counted_where_it_belongs_and_runs_wherever_it_is_used() -> None:
    facts = analyse(thrice())
    assert facts.parameters == ONE
    assert [facts.layers[name].parameters for name in ("a", "a2", "a3")] == [ONE, 0, 0]
    assert [facts.layers[name].shares for name in ("a", "a2", "a3")] == [None, "a", "a"]
    assert facts.sharers == {"a": ("a2", "a3")}
    assert facts.macs == 3 * 64 * 4 * 4 * 9


def test_buffers_are_shared_and_fixed_kernels_are_no_parameters() -> None:
    norm = BatchNorm()
    graph = chain(
        Node("n", norm), Node("n2", norm, stored_as="n"), Node("c", CONV, fixed=("weight",))
    )
    facts = analyse(graph)
    assert keys(graph, "n2") == ["n.weight", "n.bias", "n.running_mean", "n.running_var"]
    assert facts.parameters == 2 * 4 + 4
    trained = {each.name: each.trained for each in facts.tensors["c"]}
    assert trained == {"weight": False, "bias": True}


def test_one_tensor_of_two_can_be_tied() -> None:
    graph = chain(Node("a", CONV), Node("b", CONV, tied=(("weight", "a.weight"),)))
    facts = analyse(graph)
    assert keys(graph, "b") == ["a.weight", "b.bias"]
    assert facts.layers["b"].parameters == 4
    assert facts.layers["b"].shares == "a"


def test_the_next_user_owns_what_is_left_when_the_owner_goes() -> None:
    graph = without_nodes(thrice(), ["a"])
    facts = analyse(graph)
    assert facts.parameters == ONE
    assert facts.sharers == {"a2": ("a3",)}
    assert keys(graph, "a2") == ["a.weight", "a.bias"]  # the stored tensors are still theirs
    assert graph.unused_id("a") == "a4"  # and no new node would come to use them


def test_another_shape_parts_a_node_from_the_others_and_back_again() -> None:
    wide = replace(CONV, kernel=(5, 5), padding=((2, 2), (2, 2)))
    graph = thrice().with_operator("a2", wide)
    facts = analyse(graph)
    assert keys(graph, "a2") == ["a2.weight", "a2.bias"]
    assert facts.parameters == ONE + 4 * 4 * 25 + 4
    assert facts.sharers == {"a": ("a3",)}
    assert facts.parted["a2"] == ("a", "a3")
    assert graph.with_operator("a2", CONV) == thrice()
    first = thrice().with_operator("a", wide)
    assert keys(first, "a") == ["a.weight", "a.bias"]
    assert keys(first, "a2") == ["a2.weight", "a2.bias"] == keys(first, "a3")
    tied = chain(Node("a", CONV), Node("b", wide, tied=(("weight", "a.weight"),)))
    assert keys(tied, "b") == ["b.weight", "b.bias"]


def test_one_of_two_sets_of_tensors_may_be_a_part_of_the_other() -> None:
    bare = replace(CONV, bias=False)
    facts = analyse(chain(Node("a", bare), Node("a2", CONV, stored_as="a")))
    assert [facts.layers[name].parameters for name in ("a", "a2")] == [ONE - 4, 4]
    assert facts.layers["a2"].shares == "a"


def test_parted_keys_are_those_of_no_other_node() -> None:
    wide = replace(CONV, kernel=(5, 5), padding=((2, 2), (2, 2)))
    taken = Node("x", CONV, stored_as="a2")
    graph = chain(Node("a", CONV), Node("a2", wide, stored_as="a"), taken)
    assert keys(graph, "a2")[0] == "a22.weight"
    assert keys(graph, "x")[0] == "a2.weight"


def test_a_parted_key_is_none_of_a_node_that_shares_with_nobody() -> None:
    wide = replace(CONV, kernel=(5, 5), padding=((2, 2), (2, 2)))
    graph = chain(
        Node("a", CONV),
        Node("b", wide, stored_as="a"),
        Node("b2", CONV),
        Node("x", CONV, stored_as="b"),
    )
    assert keys(graph, "b")[0] == "b3.weight"
    assert analyse(graph).parameters == sum(
        analyse(graph).layers[name].parameters for name in ("a", "b", "b2", "x")
    )


def test_what_has_no_shape_owns_nothing() -> None:
    broken = chain(
        Node("pad", Pad((9, 9), (0, 0), "reflect")),
        Node("a", CONV),
        Node("a2", CONV, stored_as="a"),
    )
    assert analyse(broken).tensors == {}
    assert analyse(broken).parameters == 0


def test_an_operator_keeps_its_weights_under_another_name() -> None:
    graph, name = renamed_node(thrice(), "a", "b")
    assert name == "b"
    assert keys(graph, "b") == keys(graph, "a2") == ["a.weight", "a.bias"]
    back, _ = renamed_node(graph, "b", "a")
    assert back == thrice()
    swapped = chain(Node("a", CONV), Node("b", CONV))
    for old, new in (("a", "c"), ("b", "a"), ("c", "b")):
        swapped, _ = renamed_node(swapped, old, new)
    assert keys(swapped, "a") == ["b.weight", "b.bias"]
    assert keys(swapped, "b") == ["a.weight", "a.bias"]
    assert analyse(swapped).parameters == 2 * ONE


@pytest.mark.parametrize("put", [put_piece_loose, lambda g, n: put_piece_behind(g, n, "a3")])
def test_copies_share_among_themselves_and_not_with_what_they_are_of(put) -> None:
    tied = Node("b", CONV, tied=(("weight", "a.weight"),))
    graph = chain(*thrice().nodes[1:4], tied)
    copied = graph.nodes[1:5]
    made, ids = put(graph, piece_from_json(piece_to_json(copied)))
    facts = analyse(made if made[ids[0]].inputs else connected(made, "input", ids[0]))
    owner, second, third, last = ids
    assert facts.parameters == 2 * (ONE + 4)
    assert facts.sharers[owner] == (second, third, last)
    assert facts.layers[owner].shares is None
    assert [each.key for each in facts.tensors[last]] == [f"{owner}.weight", f"{last}.bias"]


def test_a_single_copy_has_weights_of_its_own() -> None:
    made, (copy,) = put_piece_behind(thrice(), [thrice()["a2"]], "a3")
    assert keys(made, copy) == [f"{copy}.weight", f"{copy}.bias"]


@pytest.mark.parametrize("node_id", ["a", "a2"])
def test_weights_are_made_ones_own_and_shared_again(node_id: str) -> None:
    graph = thrice()
    held = {each.name: each.key for each in analyse(graph).tensors[node_id]}
    own = with_own_weights(graph, node_id, held)
    facts = analyse(own)
    assert facts.parameters == 2 * ONE
    assert {facts.layers[node_id].shares, *facts.sharers.get(node_id, ())} == {None}
    assert {each.starts[-1] for each in facts.tensors[node_id]} == {"a.weight", "a.bias"}
    other = "a3" if node_id == "a2" else "a2"
    shared = with_weights_of(own, node_id, other)
    assert analyse(shared).parameters == ONE


def test_a_document_keeps_who_shares_with_whom() -> None:
    tied = Node("b", CONV, tied=(("weight", "a.weight"),), fixed=("bias",))
    own = Node("c", CONV, starts=(("weight", "a.weight"),))
    document = Document(graph=chain(*thrice().nodes[1:4], tied, own), unused_parameters=9)
    again, _ = from_json(to_json(document))
    assert again == document
    plain = to_json(Document(graph=chain(Node("a", CONV))))
    assert b"stored_as" not in plain
