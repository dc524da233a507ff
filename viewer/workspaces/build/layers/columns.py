"""The columns of the table of layers: what each is called, and what it says of a row."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.facts import Facts
from analysis.graph import Node
from viewer.text import number_format
from viewer.text.operator_names import extent_text, jump_text, summary
from viewer.text.translation import mark
from viewer.text.weight_sharing import layer_count

NAME, OPERATOR, SHAPE, PARAMETERS, MACS, MEMORY, FIELD, JUMP = range(8)
HEADINGS = (
    mark("Name"),
    mark("Operator"),
    mark("Shape"),
    mark("Parameters"),
    mark("MACs"),
    mark("Memory, MiB"),
    mark("Field, px"),
    mark("Jump, px"),
)
HINTS = (
    mark("The block or operator; blocks open to their operators."),
    mark("What it computes."),
    mark("Channels × height × width of what it gives out."),
    mark("Trainable numbers."),
    mark("Multiply-accumulates of one pass of one image."),
    mark("Memory of its feature map in 32-bit numbers."),
    mark("Side of the receptive field in input pixels; a range where it depends on the place."),
    mark("Input pixels from one unit to the next."),
)


def column_text(column: int, nodes: Sequence[Node], facts: Facts, output: str) -> str:
    """What a column but the first says of a block of these nodes, of which `output` is its last."""
    layers = [facts.layers[node.id] for node in nodes]
    last = facts.layers[output]
    if column in (MACS, MEMORY) and last.shape is None:
        return "–"
    if column == PARAMETERS and not all(layer.is_counted for layer in layers):
        return "–"
    match column:
        case 1:
            return summary(nodes, facts)
        case 2:
            return "–" if last.shape is None else number_format.times(last.shape)
        case 3 if len(layers) == 1:
            return layer_count(last)
        case 3:
            return number_format.grouped(sum(layer.parameters for layer in layers))
        case 4:
            return number_format.scaled(sum(layer.macs for layer in layers))
        case 5:
            return number_format.mebibytes(last.activation_bytes)
        case 6:
            return extent_text(facts.fields.get(output))
    return jump_text(facts.fields.get(output))
