"""The document: everything that is saved and can be undone, and how it is written as JSON.

Operators are listed; weights and image are named by their hash. Nothing in it is ever run.
`document_file` writes and opens the file.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from analysis.faults import Fault
from analysis.graph import Graph, GraphError, Node
from analysis.graph.off_mode import OffMode
from analysis.operators import from_settings, stored_settings
from analysis.storage.blobs import BlobRef, is_hash
from analysis.storage.image_reading import ImageReading
from analysis.storage.migrations.table import brought_up, newest
from analysis.storage.model_source import ModelSource
from analysis.storage.presentation_step import LONGEST_NAME, MOST_STEPS, PresentationStep
from analysis.storage.target_kind import TargetKind

if TYPE_CHECKING:
    from analysis.arithmetic.example import Example

MOST_BYTES = 64 << 20
"""A longer file is no document: 100,000 operators take about 20 MB."""
MOST_POSITION = 4_000_000.0
"""How far from the canvas's middle a block may stand, in pixels: screens count in 31 bits."""
_FIRST_USE = threading.Lock()
"""msgspec reads a class's types when it is first used: two threads at that at once crash."""


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
    `target` is the mask or picture that the output is held against; `target_as` says which of the
    two, None lets its content decide.
    `image_reading` says which page of the image is read, and which values are black and white.
    `unused_parameters` counts what the opened model trains and no operator of it reads.
    `source` is the Python file the network was read from, if it was.
    `ignored` are the keys of the review's findings that somebody wants to see no more.
    `steps` are what a presentation shows, one after the other.
    """

    graph: Graph = field(default_factory=Graph)
    blueprint: tuple[str, Mapping[str, int | str]] | None = None
    positions: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    gates: Mapping[str, float] = field(default_factory=dict)
    weights: BlobRef | None = None
    image: BlobRef | None = None
    off: OffMode = "zero"
    title: str = ""
    arithmetic: Example | None = None
    image_reading: ImageReading = field(default_factory=ImageReading)
    target: BlobRef | None = None
    target_as: TargetKind | None = None
    unused_parameters: int = 0
    source: ModelSource | None = None
    ignored: tuple[str, ...] = ()
    steps: tuple[PresentationStep, ...] = ()


# ------------------------------------------------------------------------------- the schema


_MISSING = re.compile("missing required field `(.+)`")


class _Operator(msgspec.Struct):
    id: str
    operator: str
    settings: dict[str, Any] = {}
    inputs: list[str] = []
    group: str = ""
    stored_as: str | msgspec.UnsetType = msgspec.UNSET
    tied: dict[str, str] | msgspec.UnsetType = msgspec.UNSET
    fixed: list[str] | msgspec.UnsetType = msgspec.UNSET
    starts: dict[str, str] | msgspec.UnsetType = msgspec.UNSET
    cuts: bool | msgspec.UnsetType = msgspec.UNSET
    made_of: dict[str, list[int]] | msgspec.UnsetType = msgspec.UNSET
    """By own name the number of trained numbers, and the shape that it is of."""


class _Blueprint(msgspec.Struct):
    name: str
    settings: dict[str, int | str]


class _Blob(msgspec.Struct):
    hash: str
    name: str = ""


class _Step(msgspec.Struct):
    name: str
    view: dict[str, Any] = {}
    gates: dict[str, float] = {}
    region: tuple[float, float, float, float] | None = None
    arithmetic: dict[str, Any] | None = None


class _File(msgspec.Struct):
    fieldglass: int
    operators: list[_Operator]
    title: str = ""
    blueprint: _Blueprint | None = None
    positions: dict[str, tuple[float, float]] = {}
    gates: dict[str, float] = {}
    weights: _Blob | None = None
    image: _Blob | None = None
    off: OffMode = "zero"
    arithmetic: dict[str, Any] | None = None
    image_reading: dict[str, Any] | None = None
    target: _Blob | None = None
    target_as: TargetKind | None = None
    unused_parameters: int = 0
    source: dict[str, Any] | None = None
    ignored: list[str] = []
    steps: list[_Step] = []
    view: dict[str, Any] = {}


def to_json(document: Document, view: Mapping[str, Any] | None = None) -> bytes:
    """The document and the view beside it as indented JSON, UTF-8."""
    blueprint = document.blueprint
    content = _File(
        fieldglass=newest(),
        title=document.title,
        blueprint=_Blueprint(blueprint[0], dict(blueprint[1])) if blueprint else None,
        operators=[
            _Operator(
                node.id,
                node.operator.key,
                stored_settings(node.operator),
                list(node.inputs),
                node.scope,
                node.stored_as or msgspec.UNSET,
                dict(node.tied) or msgspec.UNSET,
                list(node.fixed) or msgspec.UNSET,
                dict(node.starts) or msgspec.UNSET,
                node.cuts or msgspec.UNSET,
                {own: [n, *shape] for own, shape, n in node.made_of} or msgspec.UNSET,
            )
            for node in document.graph.nodes
        ],
        positions=dict(document.positions),
        gates=dict(document.gates),
        weights=_blob(document.weights),
        image=_blob(document.image),
        off=document.off,
        arithmetic=document.arithmetic.to_plain() if document.arithmetic else None,
        image_reading=document.image_reading.to_plain(),
        target=_blob(document.target),
        target_as=document.target_as,
        unused_parameters=document.unused_parameters,
        source=document.source.to_plain() if document.source else None,
        ignored=list(document.ignored),
        steps=list(map(_step_file, document.steps)),
        view=dict(view or {}),
    )
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"


def _blob(ref: BlobRef | None) -> _Blob | None:
    return _Blob(ref.hash, ref.name) if ref else None


def from_json(content: bytes) -> tuple[Document, dict[str, Any]]:
    """The document and its view. Raises DocumentError for whatever is wrong with it."""
    document, view, _ = with_unknown_keys(content)
    return document, view


def with_unknown_keys(content: bytes) -> tuple[Document, dict[str, Any], tuple[str, ...]]:
    """As `from_json`, and the keys of the document and its operators that mean nothing here.

    They are passed over, and what is written of the document later is without them.
    """
    raw = _brought_up(content)
    file = _decoded(raw)
    for ref in (file.weights, file.image, file.target):
        if ref is not None and not is_hash(ref.hash):
            raise DocumentError("bad-value", ("hash",))
    _check_gates(file.gates, "gates")
    for name, place in file.positions.items():
        if max(map(abs, place)) > MOST_POSITION:
            raise DocumentError("bad-value", (f"positions.{name}",))
    if len(file.steps) > MOST_STEPS:
        raise DocumentError("bad-value", ("steps",))
    if file.unused_parameters < 0:
        raise DocumentError("bad-value", ("unused_parameters",))
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
        image_reading=ImageReading.from_plain(file.image_reading),
        target=BlobRef(file.target.hash, file.target.name) if file.target else None,
        target_as=file.target_as,
        unused_parameters=file.unused_parameters,
        source=ModelSource.from_plain(file.source),
        ignored=tuple(file.ignored),
        steps=tuple(map(_step, file.steps)),
    )
    return document, file.view, _unknown_keys(raw)


def _unknown_keys(raw: Mapping[str, Any]) -> tuple[str, ...]:
    known, of_operators = _keys(_File), _keys(_Operator)
    found = [key for key in raw if key not in known]
    for entry in raw.get("operators", ()):
        found += [key for key in entry if key not in of_operators]
    return tuple(dict.fromkeys(found))


def _keys(struct: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(field.encode_name for field in msgspec.structs.fields(struct))


class _Listed(msgspec.Struct):
    operators: list[msgspec.Raw]


def operator_count(content: bytes) -> int:
    """How many operators a document lists, without a look at them; 0 where it is none."""
    try:
        with _FIRST_USE:
            return len(msgspec.json.decode(content, type=_Listed).operators)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return 0


def _check_gates(gates: Mapping[str, float], where: str) -> None:
    for name, alpha in gates.items():
        if not 0 <= alpha <= 2:
            raise DocumentError("bad-value", (f"{where}.{name}",))


def _step(step: _Step) -> PresentationStep:
    _check_gates(step.gates, f"steps.{step.name[:LONGEST_NAME]}.gates")
    region = step.region
    if region is not None:
        far = max(map(abs, region)) > MOST_POSITION
        if far or region[2] < 1 or region[3] < 1:
            raise DocumentError("bad-value", (f"steps.{step.name[:LONGEST_NAME]}.region",))
    example = _example(step.arithmetic)
    return PresentationStep(step.name[:LONGEST_NAME], step.view, step.gates, region, example)


def _step_file(step: PresentationStep) -> _Step:
    example = step.arithmetic.to_plain() if step.arithmetic else None
    return _Step(step.name, dict(step.view), dict(step.gates), step.region, example)


def _example(plain: dict[str, Any] | None) -> Example | None:
    """The convolution taken apart; one that cannot be read is no reason to refuse the network."""
    if plain is None:
        return None
    from analysis.arithmetic.example import Example

    read = Example.from_plain(plain)
    return None if isinstance(read, Fault) else read


def _decoded(raw: Mapping[str, Any]) -> _File:
    try:
        with _FIRST_USE:
            return msgspec.convert(raw, _File)
    except (msgspec.ValidationError, RecursionError) as error:
        raise DocumentError("bad-value", (_place(str(error))[:160],)) from error


def _place(message: str) -> str:
    """Where in the document the value stands that msgspec tells of: `operators[3].id`."""
    said, _, at = message.partition(" - at `$")
    missing = _MISSING.search(said)
    place = at.rstrip("`") + (f".{missing[1]}" if missing is not None else "")
    return place.lstrip(".") or said


def _brought_up(content: bytes) -> dict[str, Any]:
    """The file as plain values of the newest version."""
    if len(content) > MOST_BYTES:
        raise DocumentError("document-too-long", (len(content), MOST_BYTES))
    try:
        raw = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise DocumentError("not-json") from error
    version = raw.get("fieldglass") if isinstance(raw, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise DocumentError("not-a-document")
    if version > newest():
        raise DocumentError("newer-version", (version, newest()))
    try:
        return brought_up(raw, version)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise DocumentError("bad-value", (f"version {version}",)) from error


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
        nodes.append(
            Node(
                entry.id,
                operator,
                tuple(entry.inputs),
                entry.group,
                stored_as=entry.stored_as or "",
                tied=tuple((entry.tied or {}).items()),
                fixed=tuple(entry.fixed or ()),
                starts=tuple((entry.starts or {}).items()),
                cuts=bool(entry.cuts),
                made_of=tuple(
                    (own, tuple(given[1:]), max(0, given[0]))
                    for own, given in (entry.made_of or {}).items()
                    if given
                ),
            )
        )
    try:
        return Graph.of(nodes)
    except GraphError as error:
        code = {"duplicate": "duplicate-node", "dangling": "missing-node", "cycle": "cycle"}
        raise DocumentError(code[error.code], (", ".join(error.names),), error.names[0]) from error
