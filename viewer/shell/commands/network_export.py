"""Exports the network with its weights in one file that runs elsewhere: ONNX, or a program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from analysis.exchange import onnx_file, program_file
from analysis.facts import Facts
from analysis.graph import Graph
from viewer.files.file_kinds import NETWORK, PROGRAM
from viewer.session.background_jobs import Job
from viewer.shell.commands.export_target import ask_for_target, with_ending
from viewer.shell.commands.weights_for_export import by_their_keys, failure, has_gates
from viewer.text.block_names import full_name
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import language, mark, tr
from viewer.workspaces.services import Services

Remarks = tuple[str, ...]
"""Sentences to translate about what the file does not take."""
_SIZE = mark("It takes images of the present size only.")


@dataclass(frozen=True)
class NetworkFormat:
    """A file that holds a network with its weights.

    `check` raises for a network that it cannot hold; `write(path, graph, facts, weights, title,
    cancelled)` gives what is to be said of the file.
    """

    title: str
    kind: str
    ending: str
    check: Callable[[Graph, Facts], None]
    write: Callable[[Path, Graph, Facts, Path, str, Event], Remarks]


def _write_onnx(
    path: Path, graph: Graph, facts: Facts, weights: Path, title: str, cancelled: Event
) -> Remarks:
    free = onnx_file.write_onnx(path, graph, facts, weights, title, cancelled)
    return () if free else (_SIZE,)


def _write_program(
    path: Path, graph: Graph, facts: Facts, weights: Path, title: str, cancelled: Event
) -> Remarks:
    del title  # a program has none
    taken = program_file.write_program(path, graph, facts, weights, cancelled)
    one = mark("It takes one image at a time.")
    return (*(() if taken.batch else (one,)), *(() if taken.size else (_SIZE,)))


ONNX = NetworkFormat(mark("Export ONNX"), "ONNX", NETWORK, onnx_file.check, _write_onnx)
TORCH_PROGRAM = NetworkFormat(
    mark("Export program"), mark("PyTorch program"), PROGRAM, program_file.check, _write_program
)
REFUSALS = (onnx_file.OnnxError, program_file.ProgramError)


class NetworkExport:
    """Writes files of one format off the GUI thread; the newest export is what is wanted."""

    def __init__(self, services: Services, format_: NetworkFormat) -> None:
        self._services = services
        self._format = format_
        self._job: Job[Remarks] | None = None

    def ask(self) -> None:
        """Ask for a place and write the file there."""
        made = self._format
        ask_for_target(self._services, tr(made.title), tr(made.kind), made.ending, self.write)

    def write(self, path: str) -> None:
        """Write the network; one without weights has none to give."""
        made = self._format
        target = with_ending(path, made.ending)
        session, store = self._services.session, self._services.store
        document, facts = session.document, session.facts
        blob, post = document.weights, session.notifications.post
        if blob is None or not store.has(blob.hash):
            post(tr("The file would hold weights, and this network has none yet. Load some first."))
            return
        weights = store.path(blob.hash)

        def work(cancelled: Event) -> Remarks:
            made.check(document.graph, facts)
            title = document.title or target.stem
            with by_their_keys(weights, document, facts, cancelled) as keyed:
                return made.write(target, document.graph, facts, keyed, title, cancelled)

        def done(remarks: Remarks) -> None:
            def words() -> str:
                said = [tr("The network is in {name}.", name=target.name), *map(tr, remarks)]
                if has_gates(document):
                    said.append(tr("Gates are left out: all of them are open in the file."))
                return language.row.space.join(said)

            session.notifications.tell(words, "ok")

        def failed(error: Exception) -> None:
            if isinstance(error, REFUSALS):
                where = f"{full_name(error.node)}: " if error.node else ""
                session.notifications.tell(lambda: f"{where}{fault_sentence(error.fault)}")
            else:
                post(failure(error, target, blob.name))

        self._cancel()
        said = tr("Writing {name}", name=target.name)
        post(said, "busy", ((tr("Cancel"), self._cancel),))
        self._job = self._services.background.start(work, done, failed)

    def _cancel(self) -> None:
        """Give up the file that is being written, if any."""
        if self._job is not None:
            self._job.cancel()
        self._job = None
