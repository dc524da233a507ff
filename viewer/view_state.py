"""What a person looks at: saved with the document, but no part of undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

Workspace = Literal["build", "fields", "live"]
WORKSPACES: tuple[Workspace, ...] = ("build", "fields", "live")


@dataclass(frozen=True, slots=True)
class Pin:
    """One unit: row and column in the map of a layer."""

    layer: str
    y: int
    x: int


@dataclass(frozen=True)
class ViewState:
    """Workspace, selection, pinned unit, opened groups, zoom and choices of display."""

    workspace: Workspace = "live"
    selection: str | None = None
    """Id of the selected block or operator."""
    skip: str | None = None
    """Name of the selected skip."""
    pin: Pin | None = None
    strict: bool = False
    """Fields with statistics and gates included."""
    expanded: frozenset[str] = frozenset()
    """Scopes of the groups that are opened on the canvas."""
    channels: Mapping[str, int] = field(default_factory=dict)
    """Pinned channel by node."""
    range_mode: Literal["own", "shared", "fixed"] = "own"
    zoom: float | None = None
    """Canvas zoom; None is fit to the window."""

    def to_plain(self) -> dict[str, Any]:
        """As JSON values."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        plain["expanded"] = sorted(self.expanded)
        plain["channels"] = dict(self.channels)
        plain["pin"] = [self.pin.layer, self.pin.y, self.pin.x] if self.pin else None
        return plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> ViewState:
        """From JSON values; what is missing or of another kind falls back to the default."""
        start = cls()
        channels = plain.get("channels")
        expanded = plain.get("expanded")
        workspace = plain.get("workspace")
        range_mode = plain.get("range_mode")
        return cls(
            workspace=workspace if workspace in WORKSPACES else start.workspace,
            selection=_text(plain.get("selection")),
            skip=_text(plain.get("skip")),
            pin=_pin(plain.get("pin")),
            strict=plain.get("strict") is True,
            expanded=frozenset(map(str, expanded)) if isinstance(expanded, list) else frozenset(),
            channels=_channels(channels) if isinstance(channels, dict) else {},
            range_mode=range_mode if range_mode in ("own", "shared", "fixed") else "own",
        )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _pin(value: object) -> Pin | None:
    match value:
        case [str(layer), int(y), int(x)]:
            return Pin(layer, y, x)
        case _:
            return None


def _channels(value: dict[Any, Any]) -> dict[str, int]:
    return {str(key): item for key, item in value.items() if isinstance(item, int)}
