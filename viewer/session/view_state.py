"""The view state: what a person looks at; saved with the document, not undoable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, cast, get_args

from analysis.inference.protocol.runs import RangeMode
from viewer.session.parts import NO_PARTS, Parts, T, ViewPart

FieldView = Literal["theoretical", "effective", "both"]
FIELD_VIEWS: tuple[FieldView, ...] = ("theoretical", "effective", "both")


@dataclass(frozen=True, slots=True)
class Pin:
    """One unit, or the box of units that starts with it: row and column in the map of a layer."""

    layer: str
    y: int
    x: int
    rows: int = 1
    columns: int = 1

    @property
    def is_region(self) -> bool:
        """Whether it is more than one unit."""
        return (self.rows, self.columns) != (1, 1)

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Lower bounds, then upper bounds, half open."""
        return self.y, self.x, self.y + self.rows, self.x + self.columns

    def to_plain(self) -> list[str | int]:
        """As JSON values: one unit is [layer, y, x]."""
        size = [self.rows, self.columns] if self.is_region else []
        return [self.layer, self.y, self.x, *size]


@dataclass(frozen=True)
class ViewState:
    """Workspace, selection, pinned unit, opened groups, zoom and choices of display."""

    workspace: str = ""
    """Key of the workspace; the session puts the first one in the place of one it does not know."""
    selection: str | None = None
    """Id of the selected block or operator."""
    also_selected: tuple[str, ...] = ()
    """Ids of further selected blocks; another `selection` alone clears them."""
    skip: str | None = None
    """Name of the selected skip."""
    measure: str = ""
    """Key of the measure of the skips; an unknown one stands for the first of the table."""
    pin: Pin | None = None
    pins: tuple[Pin, ...] = ()
    """The units that are compared, `pin` among them, when they are more than one."""
    field_view: FieldView = "theoretical"
    """Which field of a unit is shown on the input."""
    field_log: bool = True
    """The effective field by its logarithm."""
    strict: bool = False
    """Fields with statistics and gates included."""
    expanded: frozenset[str] = frozenset()
    """Scopes of the groups that are opened on the canvas."""
    collapsed: frozenset[str] = frozenset()
    """Scopes of the groups that are drawn as one block, whatever levels they span."""
    channels: Mapping[str, int] = field(default_factory=dict)
    """Pinned channel by node."""
    range_mode: RangeMode = "own"
    zoom: float | None = None
    """Canvas zoom; None is fit to the window."""
    panels_hidden: bool = False
    """Whether the canvas has the whole window."""
    bottom_folded: bool | None = None
    """Whether only the title of the bottom dock is shown; None folds it where the window is low."""
    parts: Parts = NO_PARTS
    """What single workspaces keep, by its type."""

    def part(self, kind: type[T]) -> T:
        """A workspace's part of the view, its default where nothing else was chosen."""
        return self.parts.get(kind)

    @property
    def arranging(self) -> tuple[object, ...]:
        """What of it decides facts and places."""
        return self.strict, self.expanded, self.collapsed

    @property
    def selected(self) -> tuple[str, ...]:
        """Ids of all that is selected, the first of them the one that panels show."""
        return (self.selection, *self.also_selected) if self.selection else ()

    def to_plain(self) -> dict[str, Any]:
        """As JSON values."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        del plain["also_selected"]  # what one had gathered to copy or delete is not kept
        plain["expanded"] = sorted(self.expanded)
        plain["collapsed"] = sorted(self.collapsed)
        plain["channels"] = dict(self.channels)
        plain["pin"] = self.pin.to_plain() if self.pin else None
        plain["pins"] = [pin.to_plain() for pin in self.pins]
        del plain["parts"]
        for part in self.parts.values:
            if isinstance(part, ViewPart):
                plain[part.key] = part.to_plain()
        return plain

    @classmethod
    def from_plain(
        cls, plain: Mapping[str, Any], kinds: Iterable[type[ViewPart]] = ()
    ) -> ViewState:
        """From JSON values; what is missing or of another kind falls back to the default.

        `kinds` are what the workspaces keep (`Workspaces.view_parts`), each under its own key.
        """
        parts = NO_PARTS
        for kind in kinds:
            parts = parts.having(kind.from_plain(plain.get(kind.key)))
        start = cls()
        channels = plain.get("channels")
        expanded, collapsed = plain.get("expanded"), plain.get("collapsed")
        range_mode = plain.get("range_mode")
        folded = plain.get("bottom_folded")
        field_view = plain.get("field_view")
        pin, listed = _pin(plain.get("pin")), plain.get("pins")
        pins = [_pin(each) for each in listed] if isinstance(listed, list) else []
        kept = tuple(dict.fromkeys(each for each in pins if each is not None))
        return cls(
            workspace=_text(plain.get("workspace")) or start.workspace,
            selection=_text(plain.get("selection")),
            skip=_text(plain.get("skip")),
            measure=_text(plain.get("measure")) or start.measure,
            pin=pin,
            pins=kept if len(kept) > 1 and pin in kept else (),
            field_view=field_view if field_view in FIELD_VIEWS else start.field_view,
            field_log=plain.get("field_log") is not False,
            strict=plain.get("strict") is True,
            expanded=_names(expanded),
            collapsed=_names(collapsed),
            channels=_channels(channels) if isinstance(channels, dict) else {},
            range_mode=cast(RangeMode, range_mode) if range_mode in get_args(RangeMode) else "own",
            panels_hidden=plain.get("panels_hidden") is True,
            bottom_folded=folded if isinstance(folded, bool) else None,
            parts=parts,
        )


def _names(value: object) -> frozenset[str]:
    return frozenset(map(str, value)) if isinstance(value, list) else frozenset()


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _pin(value: object) -> Pin | None:
    match value:
        case [str(layer), int(y), int(x)] if _are_whole(y, x):
            return Pin(layer, y, x)
        case [str(layer), int(y), int(x), int(rows), int(columns)] if _are_whole(
            y, x, rows, columns
        ):
            return Pin(layer, y, x, rows, columns)
        case _:
            return None


def _are_whole(*values: object) -> bool:
    """Whether they are integers that Qt takes; JSON's true is none."""
    return all(type(value) is int and abs(value) < 1 << 31 for value in values)


def _channels(value: dict[Any, Any]) -> dict[str, int]:
    return {str(key): item for key, item in value.items() if _are_whole(item)}
