"""Names a document by its file, else by its title."""

from __future__ import annotations

from pathlib import Path

from analysis.storage.document import Document
from viewer.text.blueprint_names import document_title
from viewer.text.escaping import file_text
from viewer.text.translation import tr


def document_name(document: Document, path: Path | None) -> str:
    """The name of its file, else its title; as it is, not escaped for any place."""
    return path.name if path is not None else document_title(document) or tr("Untitled")


def file_stem(document: Document, path: Path | None) -> str:
    """The name, without an ending, that is proposed for a file made of the document."""
    return path.stem if path is not None else file_text(document.title) or tr("Untitled")
