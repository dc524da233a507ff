"""Lets the maps on the canvas follow a training of the network that stands there."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject

from analysis.training.process.messages import TwinWeights
from viewer.override_guard import Guarded
from viewer.session.trained_weights import TrainedWeights
from viewer.session.view_state import ViewState
from viewer.workspaces.train.lab.lab import Lab

TURNS = 3
"""Files that are written in turn: the engine may still read the last but one."""


class Following(Guarded, QObject):
    """After each measurement the weights of a twin are shown, while Train is on screen.

    It is the twin whose pictures are looked at alone, where its network is like the first one's;
    else the first. The weights are in a folder for temporary files, which goes with the window.
    """

    def __init__(self, lab: Lab, workspace: str) -> None:
        super().__init__(lab)
        self._lab = lab
        self._workspace = workspace
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._awaited = 0
        """The run whose weights were asked for and have not come; 0 for none."""
        self._asked = (0, 0)
        """The run and the step of the pictures whose weights were asked for last."""
        self._written = 0
        self._only = lab.view.only
        self._unlike: set[tuple[int, str]] = set()
        """Runs and twins whose network is another than the canvas's."""
        lab.pictured.connect(self._ask)
        lab.stateChanged.connect(self._began)
        lab.session.viewChanged.connect(self._view_changed)

    @property
    def _follows(self) -> bool:
        lab = self._lab
        return (
            lab.view.follow
            and lab.session.view.workspace == self._workspace
            and lab.log.structure == lab.session.document.graph.structure_hash
        )

    def _ask(self) -> None:
        """Ask for the weights of the twin that is followed, if nothing is awaited."""
        log = self._lab.log
        step = log.previews.step if log.previews else 0
        if step and (log.run, step) != self._asked and self._follows and not self._awaited:
            self._awaited, self._asked = log.run, (log.run, step)
            self._lab.ask.weights(self._twin, self._came)

    @property
    def _twin(self) -> str:
        """The twin that is followed."""
        twins, only = self._lab.log.twins, self._lab.view.only or 0
        chosen = twins[only].name if only < len(twins) else twins[0].name
        return twins[0].name if (self._lab.log.run, chosen) in self._unlike else chosen

    def _came(self, came: TwinWeights) -> None:
        log = self._lab.log
        self._awaited = 0
        if came.graph.structure_hash != log.structure and came.twin != log.twins[0].name:
            self._unlike.add((log.run, came.twin))
            self._ask_again()
            return
        is_shown = came.twin == self._twin and came.graph.structure_hash == log.structure
        if self._follows and is_shown:
            path = self._place()
            self._lab.services.background.start(
                partial(_write, path, came.content), partial(self._show, came), _ignored
            )
        self._ask()  # another one may have been chosen, or other pictures come, meanwhile

    def _ask_again(self) -> None:
        """Another twin is to be followed at the same step."""
        self._asked = (0, 0)
        self._ask()

    def _place(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="fieldglass-training-")
        self._written += 1
        return Path(self._folder.name) / f"{self._written % TURNS}.safetensors"

    def _show(self, came: TwinWeights, path: Path) -> None:
        if self._follows and came.run == self._lab.log.run and came.twin == self._twin:
            self._put(TrainedWeights(str(path), self._lab.log.structure, came.twin, came.step))

    def _put(self, weights: TrainedWeights) -> None:
        session = self._lab.session
        session.set_live(parts=session.live.parts.having(weights))

    def _began(self) -> None:
        """Another training has begun: what the last one had is not shown any more."""
        if self._lab.log.state == "preparing":
            self._awaited = 0
            self._put(TrainedWeights())

    def _view_changed(self, _: ViewState, __: ViewState) -> None:
        if self._lab.session.live.part(TrainedWeights).path and not self._follows:
            self._put(TrainedWeights())
        if self._lab.view.only != self._only:
            self._only = self._lab.view.only
            self._ask_again()

    def close(self) -> None:
        """The window closes: the files go."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def _write(path: Path, content: bytes, _: Event) -> Path:
    path.write_bytes(content)
    return path


def _ignored(error: Exception) -> None:
    """Where nothing can be written the canvas stays as it is; checkpoints say why."""
    if not isinstance(error, OSError):
        raise error
