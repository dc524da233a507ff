"""Keeps a block and the one at its level on the other side of the network the same."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox

from analysis.facts.mirrors import mirror
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text.block_names import block_name
from viewer.text.translation import mark, say
from viewer.workspaces.build.inspector.block_settings import BlockSettings
from viewer.workspaces.build.inspector.view_part import InspectorView

DECODER = mark("Keep the same on the decoder side")
ENCODER = mark("Keep the same on the encoder side")


class BothSides(Guarded, QCheckBox):
    """While it is ticked, a change of the block's settings goes to the other block too."""

    def __init__(self, session: Session, settings: BlockSettings) -> None:
        super().__init__()
        self._session = session
        self._settings = settings
        self.clicked.connect(self._tick)

    def show_block(self, block_id: str) -> None:
        """Offer it where there is a block on the other side."""
        session = self._session
        beside = session.beside(block_id)
        other = mirror(session.facts, beside, block_id)
        on = session.view.part(InspectorView).both_sides
        self.setVisible(other is not None)
        self.setChecked(on)
        self._settings.beside = (other.nodes,) if on and other is not None else ()
        if other is None:
            return
        order = [block.id for block in beside]
        behind = order.index(other.id) > order.index(block_id)
        say(self, self.setText, DECODER if behind else ENCODER)
        said = mark("What is changed here is changed in {block} too, as one step.")
        say(self, self.setToolTip, said, block=block_name(other.id))

    def _tick(self, on: bool) -> None:
        parts = self._session.view.parts.having(InspectorView(on))
        self._session.set_view(parts=parts)
