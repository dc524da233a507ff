"""Loads a weights file into the network of one window, and reports which tensors fit."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, QTimer

from analysis.exchange.tensor_file import read_metadata
from analysis.faults import Fault
from analysis.graph import Graph
from analysis.inference.fitting import FittingError, over_file
from analysis.inference.protocol.runs import Frame
from analysis.operators.contract import Shape
from analysis.storage.blobs import BlobRef, BlobStore
from analysis.storage.computed_tensors import ENTRY
from analysis.storage.cut_off import lacks_end
from analysis.storage.document import Document
from analysis.storage.regular_file import open_regular, read_fault
from analysis.storage.weights_report import WeightsReport
from viewer.files.model_remarks import norms_remark, types_remark
from viewer.override_guard import Guarded
from viewer.session import Live, Session
from viewer.session.background_jobs import Background
from viewer.session.notifications import Kind
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import tr

MOST_NAMES = 4


def holds_weights(path: str | Path) -> bool:
    """Whether a file begins as weights files do: safetensors, or what torch saves.

    Raises OSError, at once for a pipe or a device.
    """
    with open_regular(path) as file:
        head = file.read(512)
    return (
        head[8:10] == b'{"'
        or head[:4] == b"PK\3\4"
        or head[:1] == b"\x80"
        or head[257:262] == b"ustar"
    )


class WeightsOpener(Guarded, QObject):
    """Makes a weights file the document's. Which tensors fit is known once the network has run.

    A file that cannot be read, or of which nothing fits, is taken back.
    """

    def __init__(self, session: Session, store: BlobStore, background: Background) -> None:
        super().__init__(session)
        self._session = session
        self._store = store
        self._background = background
        self._tried: Document | None = None
        """The document with weights that no run has confirmed yet."""
        session.frameReady.connect(self._loaded)
        session.liveChanged.connect(self._failed)

    def open(self, path: str) -> None:
        """Load a file's weights, undoably."""
        name, before = Path(path).name, self._session.document.weights
        tensors = self._session.facts.tensors.values()
        wanted = {each.key: each.shape for found in tensors for each in found}
        base = None if before is None else self._store.path(before.hash)

        def keep(cancelled: Event) -> BlobRef | Fault:
            try:
                if not holds_weights(path):
                    return Fault("weights-unreadable", (name,))
                if lacks_end(Path(path)):  # told before a long file is copied
                    return Fault("weights-cut-off", (name,))
                if base is not None and _says_computed(base):
                    return BlobRef(
                        _kept_over(base, Path(path), wanted, self._store, cancelled), name
                    )
                return BlobRef(self._store.put(Path(path)), name)
            except OSError as error:
                return Fault(read_fault(error, path).code, (name,))
            except FittingError as error:
                return Fault(error.fault.code, (name, *error.fault.numbers[1:]))

        def use(found: BlobRef | Fault) -> None:
            if self._session.document.weights != before:
                self.open(path)  # what the model computes is that of another document now
            elif isinstance(found, Fault):
                self._session.notifications.post(fault_sentence(found))
            else:
                self._use(found)

        def fail(error: Exception) -> None:
            sentence = tr("{name} cannot be read: {error}", name=name, error=error)
            self._session.notifications.post(sentence)

        self._background.start(keep, use, fail)

    def _use(self, blob: BlobRef) -> None:
        session = self._session
        session.notifications.settle()
        self._tried = replace(session.document, weights=blob)
        self._edit(blob, self._tried)
        if session.document.image is None:
            self._tried = None
            session.notifications.post(
                tr("{name} will be read when an image runs.", name=blob.name), "ok"
            )

    def _edit(self, blob: BlobRef, document: Document) -> None:
        """One step, also where the document is marked by what the weights turn out to hold."""
        key = f"weights {blob.hash}"
        self._session.edit(lambda: tr("Load weights {name}", name=blob.name), document, key)

    def _mark(self, report: WeightsReport, blob: BlobRef) -> None:
        """Fixed numbers of the file cut paths: the fields behind them are upper bounds."""
        if report.cuts:
            document = self._session.document
            nodes = [replace(n, cuts=n.cuts or n.id in report.cuts) for n in document.graph.nodes]
            self._edit(blob, replace(document, graph=Graph.of(nodes)))

    def _loaded(self, frame: Frame) -> None:
        tried, blob = self._current(), self._session.document.weights
        if tried is None or blob is None or frame.weights is None:
            return
        if frame.weights_file is None or Path(frame.weights_file).name != blob.hash:
            return  # the run before
        self._tried = None
        report = frame.weights
        if report.wanted and not report.loaded:
            count = len(report.unexpected) + len(report.other_shape)
            self._take_back(Fault("weights-fit-nothing", (blob.name, count, report.wanted)))
        else:
            self._mark(report, blob)
            kind: Kind = "ok" if report.whole else "warn"
            self._session.notifications.tell(lambda: loaded_sentence(report, blob.name), kind)

    def _failed(self, _: Live, after: Live) -> None:
        failure, blob = after.failure, self._session.document.weights
        if after.engine != "failed" or failure is None or blob is None:
            return
        if self._current() is None or not failure.fault.code.startswith("weights-"):
            return
        self._tried = None
        named = Fault(failure.fault.code, (blob.name, *failure.fault.numbers[1:]))
        # After the window has said that there is no picture: this says why, and mends it.
        QTimer.singleShot(0, self, lambda: self._take_back(named))

    def _current(self) -> Document | None:
        """The document under trial, while it is still the one that is shown."""
        if self._tried is not self._session.document:
            self._tried = None
        return self._tried

    def _take_back(self, fault: Fault) -> None:
        self._session.history.undo()
        self._session.notifications.tell(lambda: fault_sentence(fault), "warn")


