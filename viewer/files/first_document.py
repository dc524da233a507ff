"""Prepares the blob store and the first document, also where nothing can be written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analysis.storage.blobs import BlobStore
from analysis.storage.document import Document
from viewer.files.data_folder import data_folder, is_temporary, standard_data_folder
from viewer.session.sample_document import sample_document, untrained_sample
from viewer.text.translation import tr


@dataclass(frozen=True)
class First:
    """Store and first document of a window, with a translated sentence on what cannot be kept."""

    store: BlobStore
    document: Document
    notice: str = ""


def first_document(store: BlobStore | None = None) -> First:
    """The sample in a store; never raises for a folder that is not to be had.

    Without a store it is that of the data folder.
    Without the standard folder the files are in a temporary one, without any the sample is
    untrained.
    """
    store = store or BlobStore(data_folder() / "blobs")
    try:
        document = sample_document(store)
    except OSError as error:
        return First(store, untrained_sample(), not_kept(store.folder, error))
    return First(store, document, _kept_for_now() if is_temporary() else "")


def _kept_for_now() -> str:
    return tr(
        "{folder} cannot be written: weights, images and copies of unsaved work are in "
        "{temporary} instead, which the system may empty.",
        folder=standard_data_folder(),
        temporary=data_folder(),
    )


def not_kept(folder: Path, error: OSError) -> str:
    """Weights and images cannot be stored, and why."""
    return tr(
        "Weights and images cannot be stored in {folder} ({error}). The sample is untrained; "
        "save your work often.",
        folder=folder,
        error=error.strerror or type(error).__name__,
    )
