"""Documents and sessions of a blueprint written as the command line has it."""

from __future__ import annotations

from typing import Any

from analysis.blueprints import BLUEPRINTS, parse
from analysis.storage.document import Document
from viewer.session import Session
from viewer.session.view_state import ViewState
from viewer.workspaces.registry import WORKSPACES


def document_of(text: str, **fields: Any) -> Document:
    """The document of `unet:depth=3,base=4,size=64`; `fields` are further fields of it."""
    name, settings = parse(text)
    graph = BLUEPRINTS[name].build(settings)
    return Document(graph=graph, blueprint=(name, settings), **fields)


def session_of(text: str, **view: Any) -> Session:
    """A session on that document; `view` are fields of its view."""
    return Session(document_of(text), ViewState(**view), WORKSPACES)
