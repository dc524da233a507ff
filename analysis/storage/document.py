"""The document: everything that is saved and can be undone, and its file.

A `.fieldglass` file is JSON that lists operators; weights and image lie beside it, named by
their hash. Nothing in it is ever run.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from analysis.faults import Fault
from analysis.graph import Graph, GraphError, Node
from analysis.operators import from_settings, to_settings
from analysis.storage import atomic_file
from analysis.storage.blobs import BlobRef, BlobStore, hash_file, is_hash, read_chunks

if TYPE_CHECKING:
    from analysis.arithmetic.example import Example

VERSION = 1
MOST_BYTES = 64 << 20
"""A longer file is no document: 100,000 operators take about 20 MB."""

Off = Literal["zero", "mean", "noise"]


class DocumentError(Exception):
    """A file that cannot be opened or written: a code and numbers as in `analysis.faults`.

    `where` is the node it was found at, if any.
    """

    def __init__(self, code: str, numbers: tuple[Any, ...] = (), where: str = "") -> None:
        super().__init__(f"{code} {numbers} {where}".rstrip())
        self.code = code
        self.numbers = numbers
        self.where = where

    @property
    def fault(self) -> Fault:
        """The code and the numbers as a value."""
        return Fault(self.code, self.numbers)


@dataclass(frozen=True)
class Document:
    """What is saved and can be undone. `gates` hold α in [0, 2] by skip name; absent is 1.

    `blueprint` is (name, settings) while the graph is still what the blueprint made of them.
    `positions` are (x, y) of blocks that someone has moved. `off` is what a closed gate offers.
    `arithmetic` is the convolution that somebody takes apart; None is the first one there is.
    """

    graph: Graph = field(default_factory=Graph)
    blueprint: tuple[str, Mapping[str, int | str]] | None = None
    positions: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    gates: Mapping[str, float] = field(default_factory=dict)
    weights: BlobRef | None = None
    image: BlobRef | None = None
    off: Off = "zero"
    title: str = ""
    arithmetic: Example | None = None


@dataclass(frozen=True)
class Opened:
    """A document from a file, its view, and which blobs are missing or damaged (as faults)."""

    document: Document
    view: Mapping[str, Any]
    missing: tuple[Fault, ...] = ()


# ------------------------------------------------------------------------------- the schema


class _Operator(msgspec.Struct):
    id: str
    operator: str
    settings: dict[str, Any] = {}
    inputs: list[str] = []
    group: str = ""


class _Blueprint(msgspec.Struct):
    name: str
    settings: dict[str, int | str]


class _Blob(msgspec.Struct):
    hash: str
    name: str = ""


class _File(msgspec.Struct):
    fieldglass: int
    operators: list[_Operator]
    title: str = ""
    blueprint: _Blueprint | None = None
    positions: dict[str, tuple[float, float]] = {}
    gates: dict[str, float] = {}
    weights: _Blob | None = None
    image: _Blob | None = None
    off: Off = "zero"
    arithmetic: dict[str, Any] | None = None
    view: dict[str, Any] = {}


Migration = Callable[[dict[str, Any]], dict[str, Any]]
MIGRATIONS: dict[int, Migration] = {}
"""For each old version what makes the next one of it."""


def to_json(document: Document, view: Mapping[str, Any] | None = None) -> bytes:
    """The document and the view beside it as indented JSON, UTF-8."""
    blueprint = document.blueprint
    content = _File(
        fieldglass=VERSION,
        title=document.title,
        blueprint=_Blueprint(blueprint[0], dict(blueprint[1])) if blueprint else None,
        operators=[
            _Operator(
                node.id,
                node.operator.key,
                to_settings(node.operator),
                list(node.inputs),
                node.scope,
            )
            for node in document.graph.nodes
        ],
        positions=dict(document.positions),
        gates=dict(document.gates),
        weights=_blob(document.weights),
        image=_blob(document.image),
        off=document.off,
        arithmetic=document.arithmetic.to_plain() if document.arithmetic else None,
        view=dict(view or {}),
    )
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"


def _blob(ref: BlobRef | None) -> _Blob | None:
    return _Blob(ref.hash, ref.name) if ref else None


def from_json(content: bytes) -> tuple[Document, dict[str, Any]]:
    """The document and its view. Raises DocumentError for whatever is wrong with it."""
    file = _decode(content)
    for ref in (file.weights, file.image):
        if ref is not None and not is_hash(ref.hash):
            raise DocumentError("bad-value", ("hash",))
    for name, alpha in file.gates.items():
        if not 0 <= alpha <= 2:
            raise DocumentError("bad-value", (f"gates.{name}",))
    blueprint = (file.blueprint.name, file.blueprint.settings) if file.blueprint else None
    document = Document(
        graph=_graph(file.operators),
        blueprint=blueprint,
        positions=file.positions,
        gates=file.gates,
        weights=BlobRef(file.weights.hash, file.weights.name) if file.weights else None,
        image=BlobRef(file.image.hash, file.image.name) if file.image else None,
        off=file.off,
        title=file.title,
        arithmetic=_example(file.arithmetic),
    )
    return document, file.view


def _example(plain: dict[str, Any] | None) -> Example | None:
    """The convolution taken apart; one that cannot be read is no reason to refuse the network."""
    if plain is None:
        return None
    from analysis.arithmetic.example import Example

    read = Example.from_plain(plain)
    return None if isinstance(read, Fault) else read


def _decode(content: bytes) -> _File:
    if len(content) > MOST_BYTES:
        raise DocumentError("document-too-long", (len(content), MOST_BYTES))
    try:
        raw = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise DocumentError("not-json") from error
    version = raw.get("fieldglass") if isinstance(raw, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise DocumentError("not-a-document")
    if version > VERSION:
        raise DocumentError("newer-version", (version, VERSION))
    for old in range(version, VERSION):
        raw = MIGRATIONS[old](raw)
    try:
        return msgspec.convert(raw, _File)
    except (msgspec.ValidationError, RecursionError) as error:
        raise DocumentError("bad-value", (str(error)[:160],)) from error


def _graph(operators: list[_Operator]) -> Graph:
    nodes = []
    for entry in operators:
        if not entry.id.strip():
            raise DocumentError("bad-value", ("id",))
        try:
            operator = from_settings(entry.operator, entry.settings)
        except RecursionError as error:
            raise DocumentError("bad-value", ("settings",), entry.id) from error
        if isinstance(operator, Fault):
            raise DocumentError(operator.code, operator.numbers, entry.id)
        nodes.append(Node(entry.id, operator, tuple(entry.inputs), entry.group))
    try:
        return Graph.of(nodes)
    except GraphError as error:
        code = {"duplicate": "duplicate-node", "dangling": "missing-node", "cycle": "cycle"}
        raise DocumentError(code[error.code], (", ".join(error.names),), error.names[0]) from error


# --------------------------------------------------------------------------- file and blobs


def save(path: Path, document: Document, view: Mapping[str, Any], store: BlobStore) -> None:
    """Write the file, its weights and its image; the file comes last and in one step.

    Raises DocumentError (`disk-full`, `read-only-folder`, `no-folder`, `cannot-write`), and then
    the old file is untouched. A blob that is not in the store is left out.
    """
    try:
        for ref in (document.weights, document.image):
            if ref is not None and store.has(ref.hash):
                beside = path.with_name(beside_name(path, ref))
                if not (beside.is_file() and hash_file(beside) == ref.hash):
                    atomic_file.write(beside, read_chunks(store.path(ref.hash)))
        atomic_file.write(path, (to_json(document, view),))
    except OSError as error:
        raise DocumentError(_write_code(error), (str(path),)) from error


def _write_code(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "disk-full"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "read-only-folder"
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return "no-folder"
    return "cannot-write"


def load(path: Path, store: BlobStore) -> Opened:
    """Open a file; its blobs go into the store. Missing ones are said, not raised.

    Raises DocumentError: `missing-file`, `cannot-read`, or as `from_json`.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DocumentError("document-too-long", (path.stat().st_size, MOST_BYTES))
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise DocumentError("missing-file", (str(path),)) from error
    except OSError as error:
        raise DocumentError("cannot-read", (str(path),)) from error
    document, view = from_json(content)
    refs = (("weights", document.weights), ("image", document.image))
    missing = [_fetch(kind, ref, path, store) for kind, ref in refs if ref is not None]
    return Opened(document, view, tuple(fault for fault in missing if fault is not None))


def _fetch(kind: str, ref: BlobRef, path: Path, store: BlobStore) -> Fault | None:
    """Bring a blob into the store, from beside the file or as it is there already."""
    if store.sound(ref.hash):
        return None
    store.drop(ref.hash)
    name = beside_name(path, ref)
    try:
        found = sorted(path.parent.glob(f"*.{ref.hash[:12]}.*"))
        if any(store.put(file) == ref.hash for file in found if hash_file(file) == ref.hash):
            return None
    except OSError:
        return Fault(f"{kind}-missing", (name,))
    return Fault(f"{kind}-damaged" if found else f"{kind}-missing", (name,))


def beside_name(path: Path, ref: BlobRef) -> str:
    """File name of a blob beside a document: `<stem>.<first 12 of the hash>.<its own suffix>`."""
    suffix = re.fullmatch(r".*\.([A-Za-z0-9]{1,12})", ref.name)
    return f"{path.stem}.{ref.hash[:12]}.{suffix[1].lower() if suffix else 'bin'}"