def _says_computed(weights: Path) -> bool:
    """Whether a file of weights says which of its tensors a model computed."""
    try:
        return ENTRY in read_metadata(weights)
    except (OSError, ValueError):
        return False


def _kept_over(
    base: Path, path: Path, wanted: Mapping[str, Shape], store: BlobStore, cancelled: Event
) -> str:
    """Keep what fits of a file with what the model of `base` computes; the hash of that.

    Blocks. Raises FittingError and OSError.
    """
    with tempfile.TemporaryDirectory(prefix="fieldglass-") as folder:
        return store.put(over_file(base, path, wanted, Path(folder), cancelled))


def loaded_sentence(report: WeightsReport, name: str) -> str:
    """So many of so many tensors, and which are missing, left over or of another shape."""
    parts = [
        tr("{name}: {n} of {all} tensors loaded.", name=name, n=report.loaded, all=report.wanted)
    ]
    if report.missing:
        parts.append(
            tr("Missing {n}: {names}.", n=len(report.missing), names=_some(report.missing))
        )
    if report.other_shape:
        names = tuple(each for each, *_ in report.other_shape)
        parts.append(tr("Of another shape {n}: {names}.", n=len(names), names=_some(names)))
    if report.unexpected:
        left = report.unexpected
        parts.append(tr("Not used {n}: {names}.", n=len(left), names=_some(left)))
    if report.norms:
        parts.append(norms_remark(report.norms))
    if report.stale:
        parts.append(
            tr(
                "Computed of the weights before and not anew, so that the output is not the "
                "model's: {names}.",
                names=_some(report.stale),
            )
        )
    if report.cuts:
        parts.append(
            tr(
                "Its fixed numbers cut paths in {names}: fields behind them are upper bounds.",
                names=_some(report.cuts),
            )
        )
    if report.types:
        parts.append(types_remark(report.types))
    return " ".join(parts)


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:MOST_NAMES]) + (", …" if len(names) > MOST_NAMES else "")
