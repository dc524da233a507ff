"""One canvas of a comparison: a session of its own, which nothing can be changed in, and runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from PySide6.QtWidgets import QWidget

from analysis.storage.blobs import BlobRef
from viewer.canvas import CanvasView
from viewer.engine.process import EngineProcess
from viewer.engine.run_requests import RunRequests
from viewer.session import Session
from viewer.session.canvas_mode import CanvasMode, Piece
from viewer.session.input_image.decoded_images import DecodedImages
from viewer.session.shown_differences import ShownDifferences, show_differences
from viewer.session.view_state import ViewState
from viewer.session.workspace import Workspace, Workspaces
from viewer.shell.comparison.compared import Shown
from viewer.text import number_format
from viewer.text.escaping import name_text
from viewer.text.translation import mark, tr

Heading = Callable[[Session], tuple[str, str]]
SIGNS: tuple[tuple[Literal["added", "removed", "changed"], str], ...] = (
    ("added", mark("Added")),
    ("removed", mark("Removed")),
    ("changed", mark("Changed")),
)


def own_heading(session: Session) -> tuple[str, str]:
    """The network's name, and its size."""
    inputs = session.document.graph.inputs
    shape = session.shapes.get(inputs[0].id) if inputs else None
    fact = tr("at {size}", size=number_format.shape(shape)) if shape else ""
    return name_text(session.document.title), fact


def both_heading(_: Session) -> tuple[str, str]:
    """What the picture of two networks is."""
    return tr("Both networks in one picture"), tr("what is gone is dashed, what stayed is pale")


def legend(session: Session) -> tuple[Piece, ...]:
    """The signs that stand on this canvas."""
    value = session.live.part(ShownDifferences).value
    kinds = set(value.of_nodes.values()) | set(value.of_wires.values()) if value else set()
    pieces: list[Piece] = []
    for kind, word in SIGNS:
        if kind in kinds:
            pieces += [Piece(kind), Piece("words", tr(word))]
    return tuple(pieces)


def _workspace(heading: Heading) -> Workspaces[Session, Any]:
    """The one workspace of a canvas that shows and changes nothing."""
    mode: CanvasMode[Session] = CanvasMode(heading=heading, legend=legend, fixed=True)
    return Workspaces((Workspace("compare", mark("Compare"), canvas=mode),))


class Side:
    """A network on a canvas of its own. `runs` are its requests to the engine, where it runs."""

    def __init__(self, shown: Shown, parent: QWidget, heading: Heading) -> None:
        document = shown.arrangement.document
        self.session = Session(
            type(document)(), ViewState(workspace="compare"), _workspace(heading)
        )
        self.session.expect(shown.arrangement)
        self.session.open(document, ViewState(workspace="compare"))
        show_differences(self.session, shown.differences)
        self.canvas = CanvasView(self.session, parent)
        self.runs: RunRequests | None = None
        self.slot = ""

    def run(
        self,
        process: EngineProcess,
        blob_path: Callable[[BlobRef], Path | None],
        decoded: DecodedImages,
        slot: str,
    ) -> None:
        """Have the network run on its image, in a slot of its own."""
        self.slot = slot
        self.runs = RunRequests(self.session, process, blob_path, decoded, slot)
        self.canvas.zoomSettled.connect(self._zoomed)
        self.runs.ask()

    def _zoomed(self, _: object) -> None:
        if self.runs is not None:
            self.runs.set_zoom(self.canvas.zoom)

    def select(self, node: str | None) -> None:
        """Select the block that an operator is drawn in, and bring it into view."""
        block = self.session.block_of.get(node) if node is not None else None
        self.session.set_view(selection=block.id if block is not None else None, skip=None)
        if block is not None:
            self.canvas.bring_into_view(block.id)

    def selected_nodes(self) -> frozenset[str]:
        """The operators of what is selected."""
        selection = self.session.view.selection
        block = self.session.block(selection)
        if block is not None:
            return frozenset(block.nodes)
        return frozenset((selection,)) if selection else frozenset()

    def end(self) -> None:
        """Ask the engine for nothing more, and say nothing more."""
        if self.runs is not None:
            self.runs.end()
        self.session.blockSignals(True)
