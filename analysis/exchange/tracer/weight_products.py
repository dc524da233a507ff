"""Writes products with a matrix of the model as linear layers: `x @ W`, `matmul`, `einsum`.

They weigh the features of an axis, as a linear layer does; read as such, places stay places.
"""

from __future__ import annotations

import string
from typing import Any


def as_linear_layers(program: Any) -> None:
    """Puts a linear layer, between permutations where it needs them, in place of each product."""
    held = _held(program)
    for node in list(program.graph.nodes):
        if node in held or node.op != "call_function":
            continue
        name = str(node.target).partition(".")[2].partition(".")[0]
        found = _of_matrices(node) if name in ("matmul", "mm") else None
        if name == "einsum" and len(node.args) == 2 and len(node.args[1]) == 2:
            found = (node.args[0].replace(" ", ""), *node.args[1])
        if found is not None and (sides := _sides(*found, held)) is not None:
            _replace(program.graph, node, *sides)


def _held(program: Any) -> set[Any]:
    """What no input reaches: weights and all that is computed of them alone."""
    given = {*program.graph_signature.user_inputs}
    held: set[Any] = set()
    for node in program.graph.nodes:
        weight = node.op == "placeholder" and node.name not in given
        made = node.op == "call_function" and node.all_input_nodes
        if weight or node.op == "get_attr" or (made and held.issuperset(node.all_input_nodes)):
            held.add(node)
    return held


def _rank(node: Any) -> int:
    shape = getattr(node.meta.get("val"), "shape", ())
    return len(shape)


def _of_matrices(node: Any) -> tuple[str, Any, Any] | None:
    """The equation of a matrix product, in which the larger tensor has axes in front."""
    first, second = node.args[:2]
    if min(_rank(first), _rank(second)) != 2:
        return None
    front = [string.ascii_lowercase[: max(0, _rank(each) - 2)] for each in (first, second)]
    return f"{front[0]}xy,{front[1]}yz->{''.join(front)}xz", first, second


def _sides(
    equation: str, first: Any, second: Any, held: set[Any]
) -> tuple[Any, Any, str, str, str] | None:
    """The data, the matrix, and their letters and those of the result; None of another product."""
    terms, _, result = equation.partition("->")
    left, _, right = terms.partition(",")
    if (first in held) == (second in held):
        return None
    data, matrix, own, of = (second, first, right, left) if first in held else (
        first, second, left, right)  # fmt: skip
    if own.count("...") == result.count("...") == 1:
        unused = [each for each in string.ascii_lowercase if each not in equation]
        more = "".join(unused[: max(0, _rank(data) - len(own) + 3)])
        own, result = own.replace("...", more), result.replace("...", more)
    distinct = all(part.isalpha() and len({*part}) == len(part) for part in (own, of, result))
    inner, outer = {*of} & {*own}, {*of} - {*own}
    fits = distinct and len(of) == 2 == _rank(matrix) and len(own) == _rank(data) >= 2
    if not fits or len(inner) != 1 or {*result} != ({*own} - inner) | outer or own[0] in inner:
        return None
    return data, matrix, own, of, result


def _replace(graph: Any, node: Any, data: Any, matrix: Any, own: str, of: str, result: str) -> None:
    import torch

    aten = torch.ops.aten
    summed = next(each for each in of if each in own)
    rest = own.replace(summed, "")
    made = rest + of.replace(summed, "")

    def call(target: Any, *args: Any) -> Any:
        with graph.inserting_before(node):
            new = graph.call_function(target, args)
        new.meta = {**node.meta, "val": target(*(_value(each) for each in args))}
        return new

    if of[1] != summed:
        matrix = call(aten.permute.default, matrix, [1, 0])
    if (order := [own.index(each) for each in rest + summed]) != sorted(order):
        data = call(aten.permute.default, data, order)
    node.kwargs = {}
    if made == result:
        node.target, node.args = aten.linear.default, (data, matrix)
    else:
        weighed = call(aten.linear.default, data, matrix)
        order = [made.index(each) for each in result]
        node.target, node.args = aten.permute.default, (weighed, order)


def _value(given: Any) -> Any:
    return given.meta["val"] if hasattr(given, "meta") else given
