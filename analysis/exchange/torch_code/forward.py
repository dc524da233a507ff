"""The statements of `forward`: what is called in which order, and what each result is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from analysis.exchange.torch_code.expressions import filled
from analysis.exchange.torch_code.identifiers import OF_THE_FILE, identifier
from analysis.exchange.torch_code.layers import Layer, LayerTree
from analysis.facts import Facts
from analysis.graph import Node
from analysis.operators.contract import Shape

INPUTS = {0: "vector", 1: "signal", 2: "image", 3: "volume"}
"""What an input without a name of its own is called, by its number of spatial axes."""
PASSING = "x"
"""What only the next statement reads."""


@dataclass(frozen=True)
class Statement:
    """`variable = expression`; `block` is the first part of its layer's name."""

    block: str
    variable: str
    expression: str
    shape: Shape


@dataclass
class Forward:
    """What `forward` holds: its arguments, its lines, and the functions of ours that they call."""

    inputs: list[tuple[Node, str]] = field(default_factory=list)
    lines: list[Statement] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Unit:
    """One call: of a layer, or of an operator that is none. It gives what node `result` does."""

    node: Node
    result: str
    layer: Layer | None
    sources: tuple[str, ...]


def statements(
    nodes: Sequence[Node],
    facts: Facts,
    tree: LayerTree,
    shared: Mapping[str, str],
    loose: Mapping[str, str],
    line: Callable[[Node], str],
) -> Forward:
    """The forward pass of `nodes`; `loose` has the attribute of each tensor of no module."""
    told = Forward()
    units = _units(nodes, tree, shared, told)
    alias = {node.id: node.inputs[0] for node in nodes if node.operator.key == "output"}
    functions = {node.operator.torch_function: None for node in nodes}
    told.functions = [each for each in functions if each]
    taken = {PASSING, *OF_THE_FILE, *(text.split("(")[0][4:] for text in told.functions)}
    variables: dict[str, str] = {}
    for node in [each for each in nodes if each.operator.key == "input"]:
        plain = INPUTS.get(len(facts.shapes[node.id]) - 1, "x0") if node.id == "input" else node.id
        called = variables[node.id] = identifier(plain, taken)
        taken.add(called)
        told.inputs.append((node, called))
    passing = _passed_on(units, alias)
    for unit in units:
        name = unit.layer.variable() if unit.layer else unit.node.id.replace(".", "_")
        name = identifier(name, taken)
        variable = PASSING if unit.result in passing else name
        sources = [variables[_real(source, alias)] for source in unit.sources]
        expression = _expression(unit, sources, facts, loose, line)
        block = unit.layer.path[0] if unit.layer else identifier(unit.node.id.partition(".")[0])
        told.lines.append(Statement(block, variable, expression, facts.shapes[unit.result]))
        variables[unit.result] = variable
        if variable == name:
            taken.add(name)
    return told


def _units(
    nodes: Sequence[Node], tree: LayerTree, shared: Mapping[str, str], told: Forward
) -> list[_Unit]:
    units: list[_Unit] = []
    begun: set[int] = set()
    for node in nodes:
        if node.operator.family == "end":
            continue
        if node.id in shared:
            units.append(_Unit(node, node.id, tree.of[shared[node.id]], node.inputs))
            continue
        layer = tree.outermost.get(node.id)
        if layer is None or layer.node is not None:
            units.append(_Unit(node, node.id, layer, node.inputs))
        elif id(layer) not in begun:
            begun.add(id(layer))
            *_, last = layer.nodes()
            units.append(_Unit(node, last.id, layer, node.inputs))
    return units


def _real(source: str, alias: Mapping[str, str]) -> str:
    while source in alias:
        source = alias[source]
    return source


def _passed_on(units: Sequence[_Unit], alias: Mapping[str, str]) -> frozenset[str]:
    """The results that nothing but the next call reads, and the last."""
    readers: dict[str, set[int]] = {}
    for position, unit in enumerate(units):
        for source in unit.sources:
            readers.setdefault(_real(source, alias), set()).add(position)
    return frozenset(
        unit.result
        for position, unit in enumerate(units)
        if readers.get(unit.result, {position + 1}) == {position + 1}
    )


def _expression(
    unit: _Unit,
    sources: Sequence[str],
    facts: Facts,
    loose: Mapping[str, str],
    line: Callable[[Node], str],
) -> str:
    if unit.layer is not None:
        return f"{unit.layer.call()}({', '.join(sources)})"
    inputs = facts.layers[unit.node.id].inputs
    operator = unit.node.operator
    names = [*operator.parameters(inputs), *operator.buffers(inputs)]
    tensors = [f"self.{loose[f'{unit.node.id}.{name}']}" for name in names]
    return filled(line(unit.node), [*sources, *tensors])
