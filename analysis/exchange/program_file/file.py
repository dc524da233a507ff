"""Writes the program of a network; torch makes it in a process of its own.

Who asks need not have imported torch, and can give the work up.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from analysis.exchange import tensor_file
from analysis.exchange.torch_code.source import needed_nodes
from analysis.facts import Facts
from analysis.faults import FAULTS, Fault
from analysis.graph import Graph
from analysis.processes.one_answer import one_answer
from analysis.storage import atomic_file
from analysis.storage.document import Document, to_json

PATIENCE = 900.0
"""Seconds."""
CHUNK = 1 << 20


class ProgramError(Exception):
    """Why a network cannot be written: a fault, of node `node` where it is one's."""

    def __init__(self, fault: Fault, node: str = "") -> None:
        super().__init__(f"{node}: {fault.code}")
        self.fault = fault
        self.node = node


@dataclass(frozen=True, slots=True)
class Taken:
    """The inputs an exported program accepts: batches and images of any size, or only the present.

    `arguments` are the names of its inputs in order.
    """

    batch: bool
    size: bool
    arguments: tuple[str, ...]


def check(graph: Graph, facts: Facts) -> None:
    """Raise ProgramError for the first operator that an output depends on and has no shape."""
    needed = needed_nodes(graph)
    for node in graph.nodes:
        fault = facts.layers[node.id].fault
        if node.id in needed and fault is not None:
            raise ProgramError(fault, node.id)


def write_program(
    path: Path, graph: Graph, facts: Facts, weights: Path, cancelled: Event | None = None
) -> Taken:
    """Write `path`, which `torch.export.load` reads; what it takes.

    `weights` is safetensors by the keys of `facts.tensors`; half floats stay so in the file.
    Blocks until it is written. Raises ProgramError, also when `cancelled` is set, OSError and
    ValueError.
    """
    check(graph, facts)
    needed = needed_nodes(graph)
    held = tensor_file.read_header(weights)
    read = (each.key for node, its in facts.tensors.items() if node in needed for each in its)
    if lacking := [key for key in dict.fromkeys(read) if key not in held]:
        raise ProgramError(Fault("export-lacks-weights", (len(lacking), lacking[0])))
    with tempfile.TemporaryDirectory(prefix="fieldglass-") as folder:
        document, made = Path(folder) / "network.json", Path(folder) / "made.pt2"
        document.write_bytes(to_json(Document(graph=graph)))
        asked = (str(document), str(weights), str(made))
        child = "analysis.exchange.program_file.making"
        answer = one_answer(child, *asked, seconds=PATIENCE, cancelled=cancelled)
        if cancelled is not None and cancelled.is_set():
            raise ProgramError(Fault("export-cancelled"))
        if "taken" not in answer or not made.is_file():
            raise ProgramError(_fault(answer))
        batch, size, arguments = answer["taken"]
        atomic_file.write(path, _content(made))
    return Taken(bool(batch), bool(size), tuple(map(str, arguments)))


def _fault(answer: dict[str, object]) -> Fault:
    code, numbers = answer.get("code"), answer.get("numbers")
    if isinstance(code, str) and isinstance(numbers, list) and code in FAULTS:
        return Fault(code, tuple(numbers))
    return Fault("program-not-made", ("",))


def _content(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
