"""Opens the second network of a comparison: a file, or a blueprint; the document stays as it is."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Signal

from analysis.blueprints import BLUEPRINTS, PRESETS
from analysis.faults import Fault
from analysis.operators import Input
from analysis.storage import path_check
from analysis.storage.document import Document
from analysis.storage.document_file import Opened
from analysis.storage.regular_file import special_fault
from viewer.files.file_kinds import is_torchscript, kind_of
from viewer.files.model_opening import ModelOpener
from viewer.files.network_length import load
from viewer.override_guard import Guarded
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import tr
from viewer.workspaces.services import Services


class SecondNetwork(Guarded, QObject):
    """Reads off the GUI thread; a program only where the person has said so, as when opening."""

    found = Signal(object)
    """The Document of the second network."""
    working = Signal(object)
    """The sentence about what is under way, or None when it is over."""

    def __init__(self, services: Services) -> None:
        super().__init__(services.session)
        self._services = services
        self._session = services.session
        self.models = ModelOpener(services.session, services.store, services.background)
        self.models.watches = False
        self.models.documentOpened.connect(lambda document, *_: self.found.emit(document))
        self.models.working.connect(self.working)
        self.models.failed.connect(self._fail)

    def open_file(self, path: str) -> None:
        """Read a document, an ONNX file or a program."""
        kind = kind_of(path)
        if not path_check.exists(path):
            self._post(tr("There is no file {path}.", path=path))
        elif special := special_fault(path):
            self._post(fault_sentence(special))
        elif kind == "document":
            self._load(path)
        elif kind == "network":
            self.models.open_network(path)
        elif kind == "model":
            self.models.ask(path)
        else:
            self._look_inside(path)

    def open_blueprint(self, name: str) -> None:
        """A blueprint with its default settings, for as many channels as the first network."""
        blueprint = BLUEPRINTS[name]
        self._build(name, blueprint.complete({}), tr(blueprint.title))

    def open_preset(self, key: str) -> None:
        """A published network."""
        preset = PRESETS[key]
        settings = BLUEPRINTS[preset.blueprint].complete(preset.settings)
        self._build(preset.blueprint, settings, tr(preset.title))

    def open_first_state(self) -> None:
        """The network as it was opened, before it was edited."""
        session = self._session
        title = tr("{name}, as it was opened", name=session.document.title)
        self.found.emit(Document(session.opened, weights=session.document.weights, title=title))

    def _build(self, name: str, settings: dict[str, int | str], title: str) -> None:
        first = self._session.document.graph.inputs
        given = first[0].operator if first else None
        if isinstance(given, Input) and "in" in settings:
            settings = {**settings, "in": given.channels}
        graph = BLUEPRINTS[name].build(settings)
        self.found.emit(Document(graph, blueprint=(name, settings), title=title))

    def _load(self, path: str) -> None:
        store = self._services.store

        def read(_: Event) -> Opened:
            return load(Path(path), store)

        def done(opened: Opened) -> None:
            self.found.emit(opened.document)
            if opened.missing:
                self._post(" ".join(map(fault_sentence, opened.missing)), "warn")

        self._services.background.start(read, done, lambda error: self._fail(error, path))

    def _look_inside(self, path: str) -> None:
        """A file of another ending may be an archive of TorchScript: its content tells."""

        def looked(archive: bool) -> None:
            if archive:
                self.models.ask(path)
                return
            said = tr(
                "{name} is no network to compare with: a .fieldglass document, a .py, .pt2 or "
                ".onnx file, or a TorchScript archive works.",
                name=Path(path).name,
            )
            self._post(said)

        self._services.background.start(
            lambda _: is_torchscript(path), looked, lambda error: self._fail(error, path)
        )

    def _fail(self, error: Exception, path: str) -> None:
        fault = getattr(error, "fault", None)
        name = Path(path).name
        if isinstance(fault, Fault):
            named = tuple(name if each == path else each for each in fault.numbers)
            self._post(fault_sentence(Fault(fault.code, named)))
        else:
            self._post(tr("{name} cannot be read: {error}", name=name, error=error))

    def _post(self, sentence: str, kind: str = "error") -> None:
        self._session.notifications.post(sentence, "warn" if kind == "warn" else "error")
