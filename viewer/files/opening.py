"""Opens what a person drops, picks or pastes: an image, a document, a model file."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QImage

from analysis.exchange.first_bytes import ARCHIVES, OtherContentError, check_content
from analysis.exchange.tracer import literal_call
from analysis.faults import Fault
from analysis.inference.held_plans import holds_plans
from analysis.inference.protocol.images import ImageFacts
from analysis.lessons.folder import is_lesson
from analysis.storage import path_check
from analysis.storage.blobs import BlobStore
from analysis.storage.regular_file import special_fault
from viewer.files.document_opening import DocumentOpener
from viewer.files.file_kinds import is_torchscript, kind_of
from viewer.files.film_playing import FilmPlayer
from viewer.files.folder_pictures import pictures_of
from viewer.files.image_opening import ImageOpener
from viewer.files.model_opening import ModelOpener
from viewer.files.plans_opening import PlansOpener
from viewer.files.target_opening import TargetOpener
from viewer.files.weights_opening import WeightsOpener, holds_weights
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.background_jobs import Background
from viewer.session.input_image.decoded_images import DecodedImages
from viewer.session.input_image.picture_series import PictureSeries
from viewer.text.escaping import name_text
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import mark, tr

ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
HEADS = "decoder.seg_layers."
"""How the names of nnU-Net's last layers begin."""
CALL = re.compile(r"(.+?\.py):(.+)", re.IGNORECASE | re.DOTALL)
PAGES = mark("The image has {n} pages; page {page} is shown. Live can show another.")
SLICES = mark("The volume has {n} slices; slice {page} is shown. Live can show another.")


