"""Opens what a person drops, picks or pastes: an image, a document, a model file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QImage

from analysis.faults import Fault
from analysis.graph import Graph
from analysis.inference.protocol.images import ImageFacts
from analysis.storage import path_check
from analysis.storage.blobs import BlobRef, BlobStore
from analysis.storage.document import Document, DocumentError
from analysis.storage.document_file import Opened, load
from analysis.storage.regular_file import special_fault
from viewer.files.file_kinds import kind_of
from viewer.files.image_opening import ImageOpener
from viewer.files.weights_opening import WeightsOpener, holds_weights
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.arrangement import Arrangement, arranged
from viewer.session.background_jobs import Background, Job
from viewer.session.decoded_images import DecodedImages
from viewer.session.view_state import ViewState
from viewer.text.escaping import name_text
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import tr

if TYPE_CHECKING:
    from analysis.exchange.torch_module import Traced

MOST_OPERATORS = 20_000
"""Of a network that the window opens; what follows from so many is worked out in a worker."""


@dataclass(frozen=True)
class SavedFile:
    """Where a document was read from, and the SHA-256 of the file as it was then."""

    path: Path
    hash: str


class Opener(Guarded, QObject):
    """Opens files for one window, off the GUI thread; what fails is said in the strip."""

    documentOpened = Signal(object, object, object)
    """Document, ViewState, and the SavedFile it was read from (None: not saved yet)."""
    fileOpened = Signal(str)
    working = Signal(object)
    """The sentence about what is under way, or None when it is over."""

    def __init__(
        self, session: Session, store: BlobStore, background: Background, decoded: DecodedImages
    ) -> None:
        super().__init__(session)
        self._session = session
        self._store = store
        self._notifications = session.notifications
        self._background = background
        self._job: Job[tuple[Traced, BlobRef]] | None = None
        self._weights = WeightsOpener(session, store, background)
        self.images = ImageOpener(session, store, background, decoded)
        self.images.working.connect(self.working)
        self.images.opened.connect(self._say_pages)

    def open(self, path: str) -> None:
        """Open a file by its kind."""
        kind = kind_of(path)
        if not path_check.exists(path):
            self._notifications.post(tr("There is no file {path}.", path=path))
        elif special := special_fault(path):
            self._notifications.post(_named(special, path))
        elif path_check.is_folder(path):
            self._notifications.post(_what_it_takes(Path(path).name))
        elif kind == "document":
            self._open_document(path)
        elif kind == "model":
            self._ask_to_run(path)
        elif kind == "weights":
            self.load_weights(path)
        else:
            self._open_image(path, guessed=kind == "other")

    def load_weights(self, path: str) -> None:
        """Give the network the tensors of a file, whatever it is called."""
        self._weights.open(path)

    # ------------------------------------------------------------------ images

    def open_sample(self, path: str) -> None:
        """Open one of the pictures that come with the program: no recent file of the person's."""
        self._open_image(path, remembered=False)

    def _open_image(self, path: str, guessed: bool = False, remembered: bool = True) -> None:
        def done() -> None:
            self._notifications.settle()
            if remembered:
                self.fileOpened.emit(path)

        def failed(error: Exception) -> None:
            if guessed and _may_hold_weights(path):
                self.load_weights(path)
            elif guessed:
                self._notifications.post(_what_it_takes(Path(path).name))
            else:
                self._fail(error, path)

        self.images.open(path, done, failed)

    def take(self, data: QMimeData | None) -> None:
        """Open the files or the picture of a drop or of the clipboard; None is an empty one."""
        urls = data.urls() if data is not None else []
        paths = [url.toLocalFile() for url in urls if url.isLocalFile()]
        if paths:
            for path in paths:
                self.open(path)
        elif data is not None and data.hasImage():
            picture = data.imageData()
            if isinstance(picture, QImage) and not picture.isNull():
                self.use(picture, tr("pasted image"))
        else:
            text = tr("That is not a file. Drop or paste an image or a model file.")
            self._notifications.post(text)

    def use(self, picture: QImage, name: str) -> None:
        """Make a picture that comes from no file the document's image, under a name."""
        self.images.use(picture, name, lambda error: self._fail(error, name))

    def _say_pages(self, facts: ImageFacts) -> None:
        if facts.pages > 1:
            self._notifications.post(
                tr(
                    "The image has {n} pages; page {page} is shown. Live can show another.",
                    n=facts.pages,
                    page=facts.page,
                ),
                "warn",
            )

    # --------------------------------------------------------------- documents

    def _open_document(self, path: str) -> None:
        parts = self._session.workspaces.view_parts

        def read(_: Event) -> tuple[Opened, ViewState, Arrangement]:
            opened = load(Path(path), self._store)
            _check_length(opened.document.graph)
            view = ViewState.from_plain(opened.view, parts)
            found = arranged(opened.document, view.strict, view.expanded, None, view.collapsed)
            return opened, view, found

        def done(found: tuple[Opened, ViewState, Arrangement]) -> None:
            opened, view, arrangement = found
            self._session.expect(arrangement)
            self.documentOpened.emit(opened.document, view, SavedFile(Path(path), opened.hash))
            self.fileOpened.emit(path)
            if opened.missing:
                self._notifications.post(" ".join(map(fault_sentence, opened.missing)), "warn")

        self._background.start(read, done, lambda error: self._fail(error, path))

    # ------------------------------------------------------------------ models

    def _ask_to_run(self, path: str) -> None:
        file = Path(path)
        self._notifications.post(
            tr(
                "{name} is a program ({ending}) in {folder}. Opening it runs its code. Open it?",
                name=name_text(file.name),
                ending=file.suffix,
                folder=name_text(str(file.absolute().parent)),
            ),
            "question",
            (
                (tr("Run it and open"), lambda: self.open_model(path)),
                (tr("Leave it"), lambda: None),
            ),
        )

    def open_model(self, path: str, name: str | None = None) -> None:
        """Trace the model of a Python file in a process of its own and open its graph."""

        def work(cancelled: Event) -> tuple[Traced, BlobRef]:
            from analysis.exchange.torch_module import trace

            traced = trace(Path(path), name, cancelled=cancelled)
            _check_length(traced.graph)
            return traced, BlobRef(
                self._store.put(traced.weights), f"{Path(path).stem}.safetensors"
            )

        def done(result: tuple[Traced, BlobRef]) -> None:
            self.working.emit(None)
            self._use_traced(*result, path)

        def failed(error: Exception) -> None:
            self.working.emit(None)
            choices: tuple[str, ...] = getattr(error, "choices", ())
            if choices:
                self._choose_model(path, choices)
            else:
                self._fail(error, path)

        self.working.emit(tr("Reading {name}", name=Path(path).name))
        self._job = self._background.start(work, done, failed)

    def cancel(self) -> None:
        """Give up the model that is being read."""
        if self._job is not None:
            self._job.cancel()
        self.images.cancel()
        self.working.emit(None)

    def _choose_model(self, path: str, choices: tuple[str, ...]) -> None:
        def pick(name: str) -> Callable[[], None]:
            return lambda: self.open_model(path, name)

        self._notifications.post(
            tr("{name} holds more than one model. Which one?", name=Path(path).name),
            "question",
            tuple((name, pick(name)) for name in choices[:5]),
        )

    def _use_traced(self, traced: Traced, weights: BlobRef, path: str) -> None:
        document = Document(
            graph=traced.graph,
            weights=weights,
            image=self._session.document.image,
            title=traced.name,
        )
        self.documentOpened.emit(document, ViewState(workspace=self._session.view.workspace), None)
        self.fileOpened.emit(path)
        if traced.opaque:
            self._notifications.post(
                tr(
                    "Unknown operators: {names}. They run, but their receptive field is unknown.",
                    names=", ".join(traced.opaque[:4]),
                ),
                "warn",
            )

    # ------------------------------------------------------------------ faults

    def _fail(self, error: Exception, path: str) -> None:
        fault = getattr(error, "fault", None)
        if isinstance(fault, Fault):
            self._notifications.post(_named(fault, path))
        else:
            name = Path(path).name
            self._notifications.post(tr("{name} cannot be read: {error}", name=name, error=error))


def _named(fault: Fault, path: str) -> str:
    """The sentence of a fault, with a file's name for its path."""
    named = (Path(path).name if each == path else each for each in fault.numbers)
    return fault_sentence(Fault(fault.code, tuple(named)))


def _may_hold_weights(path: str) -> bool:
    try:
        return holds_weights(path)
    except OSError:
        return False


def _check_length(graph: Graph) -> None:
    """Raises DocumentError for a network that the window would freeze over."""
    if len(graph) > MOST_OPERATORS:
        raise DocumentError("too-many-operators", (len(graph), MOST_OPERATORS))


def _what_it_takes(name: str) -> str:
    return tr(
        "{name} is nothing Fieldglass can open. It takes images (PNG, JPEG, TIFF, BMP, WebP, GIF), "
        "models (.py with an nn.Module), weights (.safetensors, .pth, .ckpt) and .fieldglass "
        "documents.",
        name=name,
    )
