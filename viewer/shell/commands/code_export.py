"""Exports the network as PyTorch code, with its weights beside it."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from analysis.exchange.torch_code import CodeError, write_code
from viewer.controls.file_dialog import SAVE, pick_file
from viewer.files.document_name import file_stem
from viewer.files.file_kinds import MODEL
from viewer.text.fault_sentences import fault_sentence
from viewer.text.file_faults import not_written
from viewer.text.operator_names import full_name
from viewer.text.translation import language, tr
from viewer.workspaces.services import Services


class CodeExport:
    """Writes a class of PyTorch off the GUI thread and says where it is."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def ask(self) -> None:
        """Ask for a place and write the network's code there."""
        services = self._services
        pick_file(
            services.dialog_parent,
            tr("Export PyTorch code"),
            (f"{tr('PyTorch code')} (*{MODEL})",),
            SAVE,
            self.write,
            suffix=MODEL[1:],
            name=file_stem(services.session.document, services.saver.path),
        )

    def write(self, path: str) -> None:
        """Write the network as a class of PyTorch, and its weights beside it."""
        target = Path(path) if path.endswith(MODEL) else Path(f"{path}{MODEL}")
        session, store = self._services.session, self._services.store
        document, facts = session.document, session.facts
        blob, post = document.weights, session.notifications.post
        weights = store.path(blob.hash) if blob is not None and store.has(blob.hash) else None

        def work(_: Event) -> tuple[str, ...]:
            return write_code(target, document.graph, facts, document.title or target.stem, weights)

        def done(lacking: tuple[str, ...]) -> None:
            said = tr("The code is in {name}.", name=target.name)
            if weights is not None:
                beside = target.with_suffix(".safetensors").name
                said = tr(
                    "The code is in {name}, its weights in {beside}.",
                    name=target.name,
                    beside=beside,
                )
            if lacking:
                left = tr("{n} tensors begin as PyTorch initialises them.", n=len(lacking))
                said = f"{said}{language.row.space}{left}"
            post(said, "warn" if lacking else "ok")

        def failed(error: Exception) -> None:
            match error:
                case CodeError():
                    post(f"{full_name(error.node)}: {fault_sentence(error.fault)}")
                case OSError():
                    post(not_written(target, error))
                case _:
                    post(
                        tr(
                            "The weights are of a training script. Save the document and run: "
                            "fieldglass convert {document} -o {name}",
                            document=f"{target.stem}.fieldglass",
                            name=target.name,
                        )
                    )

        self._services.background.start(work, done, failed)
