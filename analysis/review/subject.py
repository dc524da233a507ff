"""What is reviewed: a network's facts, what was asked beside them, and what several rules share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from analysis.facts import Facts
from analysis.graph import Graph, Node
from analysis.operators import Input
from analysis.operators.contract import Shape
from analysis.receptive_field import Field, Tables, tables
from analysis.receptive_field.dense import dense_layers
from analysis.review.extents import extents
from analysis.review.finding import Untold
from analysis.review.grid import Lattices, lattices
from analysis.review.observed import OnImage, Signal
from analysis.review.ways import Ways, ways


@dataclass(frozen=True)
class Subject:
    """A network under review.

    `object_size` is the side in input pixels of what it is to recognise, None where that was
    not said; `given_spacing` the distance of pixels along each axis of the input, in one unit, None
    where that was not said; `signal` and `on_image` are what runs of it showed, None where there
    was none.
    """

    facts: Facts
    object_size: int | None = None
    signal: Signal | None = None
    on_image: OnImage | None = None
    given_spacing: tuple[float, ...] | None = None

    @property
    def graph(self) -> Graph:
        return self.facts.graph

    @property
    def shapes(self) -> Mapping[str, Shape]:
        return self.facts.shapes

    @property
    def spacing(self) -> tuple[float, ...] | None:
        """The distance of pixels along each axis: as it was given, else as the image tells it."""
        seen = self.on_image.spacing if self.on_image is not None else None
        return self.given_spacing or seen

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes whose shape and whose inputs' shapes are known, in topological order."""
        shapes = self.shapes
        return tuple(
            node
            for node in self.graph.nodes
            if node.id in shapes and all(source in shapes for source in node.inputs)
        )

    @cached_property
    def input(self) -> Node | None:
        """The first input that is a map."""
        return next(
            (n for n in self.graph.inputs if isinstance(n.operator, Input) and n.operator.size),
            None,
        )

    @cached_property
    def size(self) -> Shape:
        """The input's spatial size; () without an input that is a map, or where it has a fault."""
        return self.shapes.get(self.input.id, ())[1:] if self.input is not None else ()

    @cached_property
    def before_output(self) -> frozenset[str]:
        """The nodes that the output depends on, itself included; all while it has no shape."""
        return self.graph.ancestors(self.graph.output.id) if self.graph.nodes else frozenset()

    @property
    def output_shape(self) -> Shape | None:
        return self.shapes.get(self.graph.output.id) if self.graph.nodes else None

    def output_field(self) -> Field | Untold:
        """The main output's receptive field, or why it is not known."""
        if self.output_shape is None:
            return Untold("no-shape")
        if not self.size:
            return Untold("no-input-map")
        field = self.facts.fields.get(self.graph.output.id)
        if field is None or field.exactness == "unknown" or field.extent_max is None:
            return Untold("cannot-follow")
        return field

    def output_map(self) -> Shape | Untold:
        """The spatial size of the main output, where that is a map with the input's axes."""
        if self.output_shape is None:
            return Untold("no-shape")
        if not self.size:
            return Untold("no-input-map")
        size = self.output_shape[1:]
        return size if len(size) == len(self.size) else Untold("no-output-map")

    def without_skips(self) -> Untold:
        """Why there are no long skips: there may be more behind what cannot run."""
        return Untold("no-skips" if self.output_shape is not None else "no-shape")

    @cached_property
    def tables(self) -> Tables:
        """What every unit of every layer sees of this input."""
        return tables(self.graph, self.shapes)

    @cached_property
    def dense(self) -> frozenset[str]:
        """The layers whose units are known to see all of their box."""
        return dense_layers(self.graph, self.shapes, self.tables)

    @cached_property
    def _extents(self) -> Mapping[str, float]:
        return extents(self.facts)

    @cached_property
    def lattices(self) -> Mapping[str, Lattices | None]:
        """Where every layer's units sit on the input."""
        return lattices(self.facts, self._extents)

    @cached_property
    def ways(self) -> Mapping[str, Ways | None]:
        """Every way to each layer, where it puts the units, and what moved them."""
        return ways(self.facts, self._extents)
