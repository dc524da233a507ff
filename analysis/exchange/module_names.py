"""Ids and scopes of imported nodes: the model's own module paths wherever it has them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable

from analysis.exchange.program_file import MODULES_OF
from analysis.exchange.recorded import Call

RESERVED = ("input", "output")
_NO_NAME = re.compile(r"[^\w.-]+")

_CALLED = {
    "conv": "conv",
    "conv_transpose": "transposed_conv",
    "max_pool": "max_pool",
    "avg_pool": "average_pool",
    "adaptive_avg_pool": "adaptive_pool",
    "adaptive_max_pool": "adaptive_pool",
    "linalg_vector_norm": "norm",
    "slice": "crop",
    "narrow": "crop",
}


def operation_name(packet: str) -> str:
    """A readable name of an ATen packet: `upsample` for `upsample_bilinear2d`."""
    name = packet.strip("_").removesuffix("_with_indices")
    if name.startswith("upsample_"):
        return "upsample"
    if len(name) > 2 and name[-1] == "d" and name[-2] in "123":
        name = name[:-2]
    return _CALLED.get(name, name)


class ModuleNames:
    """Gives every call its id and scope; ids are unique.

    A call that is all a module of torch does carries that module's path (`encoder.conv`, scope
    `encoder`); any other is named after what it does inside the module it stands in.
    """

    def __init__(self, calls: Iterable[Call]) -> None:
        calls = list(calls)
        self._calls_in = Counter(call.call for call in calls)
        self._modules = {path for call in calls for path, _ in call.stack}
        self._taken = set(RESERVED)

    def name(self, call: Call, operation: str = "") -> tuple[str, str]:
        """(id, scope) of the next node made of this call, which is said to be an `operation`."""
        if call.own and self._calls_in[call.call] == 1 and call.own[0] not in RESERVED:
            return self._unused(call.own[0]), call.own[1]
        path, kind = call.stack[-1] if call.stack else ("", "")
        operation = operation or operation_name(call.packet)
        ours = kind.startswith(("torch.nn.", f"{MODULES_OF}."))
        alone = path and ours and self._calls_in[call.call] == 1
        if alone and path not in RESERVED:
            return self._unused(path), path.rpartition(".")[0].replace(".", "/")
        inside = f"{path}.{operation}" if path else operation
        return self._unused(inside), path.replace(".", "/")

    def unused(self, name: str, kind: str, others: Container[str] = ()) -> str:
        """An id for an input or output (its `kind`) of that name; modules keep theirs."""
        stem = _NO_NAME.sub("_", name) or kind
        if stem in self._modules or stem in self._taken or stem in others:
            stem = f"{stem}_{kind}"
        while stem in others:
            self._taken.add(stem)
            stem = self._unused(stem)
        return self._unused(stem)

    def _unused(self, stem: str) -> str:
        name, number = stem, 2
        while name in self._taken:
            name, number = f"{stem}{number}", number + 1
        self._taken.add(name)
        return name
