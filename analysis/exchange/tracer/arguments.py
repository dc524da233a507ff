"""The arguments of a forward: what it takes beside the picture, found by trying.

A trial runs the forward on tensors without numbers, so that it costs little. Arguments that are
mappings, or objects with attributes, are found by what the forward reads of them.
"""

from __future__ import annotations

import contextlib
import heapq
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .guesses import IMAGES, MAPPING, TIMES, guesses, guesses_of, picture_of
from .results import tensors_of

Path = tuple[str, ...]
"""An argument's name, and the keys on the way to one tensor in it."""
MOST_TRIALS = 160


class Asked(dict[str, Any]):
    """A mapping that finds a value for every key that is read of it, also as an attribute."""

    def __init__(self, path: Path, value_of: Callable[[Path], Any]) -> None:
        super().__init__()
        self._path, self._value_of = path, value_of

    def __missing__(self, key: Any) -> Any:
        if not isinstance(key, str):
            raise KeyError(key)
        self[key] = found = self._value_of((*self._path, str(key)))
        return found

    def get(self, key: Any, default: Any = None) -> Any:
        return self[key] if key in self or key in IMAGES else default

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]


@dataclass(frozen=True)
class Leaf:
    """One value that is handed over. `assumed` says that nobody gave it."""

    path: Path
    value: Any
    assumed: bool

    @property
    def name(self) -> str:
        return ".".join(self.path[1:] or self.path)


class Arguments:
    """What a model's forward takes, with values to try, for a picture of `shape`.

    `given` are the values that somebody names, by the argument's name or a mapping's key.
    """

    def __init__(self, model: Any, shape: tuple[int, ...], given: Mapping[str, Any]) -> None:
        self._model, self._shape, self._given = model, shape, given
        self._values: dict[Path, list[Any]] = {}
        self._read: dict[Path, None] = {}
        self._parameters = _handed_over(model, given)
        for parameter in self._parameters:
            self._candidates((parameter.name,), parameter.annotation)
        self._waiting: list[tuple[int, int, dict[Path, int]]] = [(0, 0, {})]
        self._seen: set[frozenset[tuple[Path, int]]] = set()

    @property
    def names(self) -> str:
        """Those of the arguments, with commas."""
        return ", ".join(each.name for each in self._parameters)

    @property
    def plain(self) -> bool:
        """Whether a picture is all that is taken."""
        return len(self._parameters) == 1 and not self._given

    def _candidates(self, path: Path, annotation: Any = None) -> list[Any]:
        if path not in self._values:
            name = path[-1]
            known = self._given.get(name, self._given.get(".".join(path)))
            if known is not None:
                self._values[path] = guesses_of(known, self._shape)
            elif len(self._parameters) == 1 == len(path):
                self._values[path] = [picture_of(self._shape), MAPPING]
            else:
                self._values[path] = guesses(name, annotation, self._shape, self._model)
        return self._values[path]

    def _is_given(self, path: Path) -> bool:
        return path[-1] in self._given or ".".join(path) in self._given

    # ---------------------------------------------------------------------------- trying

    def trials(self) -> Iterator[dict[Path, int]]:
        """Which candidate to take of each argument, the likeliest together first."""
        count = 0
        while self._waiting and count < MOST_TRIALS:
            _, _, ranks = heapq.heappop(self._waiting)
            count += 1
            yield ranks
            for path, values in self._values.items():
                after = ranks | {path: ranks.get(path, 0) + 1}
                key = frozenset(item for item in after.items() if item[1])
                if after[path] < len(values) and key not in self._seen:
                    self._seen.add(key)
                    heapq.heappush(self._waiting, (sum(after.values()), len(self._seen), after))

    def try_out(self, ranks: Mapping[Path, int], real: bool = False) -> None:
        """Run the forward, without numbers unless it is to be `real`; raises what it raises."""
        import torch
        from torch._subclasses.fake_tensor import FakeTensorMode, unset_fake_temporarily

        mode = FakeTensorMode(allow_non_fake_inputs=True)

        def value_of(path: Path) -> Any:
            self._read[path] = None
            with unset_fake_temporarily():
                value = self._candidates(path)[ranks.get(path, 0)]
            if value is MAPPING:
                return Asked(path, value_of)
            held = not isinstance(value, torch.Tensor)
            return value if held or real else mode.from_tensor(value)

        self._read = {}
        fake = contextlib.nullcontext() if real else mode
        with unchanged(self._model), fake, torch.no_grad():
            result = self._call(self._model.forward, value_of)
        self._check_batch(list(tensors_of(result)))

    def _check_batch(self, results: list[tuple[Any, Any]]) -> None:
        """One picture gives one result, not one for each number of a list that was given."""
        lengths = {len(each) for path, values in self._values.items() if self._is_given(path)
                   for each in values[:1] if getattr(each, "ndim", 0)}  # fmt: skip
        batches = {tensor.shape[0] for _, tensor in results if tensor.ndim}
        if results and 1 not in batches and batches <= lengths:
            raise ValueError(f"{max(batches)} values make a batch of {max(batches)}")

    def leaves(self, ranks: Mapping[Path, int]) -> list[Leaf]:
        """The values of a trial in the order in which they are read."""
        paths = self._read or dict.fromkeys((each.name,) for each in self._parameters)
        found = [(path, self._candidates(path)[ranks.get(path, 0)]) for path in paths]
        return [Leaf(path, value, not self._is_given(path))
                for path, value in found if value is not MAPPING]  # fmt: skip

    def picture(self, leaves: list[Leaf]) -> Leaf | None:
        """Which of them the picture goes to: of its shape, named like one, as early as can be."""
        import torch

        assumed = [leaf for leaf in leaves if leaf.assumed and isinstance(leaf.value, torch.Tensor)]
        fitting = [leaf for leaf in assumed if leaf.value.shape == (1, *self._shape)
                   and leaf.value.is_floating_point()]  # fmt: skip
        return min(fitting, key=_unlike_a_picture, default=None)

    def unknown(self, leaves: list[Leaf]) -> str | None:
        """A name that was given a value and that nothing is called."""
        known = {leaf.path[-1] for leaf in leaves} | {".".join(leaf.path) for leaf in leaves}
        return next((name for name in self._given if name not in known), None)

    def of_tensors(
        self, ranks: Mapping[Path, int], leaves: list[Leaf], forward: Callable[..., Any]
    ) -> Callable[..., Any]:
        """The forward as a function of the tensors among these values, in their order."""
        import torch

        paths = [leaf.path for leaf in leaves if isinstance(leaf.value, torch.Tensor)]

        def run(*tensors: Any) -> Any:
            held = dict(zip(paths, tensors, strict=True))

            def value_of(path: Path) -> Any:
                if path in held:
                    return held[path]
                value = self._candidates(path)[ranks.get(path, 0)]
                return Asked(path, value_of) if value is MAPPING else value

            return self._call(forward, value_of)

        return run

    def _call(self, forward: Callable[..., Any], value_of: Callable[[Path], Any]) -> Any:
        positional, keywords = [], {}
        for parameter in self._parameters:
            required = parameter.default is parameter.empty
            value = value_of((parameter.name,))
            if parameter.kind is parameter.KEYWORD_ONLY or not required:
                keywords[parameter.name] = value
            else:
                positional.append(value)
        return forward(*positional, **keywords)


