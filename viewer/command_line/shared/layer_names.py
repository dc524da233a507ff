"""Names of layers on the command line: the one that somebody named, and the outputs."""

from __future__ import annotations

import difflib

from analysis.facts import Facts
from analysis.graph import Graph
from viewer.command_line.shared.refusal import Refusal


def layer_named(facts: Facts, name: str) -> str:
    """The id of that layer; `output` is always the last. Raises Refusal with what is near."""
    if name in facts.graph:
        return name
    if name == "output":
        return facts.graph.output.id
    names = list(facts.layers)
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.4) or names[-3:]
    raise Refusal(f"There is no layer {name}. Near are {', '.join(near)}.")


def output_names(graph: Graph) -> list[str]:
    """All outputs, the main one last; without an output node the last layer."""
    return [node.id for node in graph.outputs]
