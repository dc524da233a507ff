"""How the skips of the selection join: concatenate, add, or not at all."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.facts import Skip
from analysis.graph import Edge, Graph
from analysis.graph.joins import Place, activation_place, with_activation_place, with_kind
from analysis.graph.wiring import without_skip
from viewer.controls import Field, Section, Segmented, labelled
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text.block_names import spoken_name
from viewer.text.number_format import grouped
from viewer.text.translation import language, mark, tr

JOINS = (("concat", mark("concatenate")), ("add", mark("add")), ("none", mark("none")))
PLACES = (("before", mark("before the activation")), ("after", mark("after it")))
Change = Callable[[str, Graph], None]


def shown_skips(session: Session, ids: tuple[str, ...]) -> tuple[Skip, ...]:
    """The skips that start at these nodes, and those whose join is among or right before them.

    Without nodes it is the selected skip.
    """
    if not ids:
        chosen = session.view.skip if not session.view.selected else None
        return tuple(skip for skip in session.facts.skips if skip.name == chosen)
    graph = session.document.graph
    near = set(ids)
    return tuple(
        skip
        for skip in session.facts.skips
        if skip.source in near or skip.join in near or near.intersection(graph.consumers[skip.join])
    )


class SkipSettings(Guarded, QWidget):
    """The inspector's settings of one skip: its name, what meets at the join, and how."""

    def __init__(self, session: Session, skip: Skip, change: Change) -> None:
        super().__init__()
        self._session, self._skip, self._change = session, skip, change
        self.heading = Section("")
        self.meets = labelled("small")
        self.join = Segmented(JOINS)
        self.join.valueChanged.connect(self._set)
        self.place = Segmented(PLACES)
        self.place.valueChanged.connect(self._set_place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.heading)
        column.addWidget(Field(mark("Join by"), self.join, 72))
        column.addWidget(Field(mark("Joins"), self.place, 72))
        column.addWidget(self.meets)
        language.changed.connect(self._say)
        self.show_skip(skip)

    def show_skip(self, skip: Skip) -> None:
        """Show the same skip of another graph."""
        self._skip = skip
        self.join.set_value(skip.how)
        graph = self._session.document.graph
        known = skip.join in graph
        self.place.set_value(activation_place(graph, skip.join, skip.port) if known else None)
        self._say()

    def _say(self) -> None:
        self.heading.heading.setText(spoken_name(self._skip.name))
        layer = self._session.facts.layers.get(self._skip.join)
        graph = self._session.document.graph
        shapes = layer.inputs if layer is not None else ()
        if self._skip.join in graph and len(shapes) < len(graph[self._skip.join].inputs):
            shapes = ()
        sides = " + ".join(grouped(shape[0]) for shape in shapes)
        self.meets.setText(tr("{sides} channels meet", sides=sides) if sides else "")
        self.meets.setVisible(bool(sides))

    def _set(self, how: object) -> None:
        graph, skip = self._session.document.graph, self._skip
        if how == "none":
            source = graph[skip.join].inputs[skip.port]
            made = without_skip(graph, Edge(source, skip.join, skip.port))
        else:
            made = with_kind(graph, skip.join, "add" if how == "add" else "concat")
        self._change(skip.name, made)
        if how == "none" and self._session.view.skip is not None:
            self._session.set_view(skip=None)  # another one has its number now

    def _set_place(self, place: object) -> None:
        graph, skip = self._session.document.graph, self._skip
        wanted: Place = "before" if place == "before" else "after"
        self._change(skip.name, with_activation_place(graph, skip.join, skip.port, wanted))
