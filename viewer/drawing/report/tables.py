"""The tables of the report: the network's totals, its training memory, and every layer."""

from __future__ import annotations

from analysis.facts import Facts
from analysis.facts.size_rule import size_rule
from analysis.review.training_memory import TrainingMemory, added_up, training_memory
from viewer.drawing.report.html import Table
from viewer.text import number_format
from viewer.text.operator_names import extent_text, operator_title
from viewer.text.translation import tr

MOST_HEAVY = 10
"""Layers whose training memory is listed; the rest is one row."""


def facts_table(facts: Facts) -> Table:
    """What the network is, in a few rows."""
    graph = facts.graph
    ends = [node.id for node in (*graph.inputs, *(graph.outputs if graph.nodes else ()))]
    rows = [
        (name, number_format.shape(facts.shapes[name])) for name in ends if name in facts.shapes
    ]
    rule = size_rule(facts)
    if rule is not None:
        rows.append((tr("Input sizes are multiples of"), number_format.times(rule.multiple_of)))
    if graph.nodes:
        field = facts.fields.get(graph.output.id)
        rows.append((tr("Receptive field of the output (px)"), extent_text(field)))
    rows += [
        (tr("Parameters"), number_format.grouped(facts.parameters)),
        (tr("MACs"), number_format.scaled(facts.macs)),
        (tr("Operators"), str(len(graph))),
        (tr("Skip connections"), str(len(facts.skips))),
    ]
    return Table(tr("Network"), (), rows)


def memory_table(facts: Facts) -> Table:
    """What training keeps, the heaviest layers first."""
    layers = training_memory(facts)
    heavy = sorted(layers, key=lambda name: -layers[name].total)
    rows = [_memory(name, layers[name]) for name in heavy[:MOST_HEAVY]]
    rest = {name: layers[name] for name in heavy[MOST_HEAVY:]}
    if rest:
        rows.append(_memory(tr("{count} others", count=len(rest)), added_up(rest)))
    columns = (tr("Layer"), tr("Weights"), tr("Gradients"), tr("Optimiser"), tr("Feature maps"),
               tr("MiB"))  # fmt: skip
    note = tr("Estimated in MiB for a batch of one, float32 and Adam.")
    return Table(
        tr("Memory of training"), columns, rows, _memory(tr("Together"), added_up(layers)), note
    )


def _memory(name: str, each: TrainingMemory) -> tuple[str, ...]:
    numbers = (each.weights, each.gradients, each.optimiser, each.activations, each.total)
    return (name, *map(number_format.mebibytes, numbers))


def layers_table(facts: Facts) -> Table:
    """Every operator with its shape, cost and receptive field."""
    rows = []
    for node in facts.graph.nodes:
        layer = facts.layers[node.id]
        shape = "" if layer.shape is None else number_format.shape(layer.shape)
        rows.append(
            (
                node.id,
                operator_title(node.operator),
                shape,
                number_format.grouped(layer.parameters),
                number_format.scaled(layer.macs),
                extent_text(facts.fields.get(node.id)),
            )
        )
    columns = (tr("Layer"), tr("Operator"), tr("Shape"), tr("Parameters"), tr("MACs"),
               tr("Field (px)"))  # fmt: skip
    return Table(tr("Layers"), columns, rows)
