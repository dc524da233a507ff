"""Keeps the folder of a lab's training, and what of one that was cut off can go on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from analysis.faults import Fault
from analysis.storage.document import Document
from analysis.training.recipe import Recipe
from viewer.text.fault_sentences import fault_sentence
from viewer.workspaces.services import Services
from viewer.workspaces.train.lab.run_folder import CutOff, RunFolder, cut_off, read_folder


class KeptTraining:
    """`folder` takes the checkpoints of the newest training; `lost` is one that can go on.

    `is_busy` says whether the window trains; `found` is called when `lost` has changed by itself.
    """

    def __init__(
        self, services: Services, is_busy: Callable[[], bool], found: Callable[[], object]
    ) -> None:
        self._services = services
        self._is_busy = is_busy
        self._tell = found
        self.folder: RunFolder | None = None
        self.lost: CutOff | None = None
        self._looked = False

    def look(self) -> None:
        """Look for what a killed program left, once."""
        if not self._looked:
            self._looked = True
            self._services.background.start(lambda _: cut_off(), self._found, lambda _: None)

    def _found(self, found: tuple[RunFolder, CutOff] | None) -> None:
        if found is None:
            return
        if self._is_busy():
            found[0].leave()
            return
        self.folder, self.lost = found
        self._tell()

    def renew(self, recipe: Recipe, document: Document) -> RunFolder | None:
        """A folder for checkpoints; where there can be none it is said, and nothing else.

        A training that could go on is offered again at the next start of the program.
        """
        self.leave() if self.taken() is not None else self.drop()
        try:
            self.folder = RunFolder.make(recipe, document)
        except OSError as error:
            why = error.strerror or type(error).__name__
            sentence = fault_sentence(Fault("training-not-saved", (why,)))
            self._services.session.notifications.post(sentence, "warn")
        return self.folder

    def taken(self) -> CutOff | None:
        """What can go on, which from now on is no longer offered."""
        lost, self.lost = self.lost, None
        return lost

    def drop(self) -> None:
        """Nobody needs the folder any more."""
        folder, self.folder = self.folder, None
        if folder is not None:
            folder.remove()

    def give_up(self) -> None:
        """Stopped before it began: one that was to go on is offered again, a new one is over."""
        if self.folder is not None and self.folder.has_checkpoint:
            self.offer_own()
        else:
            self.drop()

    def leave(self) -> None:
        """Another training begins or none can: a checkpoint is offered at the next start."""
        if self.folder is not None and self.lost is None:
            self.folder.leave()
            self.folder = None

    def offer_own(self) -> None:
        """The window's own training was cut off: read what of it can go on."""
        folder = self.folder
        if folder is not None:
            self._services.background.start(
                lambda _: read_folder(folder.path), partial(self.found_own, folder),
                lambda _: None,
            )  # fmt: skip

    def found_own(self, folder: RunFolder, lost: CutOff | None) -> None:
        """Offer to go on with the window's own training, unless another has begun by now."""
        if folder is self.folder and not self._is_busy():
            self.lost = lost
            self._tell()

    def close(self, cut_off: bool) -> None:
        """The window closes: the last checkpoint stays where a training is cut off."""
        if self.folder is not None and cut_off:
            self.folder.leave()
        else:
            self.drop()
