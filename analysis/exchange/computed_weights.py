"""Tells of a recorded model's weights which were computed at tracing, and how to do it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.exchange.recorded import Recording, node_of
from analysis.storage.computed_tensors import ASIDE, Computed


def with_computed(
    recording: Recording, weights: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str] | None]:
    """Key → recorded tensor of all that is to be stored, and the metadata of that file.

    `weights` are those that the graph reads. Without computed ones there are no metadata.
    """
    names = recording.state_names
    computed = {key: tensor for key, tensor in weights.items() if not names.get(tensor)}
    if not computed:
        return dict(weights), None
    called = {tensor: key for key, tensor in weights.items()}
    maker = _Maker(recording, called)
    of = {key: maker.sources_of(tensor) for key, tensor in computed.items()}
    makes = {key: t for key, t in computed.items() if of[key] and maker.make(t)}
    shapes = {
        maker.called(tensor): value.shape
        for tensor, (_, value) in recording.tensors.items()
        if names.get(tensor) and any(maker.called(tensor) in each for each in of.values())
    }
    known = frozenset(name for each in names.values() for name in each)
    steps = tuple((name, recording.how[name]) for name in maker.steps)
    found = Computed(of, makes, steps, maker.sources, shapes, known)
    beside = {f"{ASIDE}{tensor}": tensor for tensor in maker.beside}
    return {**weights, **beside}, found.metadata()


@dataclass
class _Maker:
    """The calls that make tensors, and what these start from."""

    recording: Recording
    keys: Mapping[str, str]
    steps: dict[str, None] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    beside: dict[str, None] = field(default_factory=dict)

    def called(self, tensor: str) -> str:
        """What a checkpoint calls it: the key that the graph has for it, if it has one."""
        return self.keys.get(tensor) or self.recording.state_names[tensor][0]

    def sources_of(self, tensor: str) -> tuple[str, ...]:
        """The names of the model's own tensors that a computed one was made of."""
        waiting, found = [tensor], dict[str, None]()
        seen = set[str]()
        while waiting:
            each = waiting.pop()
            if each in seen:
                continue
            seen.add(each)
            if self.recording.state_names.get(each):
                found[self.called(each)] = None
            waiting += self.recording.computed_of.get(each, ())
        return tuple(found)

    def make(self, tensor: str) -> bool:
        """Add the calls that make a tensor; whether all of them are known."""
        if tensor in self.steps or tensor in self.sources or tensor in self.beside:
            return True
        if self.recording.state_names.get(tensor):
            self.sources[tensor] = self.called(tensor)
        elif not self.sources_of(tensor):
            if tensor not in self.recording.tensors:
                return False
            self.beside[tensor] = None
        else:
            call = self.recording.how.get(tensor)
            read = None if call is None else [*_read(call["args"]), *_read(call["kwargs"])]
            if read is None or not all(map(self.make, read)):
                return False
            self.steps[tensor] = None
        return True


def _read(argument: object) -> list[str]:
    """The tensors that a call's argument names."""
    if (name := node_of(argument)) is not None:
        return [name]
    if isinstance(argument, dict):
        return [name for each in argument.values() for name in _read(each)]
    if isinstance(argument, list):
        return [name for each in argument for name in _read(each)]
    return []
