"""Writes a program out anew, without writing into tensors, where it writes into a part of one."""

from __future__ import annotations

import warnings
from typing import Any

from ..constants import written
from .same_calls import packet_of

VIEWS = frozenset(
    (
        *("view", "view_as", "reshape", "slice", "select", "narrow", "transpose", "t", "permute"),
        *("unsqueeze", "squeeze", "flatten", "unflatten", "expand", "expand_as", "alias", "detach"),
        *("chunk", "split", "split_with_sizes", "unbind", "movedim", "swapaxes", "diagonal"),
        *("real", "imag", "view_as_real", "view_as_complex", "unfold"),
    )
)
"""Calls whose result can be a part of what they are given, in the same memory."""


def without_written_parts(program: Any) -> Any:
    """The program itself, or where a tensor is read after a part of it was written one that has
    a new tensor instead of each write: `y[:, ::2] = x` then is `y = slice_scatter(y, x, …)`.

    What no input reaches is left as it is: such calls are computed at once.
    """
    if not _reads_what_was_written(list(program.graph.nodes), program.graph_signature):
        return program
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = program.run_decompositions({})
    _give_only_what_is_returned(program)
    for node in [*program.graph.nodes]:
        if str(node.target) == "aten.copy.default" and _are_alike(*node.args[:2]):
            node.replace_all_uses_with(node.args[1])
            program.graph.erase_node(node)
    return program


def _give_only_what_is_returned(program: Any) -> None:
    """Take an input that was written into from among the outputs, of which it has become one."""
    kinds = [spec.kind.name for spec in program.graph_signature.output_specs]
    output = program.graph.output_node()
    given = zip(kinds, output.args[0], strict=True)
    output.args = (tuple([each for kind, each in given if kind == "USER_OUTPUT"]),)


def _are_alike(old: Any, new: Any) -> bool:
    """Whether two tensors have one shape and type, so that a copy over the first is the second."""
    first, second = old.meta["val"], new.meta["val"]
    return bool(first.shape == second.shape and first.dtype == second.dtype)


def _reads_what_was_written(nodes: list[Any], signature: Any) -> bool:
    writes = [(at, node) for at, node in enumerate(nodes) if written(node)]
    if not writes:
        return False
    places = {node: at for at, node in enumerate(nodes)}
    roots: dict[Any, Any] = {}
    reached = {node for node in nodes if node.op == "placeholder"
               and node.name in signature.user_inputs}  # fmt: skip
    sharing: dict[Any, list[tuple[int, int]]] = {}
    for node in nodes:
        source = node.args[0] if node.args and hasattr(node.args[0], "op") else None
        shares = packet_of(node) in VIEWS or written(node) or "getitem" in str(node.target)
        roots[node] = roots[source] if shares and source is not None else node
        if not reached.isdisjoint(node.all_input_nodes):
            reached.update((node, roots[node]))
        end = max((places[user] for user in node.users), default=-1)
        sharing.setdefault(roots[node], []).append((places[node], end))
    for at, node in writes:
        target = written(node)[0]
        others = (pair for pair in sharing[roots[target]] if pair[0] != places[target])
        if roots[target] in reached and any(start < at < end for start, end in others):
            return True
    return False
