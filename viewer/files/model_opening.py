"""Opens a Python file's model for one window: asks first, has what is open chosen, reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from analysis.faults import Fault
from analysis.storage.blobs import BlobStore
from analysis.storage.document import Document
from analysis.storage.model_source import ModelSource
from viewer.files.code_reading import CodeRead, FileChangedError, Wanted, read_code
from viewer.files.file_kinds import kind_of
from viewer.files.model_remarks import (
    assumed_remark,
    failed_remark,
    folded_remark,
    types_remark,
)
from viewer.files.saved_again import SavedAgain
from viewer.files.seen_content import SeenContent
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.background_jobs import Background, Job
from viewer.session.edits.newer_reading import open_anew, with_work_of
from viewer.session.notifications import Choice, Kind
from viewer.session.view_state import ViewState
from viewer.text.escaping import name_text
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import language, mark, tr

if TYPE_CHECKING:
    from analysis.exchange.model_offers import Offer
    from analysis.exchange.torch_module import Traced


class ModelOpener(Guarded, QObject):
    """Runs a model's code only where the person has said so for the file as it is."""

    documentOpened = Signal(object, object, object)
    """As of Opener."""
    fileOpened = Signal(str)
    working = Signal(object)
    """The sentence about what is under way, or None when it is over."""
    failed = Signal(object, str)
    """The exception, and the path."""
    choiceAsked = Signal(str, object, str, object)
    """Path, the Offers, the call that was tried, and what to call with the call that is chosen."""
    made = Signal(str, str)
    """A path and the call (or "") by which its model was opened."""

    def __init__(self, session: Session, store: BlobStore, background: Background) -> None:
        super().__init__(session)
        self._session = session
        self._store = store
        self._background = background
        self._job: Job[CodeRead] | None = None
        self._opened: tuple[Wanted, ModelSource] | None = None
        self.known_call: Callable[[str], str] = lambda _: ""
        """By which call a file was opened last."""
        self.watches = True
        """Whether it offers to open a file anew once it is saved again."""
        self._asked_about: SeenContent | None = None
        self._saved = SavedAgain(background)
        self._saved.changed.connect(self._ask_again)

    # ------------------------------------------------------------------ asking

    def ask(self, path: str, call: str = "") -> None:
        """Ask whether the file's code may run, and make what `call` says.

        Without a call it is the one by which the file was opened last. A tracer gets ready
        meanwhile.
        """
        file, call = Path(path), call or self.known_call(path)
        seen = self._asked_about = SeenContent(path, self._background)
        again = ((tr("Choose anew"), lambda: self._trusted(path, seen, None)),) if call else ()
        self._session.notifications.tell(
            lambda: _question(file, call),
            "question",
            (
                (tr("Run it and open"), lambda: self._trusted(path, seen, call or None)),
                *again,
                (tr("Leave it"), lambda: None),
            ),
        )
        self._background.start(_prepare, _ignore, _ignore)

    def open_network(self, path: str) -> None:
        """Open a file that holds a network and no code, such as ONNX: nothing to ask."""
        self._trusted(path, SeenContent(path, self._background), None)

    def _trusted(self, path: str, seen: SeenContent, call: str | None) -> None:
        self.working.emit(tr("Reading {name}", name=Path(path).name))
        seen.then(
            lambda hash_: self.open(Wanted(path, hash_, call)),
            lambda error: self._fail(error, path),
        )

    def _ask_again(self, path: str, hash_: str) -> None:
        """The file of the network that is shown was saved: offer to read it anew."""
        if self._opened is None or self._opened[0].path != path or not self._shows_it():
            return
        wanted = replace(self._opened[0], hash=hash_)
        title = mark("Open") if kind_of(path) == "network" else mark("Run it and open")
        yes: Choice = (tr(title), lambda: self.open(wanted, anew=self._shows_it()))
        said = mark("{name} was saved again. Opening it anew runs its code. Open it?")
        if kind_of(path) == "network":
            said = mark("{name} was saved again. Open it anew?")
        self._session.notifications.tell(
            lambda: tr(said, name=name_text(Path(path).name)),
            "question",
            (yes, (tr("Leave it"), lambda: None)),
        )
        self._background.start(_prepare, _ignore, _ignore)

    def _shows_it(self) -> bool:
        """Whether the document is still of the file that was opened here."""
        source = self._session.document.source
        return self._opened is not None and source is not None and source == self._opened[1]

    # ----------------------------------------------------------------- reading

    def open(self, wanted: Wanted, anew: bool = False) -> None:
        """Read the model in a process of its own; `anew` puts it in place of its older self."""
        document = self._session.document
        size = self._session.shapes.get(document.graph.inputs[0].id) if anew else None

        def work(cancelled: Event) -> CodeRead:
            return read_code(wanted, self._store, document, size, cancelled)

        def done(read: CodeRead) -> None:
            self.working.emit(None)
            if anew and self._session.document.source != document.source:
                return  # another document was opened meanwhile, and is not to be written over
            self._use(read, wanted, anew)

        def failed(error: Exception) -> None:
            self.working.emit(None)
            self._failed(error, wanted, anew)

        self.working.emit(tr("Reading {name}", name=Path(wanted.path).name))
        self._job = self._background.start(work, done, failed)

    def cancel(self) -> None:
        """Give up the model that is being read."""
        if self._job is not None:
            self._job.cancel()

    def _failed(self, error: Exception, wanted: Wanted, anew: bool) -> None:
        offers: tuple[Offer, ...] = getattr(error, "offers", ())
        fault = getattr(error, "fault", None)
        if isinstance(error, FileChangedError):
            self.ask(wanted.path)
        elif offers:

            def chosen(call: str) -> None:
                self.open(replace(wanted, call=call), anew)

            self.choiceAsked.emit(wanted.path, offers, wanted.call or "", chosen)
        elif isinstance(fault, Fault) and fault.code.startswith("model-by-values"):
            path = replace(wanted, one_path=True)
            self._session.notifications.tell(
                lambda: fault_sentence(fault),
                "question",
                (
                    (tr("Open the path of this image"), lambda: self.open(path, anew)),
                    (tr("Leave it"), lambda: None),
                ),
            )
        else:
            self._fail(error, wanted.path)

    def _fail(self, error: Exception, path: str) -> None:
        self.working.emit(None)
        self.failed.emit(error, path)

    # ------------------------------------------------------------------- using

    def _use(self, read: CodeRead, wanted: Wanted, anew: bool) -> None:
        traced, session = read.traced, self._session
        source = ModelSource(Path(wanted.path).name, wanted.call or "", wanted.hash, traced.decided)
        self._opened = wanted, source
        before = session.document
        document = Document(
            graph=traced.graph,
            weights=read.weights,
            image=before.image,
            image_reading=before.image_reading,
            title=traced.name,
            unused_parameters=traced.unused_parameters,
            source=source,
        )
        if anew:
            label = tr("Open {name} anew", name=source.file)
            open_anew(session, label, with_work_of(before, document, read.skips))
        else:
            session.expect(read.arrangement)
            self.documentOpened.emit(document, ViewState(workspace=session.view.workspace), None)
        self.fileOpened.emit(wanted.path)
        self.made.emit(wanted.path, source.call)
        if self.watches:
            self._saved.watch(wanted.path, wanted.hash)
        self._remark(traced, source, read.types)

    def _remark(self, traced: Traced, source: ModelSource, types: tuple[str, ...]) -> None:
        """Say what is to be known of the network, in one notice."""
        kind: Kind = "warn" if _is_remarkable(traced, source) else "ok"
        if kind == "warn" or types or traced.norms_folded:
            self._session.notifications.tell(lambda: _remarks(traced, source, types), kind)


