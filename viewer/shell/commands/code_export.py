"""Exports the network as PyTorch code, with its weights beside it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from threading import Event

from analysis.exchange.torch_code import CodeError, check, holds_keys_of, wanted, write_code
from analysis.faults import Fault
from analysis.inference.fitting import FittingError, fitted_file
from analysis.storage import path_check
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
        """Write the network as a class of PyTorch, and its weights beside it.

        Asks where a weights file of that name lies there and no such code, to which it may belong.
        """
        target = Path(path) if path.endswith(MODEL) else Path(f"{path}{MODEL}")
        beside = target.with_suffix(".safetensors")
        lone = path_check.exists(str(beside)) and not path_check.exists(str(target))
        if not lone or self._services.session.document.weights is None:
            self._write(target)
            return
        self._services.session.notifications.post(
            tr("{name} is there already and would be replaced.", name=beside.name),
            "question",
            (
                (tr("Overwrite it"), lambda: self._write(target)),
                (tr("Save as…"), self.ask),
                (tr("Cancel"), lambda: None),
            ),
        )

    def _write(self, target: Path) -> None:
        session, store = self._services.session, self._services.store
        document, facts = session.document, session.facts
        blob, post = document.weights, session.notifications.post
        weights = store.path(blob.hash) if blob is not None and store.has(blob.hash) else None

        def work(cancelled: Event) -> tuple[str, ...]:
            title = document.title or target.stem
            check(document.graph, facts)
            if weights is None or holds_keys_of(weights, document.graph, facts):
                return write_code(target, document.graph, facts, title, weights)
            with tempfile.TemporaryDirectory(prefix="fieldglass-") as folder:
                keys = wanted(document.graph, facts)
                fitted = fitted_file(weights, keys, Path(folder), cancelled)
                return write_code(target, document.graph, facts, title, fitted)

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
                case FittingError():
                    named = (blob.name if blob is not None else "", *error.fault.numbers[1:])
                    post(fault_sentence(Fault(error.fault.code, named)))
                case OSError():
                    post(not_written(target, error))
                case _:
                    raise error

        self._services.background.start(work, done, failed)
