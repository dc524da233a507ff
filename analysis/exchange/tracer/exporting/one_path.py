"""Exports the one path that a forward takes for a given input, where it decides by values.

The forward is run as it is, and every answer that it gets from a tensor (`if x.mean() > 0.5`,
`x.max().item()`, `int(n)`) is noted. In the export, whose tensors have no values, the same
piece of code is given the same answers again. So it goes the same way, and modules and weights
keep their names.
"""

from __future__ import annotations

import contextlib
import sys
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..places import Place, is_library, said
from .quick_export import export_quickly

ASKED = ("__bool__", "__int__", "__float__", "__index__", "__complex__", "item", "tolist")
"""The methods of a tensor that answer with a value of Python's."""
MOST_PLACES = 8
Asking = tuple[Any, int, str]
"""The code that asks, the line it is at, and which method it asks."""
Answers = dict[Asking, deque[Any]]


def export_one_path(
    model: Any, args: Sequence[Any], kwargs: Mapping[str, Any], opened: Path | None
) -> tuple[Any, list[Place]]:
    """The exported program of the path that these arguments take, and where it is decided.

    Raises what the forward or `torch.export` raises.
    """
    import torch

    answers: Answers = defaultdict(deque)

    def note(place: Asking, real: Callable[..., Any], *given: Any) -> Any:
        value = real(*given)
        answers[place].append(value)
        return value

    def repeat(place: Asking, real: Callable[..., Any], *given: Any) -> Any:
        """What the same piece of code was told before; what torch asks of its own answers."""
        left = answers.get(place)
        return left.popleft() if left else real(*given)

    with torch.no_grad(), _asking(note):
        model(*args, **kwargs)
    lines = [(code.co_filename, line) for code, line, _ in answers]
    with _asking(repeat):
        program = export_quickly(model, args, kwargs)
    own = [(said(name, opened), line) for name, line in lines if not is_library(name)]
    return program, list(dict.fromkeys(own))[:MOST_PLACES]


@contextlib.contextmanager
def _asking(answer: Callable[..., Any]) -> Iterator[None]:
    """Have every question for a value go through `answer(place, the real method, *arguments)`."""
    import torch

    real = {name: getattr(torch.Tensor, name) for name in ASKED}
    own = {name for name in ASKED if name in vars(torch.Tensor)}

    def through(name: str) -> Callable[..., Any]:
        def ask(*given: Any) -> Any:
            asker = sys._getframe(1)
            return answer((asker.f_code, asker.f_lineno, name), real[name], *given)

        return ask

    for name in ASKED:
        setattr(torch.Tensor, name, through(name))
    try:
        yield
    finally:
        for name in ASKED:
            if name in own:
                setattr(torch.Tensor, name, real[name])
            else:
                delattr(torch.Tensor, name)