def _question(file: Path, call: str) -> str:
    """Whether the file's code may run, and make what `call` says."""
    said = mark("{name} is a program ({ending}) in {folder}. Opening it runs its code. Open it?")
    if call:
        said = mark(
            "{name} is a program ({ending}) in {folder}. Opening it runs its code and makes "
            "{call}. Open it?"
        )
    return tr(
        said,
        name=name_text(file.name),
        ending=file.suffix,
        folder=name_text(str(file.absolute().parent)),
        call=name_text(call),
    )


def _is_remarkable(traced: Traced, source: ModelSource) -> bool:
    """Whether the network is not simply what its file says."""
    return bool(source.decided or traced.failed is not None or traced.assumed or traced.opaque)


def _remarks(traced: Traced, source: ModelSource, types: tuple[str, ...]) -> str:
    """What is to be known of the network, in the language in use."""
    said = []
    if source.decided:
        file, line = source.decided[0]
        said.append(
            tr(
                "{name} decides by the values it sees (line {line} of {file}). This is the "
                "path that this image takes; another image may take another.",
                name=source.file,
                line=line,
                file=file,
            )
        )
    if traced.failed is not None:
        said.append(failed_remark(traced.failed))
    if traced.assumed:
        values = [(each.name, each.value) for each in traced.assumed]
        kept = all(each.node is None for each in traced.assumed)
        said.append(assumed_remark(values, kept))
    if traced.opaque:
        said.append(
            tr(
                "Unknown operators: {names}. They run, but their receptive field is unknown.",
                names=", ".join(traced.opaque[:4]),
            )
        )
    if traced.norms_folded:
        said.append(folded_remark(traced.norms_folded))
    if types:
        said.append(types_remark(types))
    return language.row.space.join(said)


def _prepare(_: Event) -> None:
    """Called on a worker: have a tracer import torch while the person reads the question."""
    from analysis.exchange import tracer_process

    tracer_process.prepare()


def _ignore(_: object) -> None:
    """What is only there to be quicker may fail."""
