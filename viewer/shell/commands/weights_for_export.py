"""What exports of the network with its weights share: the weights, gates, and what goes wrong."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from analysis.exchange.torch_code import holds_keys_of, wanted
from analysis.facts import Facts
from analysis.faults import Fault
from analysis.inference.fitting import FittingError, fitted_file
from analysis.storage.document import Document
from viewer.session.edits.gates import OPEN
from viewer.text.fault_sentences import fault_sentence
from viewer.text.file_faults import not_written


@contextmanager
def by_their_keys(
    weights: Path, document: Document, facts: Facts, cancelled: Event
) -> Iterator[Path]:
    """The stored file, or for as long as it is needed one with its tensors under our keys.

    Raises FittingError, OSError.
    """
    if holds_keys_of(weights, document.graph, facts):
        yield weights
        return
    with tempfile.TemporaryDirectory(prefix="fieldglass-") as folder:
        yield fitted_file(weights, wanted(document.graph, facts), Path(folder), cancelled)


def has_gates(document: Document) -> bool:
    """Whether any gate is other than open, which no export holds."""
    return any(gate != OPEN for gate in document.gates.values())


def failure(error: Exception, target: Path, weights: str) -> str:
    """The sentence for weights that do not fit and files that cannot be written; else raises."""
    match error:
        case FittingError():
            return fault_sentence(Fault(error.fault.code, (weights, *error.fault.numbers[1:])))
        case OSError():
            return not_written(target, error)
        case _:
            raise error
