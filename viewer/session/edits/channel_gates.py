"""Switches channels of a layer off, or scales them: gates like those of skips, in the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analysis.graph.channel_gate import channel_gate, gated_channel
from analysis.storage.document import Document
from viewer.session.edits.gates import CLOSED, OPEN, gate, with_gates
from viewer.session.session import Session
from viewer.text.translation import tr


def channel_gates(document: Document, node: str) -> Mapping[int, float]:
    """α of the channels of a node that are not passed on as they are."""
    found = ((gated_channel(name), alpha) for name, alpha in document.gates.items())
    return {at[1]: alpha for at, alpha in found if at is not None and at[0] == node}


def set_channel_gate(
    session: Session, node: str, channel: int, alpha: float, merge_key: str | None = None
) -> None:
    """Scale a channel of a node's output."""
    name = channel_gate(node, channel)
    session.edit(
        lambda: tr("Scale channel {n}", n=channel),
        with_gates(session.document, {name: alpha}),
        merge_key,
    )


def toggle_channel(session: Session, node: str, channel: int) -> None:
    """Switch a channel off, or on again."""
    name = channel_gate(node, channel)
    is_off = gate(session.document, name) == CLOSED
    session.edit(
        lambda: tr("Channel {n} on", n=channel) if is_off else tr("Channel {n} off", n=channel),
        with_gates(session.document, {name: OPEN if is_off else CLOSED}),
    )


def open_channels(session: Session, node: str) -> None:
    """Let all channels of a node pass as they are."""
    kept = {
        name: alpha
        for name, alpha in session.document.gates.items()
        if (gated_channel(name) or ("", 0))[0] != node
    }
    session.edit(lambda: tr("All channels on"), replace(session.document, gates=kept))
