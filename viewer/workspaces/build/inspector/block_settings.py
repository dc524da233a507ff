"""The settings that the convolutions of a block share; a change goes to all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.graph import Graph, Node
from analysis.operators import REGISTRY, nonlinearities
from viewer.controls import Choice, Field, NumberBox, Segmented, SizeBox
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.translation import mark
from viewer.workspaces.build.inspector import block_edits as edit

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
READERS: dict[str, Callable[[Sequence[Node]], object | None]] = {
    "channels": edit.channels,
    "kernel": edit.kernel,
    "padding": edit.padding,
    "norm": edit.norm,
    "activation": edit.activation,
}


def shared(nodes: Sequence[Node]) -> dict[str, object]:
    """The settings that the block has as a whole, by name, in their order on screen."""
    found = {name: read(nodes) for name, read in READERS.items()}
    if found["padding"] == "other":
        found["padding"] = None
    return {name: value for name, value in found.items() if value is not None}


class BlockSettings(Guarded, QWidget):
    """A row for every shared setting of these nodes."""

    def __init__(self, graph: Graph, ids: Sequence[str], change: Change) -> None:
        super().__init__()
        self._change = change
        self._graph = graph
        self._ids = tuple(ids)
        self.fields: dict[str, Field] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for name, value in shared([graph[node_id] for node_id in ids]).items():
            field = self._field(name, value)
            self.fields[name] = field
            column.addWidget(field)

    def names(self) -> tuple[str, ...]:
        """The settings that have a row."""
        return tuple(self.fields)

    def show_block(self, graph: Graph, ids: Sequence[str]) -> None:
        """Show the same settings of another graph; what is being typed is left alone."""
        self._graph, self._ids = graph, tuple(ids)
        for name, value in shared([graph[node_id] for node_id in ids]).items():
            editor = self.fields[name].editor
            if isinstance(editor, NumberBox | Choice | Segmented | SizeBox):
                editor.set_value(value)  # type: ignore[arg-type]

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
                padding.set_value(value)
                padding.valueChanged.connect(lambda kind: self._set(name, edit.with_padding, kind))
                return Field(mark("Padding"), padding)
            case "norm":
                sign = icon("norm", "norm")
                norms = Choice([*((kind, words, sign) for kind, words in NORMS), NO_NORM])
                norms.set_value(value)
                norms.valueChanged.connect(lambda kind: self._set(name, edit.with_norm, kind))
                return Field(mark("Normalisation"), norms)
        sign = icon("activation", "act")
        acts = Choice([(key, REGISTRY[key].title, sign) for key in nonlinearities()])
        acts.set_value(value)
        acts.valueChanged.connect(lambda key: self._set(name, edit.with_activation, key))
        return Field(mark("Activation"), acts)

    def _set(self, name: str, make: Callable[..., Graph], value: object) -> None:
        self._change(name, make(self._graph, self._ids, value))
