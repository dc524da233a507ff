"""Exports the network as PyTorch code, with its weights beside it."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from analysis.exchange.torch_code import CodeError, check, write_code
from analysis.storage import path_check
from viewer.files.file_kinds import MODEL
from viewer.shell.commands.export_target import ask_for_target, with_ending
from viewer.shell.commands.weights_for_export import by_their_keys, failure, has_gates
from viewer.text.block_names import full_name
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import language, tr
from viewer.workspaces.services import Services


class CodeExport:
    """Writes a class of PyTorch off the GUI thread and says where it is."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def ask(self) -> None:
        """Ask for a place and write the network's code there."""
        ask_for_target(
            self._services, tr("Export PyTorch code"), tr("PyTorch code"), MODEL, self.write
        )

    def write(self, path: str) -> None:
        """Write the network as a class of PyTorch, and its weights beside it.

        Asks where a weights file of that name lies there and no such code, to which it may belong.
        """
        target = with_ending(path, MODEL)
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
            if weights is None:
                return write_code(target, document.graph, facts, title, None)
            with by_their_keys(weights, document, facts, cancelled) as keyed:
                return write_code(target, document.graph, facts, title, keyed)

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
                if len(lacking) == 1:
                    left = tr("1 tensor begins as PyTorch initialises it.")
                said = f"{said}{language.row.space}{left}"
            if has_gates(document):
                left = tr("Gates are left out: the code is the network with all of them open.")
                said = f"{said}{language.row.space}{left}"
            post(said, "warn" if lacking else "ok")

        def failed(error: Exception) -> None:
            if isinstance(error, CodeError):
                post(f"{full_name(error.node)}: {fault_sentence(error.fault)}")
            else:
                post(failure(error, target, blob.name if blob is not None else ""))

        post(tr("Writing {name}", name=target.name), "busy")
        self._services.background.start(work, done, failed)
