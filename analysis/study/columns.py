"""Names of what a study measures: the columns of its rows, and the reducers of its summary."""

from __future__ import annotations

from analysis.facts import Facts
from analysis.graph.off_mode import OffMode

F_ALL, F_NONE = "f.all", "f.none"
REST = ("bottleneck", "bias")
"""What stands beside the skips in a measure that splits the output."""
WITHOUT_ALL = "without all"
"""In the place of a skip's name: every skip off."""
SCORES = ("psnr", "ssim", "iou", "dice")
MODES: tuple[OffMode, ...] = ("zero", "mean", "noise")

IMAGES = "images"
"""How many images there are."""
ROWS = "rows/"
"""Before a column's name: moments of it over images."""
LAYER = "layer/"
"""Before a layer's name: moments over images of its mean and of the part that is 0."""
DEAD, CONSTANT = "dead/", "constant/"
"""Before a layer's name: in how many images each channel is 0, or one other value, everywhere."""
FIELD = "field/"
"""Before a layer's name: the sum over images of |∂ middle unit / ∂ input|."""
FIELDS = "fields"
"""How many images these are sums over."""

SAME_FIELD = frozenset({"act", "norm", "end"})
"""Families whose layers have the field of what they read; the output has it too, and is shown."""


def layers_with_field(facts: Facts) -> tuple[str, ...]:
    """Layers with maps of the input's axes and a field of their own, and the output."""
    graph, shapes = facts.graph, facts.shapes
    source = graph.inputs[0].id
    way = graph.ancestors(graph.output.id) | {graph.output.id}
    axes = len(shapes[source])
    return tuple(
        node.id
        for node in graph.nodes
        if len(shapes.get(node.id, ())) == axes > 1
        and node.id in way
        and source in graph.ancestors(node.id)
        and (node.id == graph.output.id or node.operator.family not in SAME_FIELD)
    )


def middle_unit(facts: Facts, layer: str) -> tuple[int, ...]:
    """The unit in the middle of the layer's map."""
    return tuple(length // 2 for length in facts.shapes[layer][1:])