class Opener(Guarded, QObject):
    """Opens files for one window, off the GUI thread; what fails is said in the strip."""

    documentOpened = Signal(object, object, object)
    """Document, ViewState, and the SavedFile it was read from (None: not saved yet)."""
    fileOpened = Signal(str)
    lessonFound = Signal(str)
    """A folder that holds a lesson."""
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
        self._weights = WeightsOpener(session, store, background)
        self.images = ImageOpener(session, store, background, decoded)
        self.targets = TargetOpener(session, store, background)
        self.films = FilmPlayer(session, background)
        self.models = ModelOpener(session, store, background)
        self.plans = PlansOpener(session, store, background)
        self.documents = DocumentOpener(session, store, background)
        for each in (self.documents, self.models, self.plans):
            each.documentOpened.connect(self.documentOpened)
            each.fileOpened.connect(self.fileOpened)
            each.working.connect(self.working)
            each.failed.connect(self._fail)
        self.documentOpened.connect(lambda *_: self._notifications.settle())
        self.images.working.connect(self.working)
        self.images.opened.connect(self._say_pages)

    def open(self, path: str) -> None:
        """Open a file by its kind."""
        kind = kind_of(path)
        if ADDRESS.match(path):
            self._notifications.post(_not_fetched(path))
        elif not path_check.exists(path) and (found := CALL.fullmatch(path)):
            self._open_call(found[1], found[2])
        elif not path_check.exists(path):
            self._notifications.post(tr("There is no file {path}.", path=path))
        elif special := special_fault(path):
            self._notifications.post(_named(special, path))
        elif path_check.is_folder(path):
            self.open_folder(path)
        elif kind == "lesson":
            self.open_folder(str(Path(path).parent))
        elif kind == "document":
            self.documents.open(path)
        elif kind == "model":
            self._open_program(path)
        elif kind == "film":
            self.films.open(path)
        elif kind == "network":
            self.models.open_network(path)
        elif kind == "plans":
            self.plans.open(path)
        elif kind == "weights":
            self._open_weights_or_program(path)
        else:
            self._open_image(path, guessed=kind == "other")

    def _open_call(self, path: str, call: str) -> None:
        """Open `net.py:UNet(3, 2)`, as it is typed on a command line."""
        try:
            said = str(literal_call.parse(call))
        except literal_call.NotLiteral as error:
            fault = Fault("model-call-not-literal", (call, error.part))
            self._notifications.post(fault_sentence(fault))
            return
        if path_check.is_file(path):
            self.models.ask(path, said)
        else:
            self.open(path)

    def _open_program(self, path: str) -> None:
        """Ask about a program; of a file that is none there is nothing to ask."""
        if Path(path).suffix.lower() not in ARCHIVES:
            try:
                check_content(Path(path))
            except (OtherContentError, OSError) as error:
                self._fail(error, path)
            else:
                self.models.ask(path)
            return
        self._background.start(
            lambda _: check_content(Path(path)),
            lambda _: self.models.ask(path),
            lambda error: self._fail(error, path),
        )

    def _open_weights_or_program(self, path: str) -> None:
        """What ends as weights do may be a program, or plans with weights: its content tells."""

        def looked(found: tuple[bool, bool]) -> None:
            program, planned = found
            if program:
                self.models.ask(path)
            elif planned and not self._shows_plans():
                self.plans.open_checkpoint(path)
            else:
                self.load_weights(path)

        self._background.start(
            lambda _: (is_torchscript(path), holds_plans(path)),
            looked,
            lambda error: self._fail(error, path),
        )

    def _shows_plans(self) -> bool:
        """Whether the network has the names of nnU-Net's: a checkpoint is weights for it."""
        tensors = self._session.facts.tensors.values()
        return any(each.key.startswith(HEADS) for found in tensors for each in found)

    def load_weights(self, path: str) -> None:
        """Give the network the tensors of a file, whatever it is called."""
        self._weights.open(path)

    # ------------------------------------------------------------------ images

    def open_sample(self, path: str) -> None:
        """Open one of the pictures that come with the program: no recent file of the person's."""
        self._open_image(path, remembered=False)

    def open_folder(self, folder: str) -> None:
        """Begin the lesson of a folder, else go through its pictures, the first one first."""
        if is_lesson(Path(folder)):
            self.lessonFound.emit(folder)
            return

        def done(paths: tuple[str, ...]) -> None:
            if not paths:
                name = name_text(Path(folder).name)
                self._notifications.post(tr("There is no image in {name}.", name=name))
                return
            self._show_series(PictureSeries(folder, paths))

        self._background.start(
            lambda cancelled: pictures_of(Path(folder), cancelled),
            done,
            lambda error: self._fail(error, folder),
        )

    def step_series(self, by: int) -> None:
        """Show the picture of the folder so many further on; from the last on with the first.

        Files that are gone meanwhile are left out from then on, which is said. Once all are, there
        is nothing to go through any more; the picture that is shown stays.
        """
        series = self._session.live.part(PictureSeries)
        count = len(series.paths)
        for step in range(by, by * (count + 1), by or 1):
            path = series.paths[(series.at + step) % count]
            if path_check.exists(path):
                kept, said = (series, "") if step == by else _without_gone(series)
                self._show_series(replace(kept, at=kept.paths.index(path)), said)
                return
        name = name_text(Path(series.folder).name)
        self._session.set_live(parts=self._session.live.parts.having(PictureSeries()))
        self._notifications.post(tr("The images of {name} are gone.", name=name))

    def show_of_series(self, at: int) -> None:
        """Show one picture of the folder."""
        self._show_series(replace(self._session.live.part(PictureSeries), at=at))

    def _show_series(self, series: PictureSeries, said: str = "") -> None:
        """Show the picture that a series is at; `said` is a remark for when it is there."""
        self._session.set_live(parts=self._session.live.parts.having(series))
        merge_key = f"folder {series.folder}"
        self._open_image(series.path, remembered=False, merge_key=merge_key, said=said)

    def _open_image(
        self,
        path: str,
        guessed: bool = False,
        remembered: bool = True,
        merge_key: str | None = None,
        said: str = "",
    ) -> None:
        def done() -> None:
            self._notifications.settle()
            if said:
                self._notifications.post(said, "warn")
            if remembered:
                self.fileOpened.emit(path)

        def failed(error: Exception) -> None:
            if guessed and _may_hold_weights(path):
                self.load_weights(path)
            elif guessed:
                self._notifications.post(_what_it_takes(Path(path).name))
            else:
                self._fail(error, path)

        self.images.open(path, done, failed, merge_key)

    def take(self, data: QMimeData | None) -> None:
        """Open the files or the picture of a drop or of the clipboard; None is an empty one."""
        urls = data.urls() if data is not None else []
        paths = [url.toLocalFile() for url in urls if url.isLocalFile()]
        kinds = [kind_of(path) for path in paths]
        if sorted(kinds) == ["plans", "weights"]:
            self.plans.open(paths[kinds.index("plans")], paths[kinds.index("weights")])
        elif paths:
            for path in paths:
                self.open(path)
        elif data is not None and data.hasImage():
            picture = data.imageData()
            if isinstance(picture, QImage) and not picture.isNull():
                self.use(picture, tr("pasted image"))
        elif urls and not urls[0].isLocalFile():
            self._notifications.post(_not_fetched(urls[0].toString()))
        else:
            text = tr("That is not a file. Drop or paste an image or a model file.")
            self._notifications.post(text)

    def use(self, picture: QImage, name: str) -> None:
        """Make a picture that comes from no file the document's image, under a name."""
        self.images.use(picture, name, lambda error: self._fail(error, name))

    def _say_pages(self, facts: ImageFacts) -> None:
        if facts.pages < 2:
            return
        said = PAGES if facts.axes == 2 else SLICES
        self._notifications.post(tr(said, n=facts.pages, page=facts.page), "warn")

    def cancel(self) -> None:
        """Give up the document, the model or the image that is being read."""
        self.documents.cancel()
        self.models.cancel()
        self.plans.cancel()
        self.images.cancel()
        self.working.emit(None)

    # ------------------------------------------------------------------ faults

    def _fail(self, error: Exception, path: str) -> None:
        fault = getattr(error, "fault", None)
        if isinstance(fault, Fault):
            said, name = _named(fault, path), Path(path).name
            self._notifications.post(said if name in said else f"{name_text(name)}: {said}")
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


def _not_fetched(address: str) -> str:
    return tr(
        "{address} is an address; nothing is fetched. Download it and open the file.",
        address=name_text(address),
    )


def _what_it_takes(name: str) -> str:
    return tr(
        "{name} is nothing Fieldglass can open. It takes images (PNG, JPEG, TIFF, BMP, WebP, GIF), "
        "volumes (NIfTI, .npy, .npz, DICOM), models (.py with an nn.Module, .onnx, .pt2, nnU-Net's "
        "plans.json), weights (.safetensors, .pth, .ckpt), .fieldglass documents and lessons "
        "(a folder with en.md or zh_CN.md).",
        name=name,
    )


def _without_gone(series: PictureSeries) -> tuple[PictureSeries, str]:
    """The series of the files that are still there, and how many are not."""
    kept = tuple(path for path in series.paths if path_check.exists(path))
    gone, name = len(series.paths) - len(kept), name_text(Path(series.folder).name)
    said = tr("One image of {name} is gone.", name=name)
    if gone != 1:
        said = tr("{n} images of {name} are gone.", n=gone, name=name)
    return replace(series, paths=kept), said
