"""Opens the plans of nnU-Net for one window: has one chosen, builds it, loads its checkpoint."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, Signal

from analysis.exchange import plans_file
from analysis.exchange.torch_code import wanted
from analysis.facts import Facts
from analysis.faults import Fault
from analysis.inference.fitting import FittingError, fitted_file
from analysis.inference.held_plans import plans_in
from analysis.storage.blobs import BlobRef, BlobStore
from analysis.storage.document import Document
from viewer.files.network_length import check_length
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.arrangement import Arrangement, arranged
from viewer.session.background_jobs import Background, Job
from viewer.session.notifications import Kind
from viewer.session.view_state import ViewState
from viewer.text.escaping import name_text
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import tr

MOST_CHOICES = 5
"""Configurations that a notice has buttons for."""


@dataclass(frozen=True)
class PlansRead:
    """What a worker made of a configuration: the document, how it looks, and its weights' file.

    `fault` says why the checkpoint gave none.
    """

    document: Document
    arrangement: Arrangement
    checkpoint: Path | None
    fault: Fault | None


class PlansOpener(Guarded, QObject):
    """Builds the network that plans describe; nothing of a file is run."""

    documentOpened = Signal(object, object, object)
    """As of Opener."""
    fileOpened = Signal(str)
    working = Signal(object)
    """The sentence about what is under way, or None when it is over."""
    failed = Signal(object, str)
    """The exception, and the path."""

    def __init__(self, session: Session, store: BlobStore, background: Background) -> None:
        super().__init__(session)
        self._session = session
        self._store = store
        self._background = background
        self._job: Job[Any] | None = None

    def open(self, path: str, checkpoint: str | None = None) -> None:
        """Open the one configuration there is, or ask which; with the checkpoint, or one beside."""
        file, weights = Path(path), Path(checkpoint) if checkpoint is not None else None

        def read(_: Event) -> tuple[dict[str, Any], tuple[str, ...]]:
            plans = plans_file.read_plans(file)
            return plans, plans_file.configurations(plans, file)

        def done(found: tuple[dict[str, Any], tuple[str, ...]]) -> None:
            plans, names = found
            if len(names) == 1:
                self._build(file, plans, names[0], weights)
            else:
                self._ask(file, plans, names, weights)

        self.cancel()
        self._job = self._background.start(read, done, partial(self._fail, path=path))

    def open_checkpoint(self, path: str) -> None:
        """Open the network whose plans a checkpoint holds, with its weights."""
        file = Path(path)

        def read(cancelled: Event) -> PlansRead:
            with tempfile.TemporaryDirectory(prefix="fieldglass-") as folder:
                held, name = plans_in(file, Path(folder), cancelled)
                plans = plans_file.read_plans(held)
                return _read(held, plans, name, file, self._store, cancelled)

        self.cancel()
        self.working.emit(tr("Reading {name}", name=file.name))
        failed = partial(self._fail, path=path)
        self._job = self._background.start(read, partial(self._use, file), failed)

    def cancel(self) -> None:
        """Give up what is being read."""
        if self._job is not None:
            self._job.cancel()
        self._job = None

    def _ask(
        self, file: Path, plans: Mapping[str, Any], names: tuple[str, ...], weights: Path | None
    ) -> None:
        def choice(name: str) -> tuple[str, Any]:
            return name_text(name), lambda: self._build(file, plans, name, weights)

        self._session.notifications.post(
            tr("Which network of {name}?", name=name_text(file.name)),
            "question",
            tuple(map(choice, names[:MOST_CHOICES])),
        )

    def _build(self, file: Path, plans: Mapping[str, Any], name: str, weights: Path | None) -> None:
        def read(cancelled: Event) -> PlansRead:
            return _read(file, plans, name, weights, self._store, cancelled)

        self.cancel()
        self.working.emit(tr("Reading {name}", name=file.name))
        failed = partial(self._fail, path=str(file))
        self._job = self._background.start(read, partial(self._use, file), failed)

    def _fail(self, error: Exception, path: str) -> None:
        self._job = None
        self.working.emit(None)
        self.failed.emit(error, path)

    def _use(self, file: Path, read: PlansRead) -> None:
        self._job = None
        self.working.emit(None)
        session = self._session
        before = session.document
        document = replace(read.document, image=before.image, image_reading=before.image_reading)
        session.expect(read.arrangement)
        self.documentOpened.emit(document, ViewState(workspace=session.view.workspace), None)
        self.fileOpened.emit(str(file))
        self._remark(file, read)

    def _remark(self, file: Path, read: PlansRead) -> None:
        kind: Kind = "warn"
        if read.fault is not None:
            said = fault_sentence(read.fault)
        elif read.checkpoint is None:
            said = tr(
                "There is no checkpoint beside {name}: the network is untrained. Load its weights.",
                name=name_text(file.name),
            )
        else:
            place = f"{read.checkpoint.parent.name}/{read.checkpoint.name}"
            said, kind = tr("Its weights are those of {name}.", name=name_text(place)), "ok"
        self._session.notifications.post(said, kind)


def _read(
    file: Path,
    plans: Mapping[str, Any],
    name: str,
    checkpoint: Path | None,
    store: BlobStore,
    cancelled: Event,
) -> PlansRead:
    """Called on a worker. Raises PlansError, DocumentError, OSError."""
    planned = plans_file.network_of(plans, name, file)
    check_length(planned.graph)
    shown = arranged(Document(graph=planned.graph), False, frozenset())
    used = checkpoint or plans_file.trained_files(file).checkpoint
    blob: BlobRef | None = None
    fault: Fault | None = None
    if used is not None:
        try:
            blob = _weights(used, shown.facts, store, cancelled)
        except FittingError as error:
            fault = Fault(error.fault.code, (used.name, *error.fault.numbers[1:]))
    document = Document(
        graph=planned.graph,
        weights=blob,
        title=planned.title,
        unused_parameters=planned.unused_parameters,
    )
    return PlansRead(document, shown, used, fault)


def _weights(checkpoint: Path, facts: Facts, store: BlobStore, cancelled: Event) -> BlobRef:
    """The tensors that the network reads; a checkpoint holds much besides, for training on."""
    with tempfile.TemporaryDirectory(prefix="fieldglass-") as folder:
        fitted = fitted_file(checkpoint, wanted(facts.graph, facts), Path(folder), cancelled)
        return BlobRef(store.put(fitted), f"{checkpoint.stem}.safetensors")
