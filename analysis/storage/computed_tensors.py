"""Says in a weights file which of its tensors were computed as the model was read, and of what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from analysis.storage.weights_report import Shape, WeightsReport

ENTRY = "fieldglass.computed"
"""Where it stands among the metadata of a safetensors file."""
ASIDE = "fieldglass.computed/"
"""What the keys of tensors begin with that no operator reads, and others are computed of."""


@dataclass(frozen=True)
class Computed:
    """A tensor that no checkpoint names, since the model's forward computes it each time.

    `of` has by the key of each such tensor the names of the model's own tensors that it is made
    of. `steps` are the calls to make it again, in order: (name, call), and `makes` the one of them
    that gives it, where it can be made again. They read each other, the tensors of `sources` (name
    of a step's argument → name in a checkpoint), and those beside (`ASIDE` + name). `shapes` are
    those of the sources in a checkpoint, `known` all names that the model's checkpoint has.
    `report` is what became of the checkpoint of which the file was made.
    """

    of: Mapping[str, tuple[str, ...]]
    makes: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    report: WeightsReport | None = None

    def metadata(self) -> dict[str, str]:
        """For the header of a safetensors file."""
        plain = asdict(replace(self, known=frozenset())) | {"known": sorted(self.known)}
        return {ENTRY: json.dumps(plain)}

    @classmethod
    def read(cls, metadata: Mapping[str, object]) -> Computed | None:
        """What a file's header says; None where it says nothing that can be read."""
        try:
            held = json.loads(str(metadata[ENTRY]))
            return cls(
                {str(key): tuple(map(str, names)) for key, names in held["of"].items()},
                {str(key): str(name) for key, name in held["makes"].items()},
                tuple((str(name), dict(call)) for name, call in held["steps"]),
                {str(name): str(source) for name, source in held["sources"].items()},
                {str(name): tuple(map(int, shape)) for name, shape in held["shapes"].items()},
                frozenset(map(str, held["known"])),
                _report(held["report"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            return None


def _report(held: Mapping[str, Any] | None) -> WeightsReport | None:
    if held is None:
        return None
    lists = {name: tuple(map(str, held[name])) for name in _LISTS}
    other = tuple((str(n), tuple(map(int, a)), tuple(map(int, b))) for n, a, b in held[_OTHER])
    wanted, loaded = int(held["wanted"]), int(held["loaded"])
    prefix, norms = str(held["prefix"]), int(held.get("norms", 0))
    return WeightsReport(wanted, loaded, other_shape=other, prefix=prefix, norms=norms, **lists)


_LISTS = ("missing", "unexpected", "types", "cuts", "stale")
_OTHER = "other_shape"
