"""The statements of `forward`: what is called in which order, and what each result is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from analysis.exchange.torch_code.expressions import filled
from analysis.exchange.torch_code.identifiers import OF_THE_FILE, identifier
from analysis.exchange.torch_code.layers import Layer, LayerTree
from analysis.facts import Facts
from analysis.graph import Node
from analysis.operators import Given, Output
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
    given: list[tuple[Node, str]] = field(default_factory=list)
    """Further arguments; each has the value it is given in the network where it is left out."""
    results: dict[str, str] = field(default_factory=dict)
    """The variable of each output by its name, the main one last."""


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
    loose: Mapping[str, Sequence[str]],
    line: Callable[[Node], str],
) -> Forward:
    """The forward pass of `nodes`; `loose` has what each node that is no module reads of `self`."""
    told = Forward()
    units = _units(nodes, tree, shared, told)
    alias = {node.id: node.inputs[0] for node in nodes if node.operator.key == "output"}
    functions = {node.operator.torch_function: None for node in nodes if _calls(node, line)}
    told.functions = list(functions)
    taken = {PASSING, *OF_THE_FILE, *map(_function_name, told.functions)}
    variables: dict[str, str] = {}
    for node in [each for each in nodes if each.operator.key == "input"]:
        plain = INPUTS.get(len(facts.shapes[node.id]) - 1, "x0") if node.id == "input" else node.id
        called = variables[node.id] = identifier(plain, taken)
        taken.add(called)
        told.inputs.append((node, called))
    for node in [each for each in nodes if each.operator.key == "given"]:
        called = variables[node.id] = identifier(node.id.replace(".", "_"), taken)
        taken.add(called)
        told.given.append((node, called))
        told.lines.append(_given(node, called, told, facts, loose))
    ends = [node.inputs[0] for node in nodes if node.operator.key == "output"]
    passing = _passed_on(units, alias, ends)
    for unit in units:
        name = unit.layer.variable() if unit.layer else unit.node.id.replace(".", "_")
        name = identifier(name, taken)
        variable = PASSING if unit.result in passing else name
        sources = [variables[_real(source, alias)] for source in unit.sources]
        expression = _expression(unit, sources, loose, line)
        if unit.node.operator.key == "noise" and not sources and told.inputs:
            expression += f".to({told.inputs[0][1]})"
        block = unit.layer.path[0] if unit.layer else identifier(unit.node.id.partition(".")[0])
        told.lines.append(Statement(block, variable, expression, facts.shapes[unit.result]))
        variables[unit.result] = variable
        if variable == name:
            taken.add(name)
    told.results = _results(nodes, alias, variables)
    return told


def _given(
    node: Node, called: str, told: Forward, facts: Facts, loose: Mapping[str, Sequence[str]]
) -> Statement:
    """The value of an argument that is left out, like the picture in type and place."""
    operator = node.operator
    assert isinstance(operator, Given)
    value = loose[node.id][0] if operator.stored else operator.example()
    if told.inputs:
        like = told.inputs[0][1]
        value += f".to({like})" if "float" in operator.dtype else f".to({like}.device)"
    expression = f"{value} if {called} is None else {called}"
    return Statement(called, called, expression, facts.shapes[node.id])


def _results(
    nodes: Sequence[Node], alias: Mapping[str, str], variables: Mapping[str, str]
) -> dict[str, str]:
    ends = [node for node in nodes if isinstance(node.operator, Output)] or [nodes[-1]]
    found: dict[str, str] = {}
    for node in ends:
        name = node.operator.name if isinstance(node.operator, Output) else ""
        key = node.id if not name or name in found else name
        found[key] = variables[_real(node.id, alias)]
    return found


def _function_name(text: str) -> str:
    return text.strip().split("(")[0].removeprefix("def ")


def _calls(node: Node, line: Callable[[Node], str]) -> bool:
    """Whether the operator's expression calls the function that comes with it."""
    text = node.operator.torch_function
    return bool(text) and f"{_function_name(text)}(" in line(node)


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


def _passed_on(
    units: Sequence[_Unit], alias: Mapping[str, str], ends: Sequence[str]
) -> frozenset[str]:
    """The results that nothing but the next call reads, and the last."""
    readers: dict[str, set[int]] = {_real(source, alias): {len(units)} for source in ends}
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
    loose: Mapping[str, Sequence[str]],
    line: Callable[[Node], str],
) -> str:
    if unit.layer is not None:
        return f"{unit.layer.call()}({', '.join(sources)})"
    return filled(line(unit.node), [*sources, *loose.get(unit.node.id, ())])