def _unlike_a_picture(leaf: Leaf) -> int:
    name = leaf.path[-1].lower()
    if name in IMAGES:
        return 0
    return 2 if name in TIMES or "mask" in name or "cond" in name else 1


def _handed_over(model: Any, given: Mapping[str, Any]) -> list[inspect.Parameter]:
    """The arguments that a value must be found for: those without a default, and those named."""
    try:
        parameters = list(inspect.signature(model.forward).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    named = [p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    found = [p for p in named if p.default is p.empty or p.name in given]
    if any(p.default is p.empty for p in found):
        return found
    several = [p for p in parameters if p.kind is p.VAR_POSITIONAL]
    first = [p for p in named if p not in found][:1] or several
    only = inspect.Parameter("x", inspect.Parameter.POSITIONAL_ONLY)
    if first and first[0].kind is not inspect.Parameter.VAR_POSITIONAL:
        return [first[0], *found]
    return [only, *found] if first or not parameters else found


@contextlib.contextmanager
def unchanged(model: Any) -> Iterator[None]:
    """Put back what a trial sets as attributes of the modules: tensors without numbers."""
    kept = [(part.__dict__, dict(part.__dict__)) for part in model.modules()]
    inner = [(held, dict(held)) for _, own in kept for key in ("_buffers", "_parameters")
             if isinstance(held := own.get(key), dict)]  # fmt: skip
    try:
        yield
    finally:
        for held, before in [*kept, *inner]:
            held.clear()
            held.update(before)
