"""A checkpoint named for an opened model, with the tensors that the model computes itself."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from analysis.faults import Fault
from analysis.operators.contract import Shape
from analysis.storage.blobs import BlobRef
from viewer.command_line.shared.refusal import Refusal


def own_file(weights: Path | None, trained: BlobRef | None, document: Path | None) -> Path | None:
    """The file of an opened model's own weights, where it has one that is there."""
    from analysis.storage.document_file import find_beside

    if weights is None and trained is not None and document is not None:
        found = find_beside("weights", trained, document)
        weights = None if isinstance(found, Fault) else found
    return weights


def own_weights(
    weights: Path | None, trained: BlobRef | None, document: Path | None
) -> Path | None:
    """The same, where it says what was computed of others."""
    from analysis.exchange.tensor_file import read_metadata
    from analysis.storage.computed_tensors import ENTRY

    found = own_file(weights, trained, document)
    try:
        return found if found is not None and ENTRY in read_metadata(found) else None
    except (OSError, ValueError):
        return None


def written_over(base: Path, weights: Path, wanted: Mapping[str, Shape]) -> Path:
    """A file, there as long as this process, of what fits and what is computed. Raises Refusal."""
    from analysis.inference.fitting import FittingError, over_file

    folder = Path(tempfile.mkdtemp(prefix="fieldglass-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    try:
        made = over_file(base, weights, wanted, folder)
    except FittingError as error:
        raise Refusal(error.fault) from error
    return made.rename(folder / f"{weights.stem}.safetensors")
