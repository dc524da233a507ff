"""The settings that the convolutions of blocks share; a change goes to all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.graph import Graph, Node
from analysis.operators import REGISTRY, nonlinearities
from viewer.controls import Choice, Field, NumberBox, Segmented, SizeBox
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.translation import mark, tr
from viewer.workspaces.build.inspector import block_edits as edit
from viewer.workspaces.build.inspector.setting_editors import show_mixed, show_value

MOST_CHANNELS = 65536
LARGEST_KERNEL = 99
Change = Callable[[str, Graph], None]
"""Called with the name of the setting and the graph that has it changed."""

PADDINGS = (("same", mark("same")), ("valid", mark("valid")))
NORMS = (
    ("batch", mark("batch")),
    ("instance", mark("instance")),
    ("group", mark("group")),
)
NO_NORM = ("none", mark("none"))
HELP = {
    "channels": mark("How many feature maps come out."),
    "kernel": mark("Height × width of the window; one number means a square."),
    "padding": mark("Same keeps the size; valid adds nothing, so the map shrinks."),
    "norm": mark("What every convolution is followed by, so that its values keep their range."),
    "activation": mark("The function behind every convolution."),
}
"""One sentence for each setting."""
READERS: dict[str, Callable[[Sequence[Node]], object | None]] = {
    "channels": edit.channels,
    "kernel": edit.kernel,
    "padding": edit.padding,
    "norm": edit.norm,
    "activation": edit.activation,
}


MIXED = object()
"""Stands for a setting that several blocks have, each with a value of its own."""
Ids = edit.Ids


def shared(blocks: Sequence[Sequence[Node]]) -> dict[str, object]:
    """The settings that every block has as a whole, by name, in their order on screen."""
    found: dict[str, object] = {}
    for name, read in READERS.items():
        values = [read(nodes) for nodes in blocks]
        values = [None if name == "padding" and value == "other" else value for value in values]
        if values and all(value is not None for value in values):
            alike = all(value == values[0] for value in values)
            found[name] = values[0] if alike else MIXED
    return found


def shared_by(graph: Graph, blocks: Sequence[Ids]) -> dict[str, object]:
    """The same of blocks given by the ids of their operators."""
    return shared([[graph[node_id] for node_id in ids] for ids in blocks])


class BlockSettings(Guarded, QWidget):
    """A row for every setting that these blocks share; a change goes to all of them.

    What is changed goes to the blocks of `beside` too, where they have the setting.
    """

    def __init__(self, graph: Graph, blocks: Sequence[Ids], change: Change) -> None:
        super().__init__()
        self._change = change
        self._graph = graph
        self._blocks = tuple(map(tuple, blocks))
        self.beside: tuple[tuple[str, ...], ...] = ()
        self.fields: dict[str, Field] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for name in shared_by(graph, blocks):
            first = next(
                value
                for ids in blocks
                if (value := READERS[name]([graph[node_id] for node_id in ids])) is not None
            )
            field = self._field(name, first)
            field.set_help(partial(tr, HELP[name]))
            self.fields[name] = field
            column.addWidget(field)
        self.show_blocks(graph, blocks)

    def names(self) -> tuple[str, ...]:
        """The settings that have a row."""
        return tuple(self.fields)

    def show_blocks(self, graph: Graph, blocks: Sequence[Ids]) -> None:
        """Show the same settings of another graph; what is being typed is left alone."""
        self._graph, self._blocks = graph, tuple(map(tuple, blocks))
        for name, value in shared_by(graph, blocks).items():
            field = self.fields[name]
            if value is MIXED:
                show_mixed(field.editor)
            else:
                show_value(field.editor, value)
            if isinstance(field.editor, Segmented):
                field.set_note(tr("mixed") if value is MIXED else "", wrong=False)

    def _field(self, name: str, value: object) -> Field:
        match name:
            case "channels":
                box = NumberBox(1, MOST_CHANNELS, int(str(value)))
                box.valueChanged.connect(lambda count: self._set(name, edit.with_channels, count))
                return Field(mark("Channels out"), box)
            case "kernel" if isinstance(value, tuple):
                size = SizeBox(value, 1, LARGEST_KERNEL)
                size.valueChanged.connect(lambda typed: self._set(name, edit.with_kernel, typed))
                return Field(mark("Kernel"), size)
            case "padding":
                padding = Segmented(PADDINGS)
                padding.valueChanged.connect(lambda kind: self._set(name, edit.with_padding, kind))
                return Field(mark("Padding"), padding)
            case "norm":
                sign = icon("norm", "norm")
                norms = Choice([*((kind, words, sign) for kind, words in NORMS), NO_NORM])
                norms.valueChanged.connect(lambda kind: self._set(name, edit.with_norm, kind))
                return Field(mark("Normalisation"), norms)
        sign = icon("activation", "act")
        acts = Choice([(key, REGISTRY[key].title, sign) for key in nonlinearities()])
        acts.valueChanged.connect(lambda key: self._set(name, edit.with_activation, key))
        return Field(mark("Activation"), acts)

    def _set(self, name: str, make: Callable[..., Graph], value: object) -> None:
        graph = self._graph
        beside = [ids for ids in self.beside if self._has(name, ids)]
        self._change(name, make(graph, [*self._blocks, *beside], value))

    def _has(self, name: str, ids: Ids) -> bool:
        return READERS[name]([self._graph[node_id] for node_id in ids]) is not None
