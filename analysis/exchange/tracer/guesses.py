"""Values to try for what a forward takes beside the picture: steps, vectors, masks, flags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TIMES = frozenset(
    (
        *("t", "ts", "time", "times", "timestep", "timesteps", "time_step", "time_steps"),
        *("step", "steps", "sigma", "sigmas", "noise_level", "noise_levels", "gamma"),
    )
)
"""Names that a step of diffusion goes by."""
IMAGES = frozenset(
    (
        *("x", "image", "images", "img", "imgs", "input", "inputs", "pixel_values", "sample"),
        *("data", "picture", "rgb", "source", "src"),
    )
)
"""Names that a picture goes by."""
SEQUENCES = ("hidden_states", "context", "embed", "emb", "prompt", "token", "text")
"""Parts of names of sequences of vectors, such as the words of a prompt."""
MAPPING = object()
"""Stands for a mapping that is asked for its keys."""
MOST_WIDTHS = 6
TOKENS = 8
"""Length of a sequence of vectors where nothing says how long it is."""


def guesses(name: str, annotation: Any, shape: tuple[int, ...], model: Any) -> list[Any]:
    """Values for an argument of that name beside a picture of that shape, the likeliest first."""
    import torch

    kind = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
    if kind == "bool":
        return [False, True]
    picture = [picture_of(shape)]
    plane = [torch.zeros(1, 1, *shape[1:])] if len(shape) > 1 and shape[0] != 1 else []
    steps = [torch.zeros(1, dtype=torch.int64), torch.zeros(1), torch.zeros(1, 1),
             torch.zeros((), dtype=torch.int64), torch.zeros(())]  # fmt: skip
    if kind in ("int", "float"):
        ones = [each + 1 for each in steps]  # of nothing a loop or a factor would make nothing
        return [*ones[:: 1 if kind == "int" else -1], 1 if kind == "int" else 1.0]
    widths = _widths(model)
    vectors = [torch.zeros(1, width) for width in widths]
    tokens = [torch.zeros(1, TOKENS, width) for width in widths]
    others = [None, 0, False]
    lower = name.lower()
    if lower in IMAGES:
        return [*picture, MAPPING]
    if lower in TIMES:
        return [*steps, *vectors, *others, *picture]
    if any(part in lower for part in SEQUENCES):
        return [*tokens, *vectors, *picture, *steps, *others]
    if "mask" in lower:
        return [*plane, *picture, None, *tokens, *vectors, *steps]
    return [*picture, MAPPING, *plane, *vectors, *tokens, *steps, *others]


def picture_of(shape: tuple[int, ...]) -> Any:
    """A black picture as a batch of one."""
    import torch

    return torch.zeros(1, *shape)


def guesses_of(given: Mapping[str, Any], shape: tuple[int, ...]) -> list[Any]:
    """The ways to hand over a value that somebody names: a JSON `value`, or an `npy` file.

    Of a `picture` only its place is tried: black, of as many channels as the image or of one.
    """
    import torch

    if "picture" in given:
        planes = [torch.zeros(1, channels, *shape[1:]) for channels in (shape[0], 1, 3)]
        return [planes[0], *(each for each in planes[1:] if each.shape != planes[0].shape)]
    if "npy" in given:
        import numpy as np

        held = torch.from_numpy(np.load(given["npy"], allow_pickle=False))
        held = held.float() if held.is_floating_point() else held
        return [held, held[None], held.float(), held[None].float()]
    value = given["value"]
    if isinstance(value, list):
        held = torch.tensor(value)
        held = held.float() if held.is_floating_point() else held
        return [held, held[None], held.float(), held[None].float(), value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return [value] if value is None else [value, torch.tensor([value])]
    whole = [torch.tensor([value]), torch.tensor(value)] if isinstance(value, int) else []
    real = [torch.tensor([float(value)]), torch.full((1, 1), float(value))]
    maps = [torch.full((1, channels, *shape[1:]), float(value)) for channels in (shape[0], 1)]
    return [*whole[:1], *real, *whole[1:], torch.tensor(float(value)), value, *maps]


def _widths(model: Any) -> list[int]:
    """How many features its linear layers take, each once."""
    from torch import nn

    found = [part.in_features for part in model.modules() if isinstance(part, nn.Linear)]
    return list(dict.fromkeys(found))[:MOST_WIDTHS]
