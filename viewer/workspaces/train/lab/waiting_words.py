"""Says what a training that was begun waits for."""

from __future__ import annotations

from viewer.text.translation import tr
from viewer.workspaces.train.lab.lab import Lab


def waiting_words(lab: Lab) -> str:
    """What comes before its first step."""
    return tr("Reading the pictures…") if lab.loaded else tr("Loading PyTorch…")
