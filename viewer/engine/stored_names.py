"""Names the stored files of a failure as the person knows them, not by where they are kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from analysis.faults import Fault
from analysis.inference.protocol.engine import EngineFailure
from analysis.storage.document import Document


def with_names(failure: EngineFailure, document: Document) -> EngineFailure:
    """The failure with the names of the document's weights, image and target for their paths."""
    blobs = (document.weights, document.image, document.target)
    names = {blob.hash: blob.name for blob in blobs if blob is not None}
    numbers = tuple(
        names.get(PurePath(each).name, each) if isinstance(each, str) else each
        for each in failure.fault.numbers
    )
    return replace(failure, fault=Fault(failure.fault.code, numbers))
