"""The services of a window that panels and commands of workspaces may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from analysis.storage.blobs import BlobStore
from viewer.engine.questions.tensor_lines import TensorLines
from viewer.engine.run_requests import RunRequests
from viewer.files.opening import Opener
from viewer.files.saving import Saver
from viewer.session import Session
from viewer.session.background_jobs import Background


@dataclass(frozen=True)
class Services:
    """What a window lends its workspaces; notices are posted to `session.notifications`."""

    session: Session
    store: BlobStore
    """Pictures and weights by their hash."""
    opener: Opener
    saver: Saver
    requests: RunRequests
    """What the engine process is asked."""
    tensor_lines: TensorLines
    """Runs lines of the tensor pad."""
    background: Background
    """Work off the GUI thread."""
    remembered: Callable[[str], str]
    """A text that was remembered under a name between runs; empty where there is none."""
    remember: Callable[[str, str], None]
    """Remembers a text under a name."""
    dialog_parent: QWidget
    """What dialogs open over, and what owns objects that live as long as the window."""
