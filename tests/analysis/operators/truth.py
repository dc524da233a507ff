"""What torch itself says about an operator: output, refusal, and which input each output reads."""

from __future__ import annotations

from math import prod

import numpy as np
import torch

from analysis.operators import (
    ListedTaps,
    Operator,
    PeriodicTaps,
    Shape,
    Taps,
    WholeTaps,
)

torch.set_num_threads(1)

MAXIMA = ("max_pool",)
PICKING = ("max", "nearest", "nearest_exact")
"""Modes that hand single values on. In one dimension torch's gradient of `nearest` copies an axis
whose length rounds to what it was, which its forward does not: the forward is what counts."""


def inputs_for(operator: Operator, shapes) -> tuple[Shape, ...]:
    """The shapes that `shape` and `taps` are asked with: an endpoint is fed but has no inputs."""
    return () if operator.ports == 0 else tuple(shapes)


def feed(shapes, seed=0):
    """A positive picture for each input, batch of one, float64."""
    generator = torch.Generator().manual_seed(seed)
    return [torch.rand(1, *s, generator=generator, dtype=torch.float64) + 0.5 for s in shapes]


def tensors(operator: Operator, shapes, seed=1):
    """Positive parameters and buffers, so that no path cancels."""
    generator = torch.Generator().manual_seed(seed)
    given = inputs_for(operator, shapes)
    wanted = dict(operator.parameters(given)) | dict(operator.buffers(given))
    return {
        name: torch.rand(shape, generator=generator, dtype=torch.float64) + 0.5
        for name, shape in wanted.items()
    }


def run(operator: Operator, shapes):
    """The output without its batch axis, or None where torch raises or leaves nothing."""
    try:
        output = operator.apply(feed(shapes), tensors(operator, shapes))[0]
    except (RuntimeError, ValueError, IndexError):
        return None
    return output if output.numel() else None


def reads(operator: Operator, shapes, port: int) -> np.ndarray:
    """Boolean (output pixels, input pixels), each flattened: does the output read the input?"""
    pictures, weights = feed(shapes), tensors(operator, shapes)
    if operator.key == "max_unpool":
        return _by_every_maximum(operator, pictures, weights, port)
    picks = operator.key in MAXIMA or getattr(operator, "mode", "") in PICKING
    return (_impulses if picks else _gradient)(operator, pictures, weights, port)


def _by_every_maximum(operator, pictures, weights, port):
    """Each pixel of the map is the largest in turn, and then every other one is larger yet."""
    values, before = pictures
    size = prod(before.shape[2:])
    maxima = torch.eye(size, dtype=torch.float64).reshape(size, 1, *before.shape[2:])
    if port == 0:
        found = [
            _gradient(operator, [values, each[None].expand_as(before)], weights, 0)
            for each in maxima
        ]
        return np.logical_or.reduce(found)
    found = np.zeros((size, size), dtype=bool)
    spread = values.expand(size, *values.shape[1:])
    for at, each in enumerate(maxima):
        moved = (each[None] + 2 * maxima).expand(size, *before.shape[1:])
        first = operator.apply([values, each[None].expand_as(before)], weights)
        then = operator.apply([spread, moved], weights)
        found[at] = ((then - first) != 0).any(1).reshape(size, size)[:, at].numpy()
        found[at, at] = bool((first != 0).any(1).reshape(-1)[at])
    return found


def _gradient(operator, pictures, weights, port):
    def total(picture):
        given = [*pictures[:port], picture, *pictures[port + 1 :]]
        output = operator.apply(given, weights)[0]
        output = output.reshape(output.shape[0], -1)
        mix = torch.linspace(0.5, 1.7, output.shape[0], dtype=torch.float64)
        return (mix[:, None] * output).sum(0)

    jacobian = torch.autograd.functional.jacobian(total, pictures[port], vectorize=False)
    outputs, _, channels = jacobian.shape[:3]
    return (jacobian.reshape(outputs, channels, -1).abs().sum(1) > 1e-7).numpy()


def _impulses(operator, pictures, weights, port):
    """A maximum passes an impulse on wherever its window holds it; a picked value is one."""
    shape = pictures[port].shape[2:]
    channels = pictures[port].shape[1]
    impulses = torch.eye(prod(shape), dtype=torch.float64).reshape(-1, 1, *shape)
    impulses = impulses.expand(-1, channels, *([-1] * len(shape)))
    others = [each.expand(len(impulses), *each.shape[1:]) for each in pictures]

    def given(picture):
        return operator.apply([*others[:port], picture, *others[port + 1 :]], weights)

    raised = given(impulses) - given(torch.zeros_like(impulses))
    return (raised.amax(1).reshape(len(raised), -1).T > 0).numpy()


def rows(taps: Taps, size: int, length: int) -> list[set[int]]:
    """For every output index the input indices, expanded one by one from the taps."""
    if isinstance(taps, WholeTaps):
        return [set(range(size)) for _ in range(length)]
    if isinstance(taps, ListedTaps):
        assert len(taps.rows) == length
        return [set(row) for row in taps.rows]
    assert isinstance(taps, PeriodicTaps)
    assert len(taps.offsets) == taps.period
    found = []
    for output in range(length):
        q, r = divmod(output, taps.period)
        indices = {_inside(q * taps.advance + t, size, taps.border) for t in taps.offsets[r]}
        found.append(indices - {None})
    return found


def _inside(index: int, size: int, border: str) -> int | None:
    if 0 <= index < size:
        return index
    match border:
        case "clamp":
            return min(max(index, 0), size - 1)
        case "reflect":
            return -index if index < 0 else 2 * (size - 1) - index
        case "circular":
            return index % size
    return None


def expected_reads(operator: Operator, inputs, port: int, output: Shape) -> np.ndarray:
    """The same boolean matrix, as the product over axes of what `taps` says."""
    axes = max(len(inputs[port]), len(output)) - 1
    sizes = inputs[port][1:] or (1,) * axes
    lengths = output[1:] or (1,) * axes
    matrix = np.ones((1, 1), dtype=bool)
    follows = operator.family == "join" or operator.key == "noise"
    if not axes and follows and not operator.pointwise:
        matrix[0, 0] = bool(rows(operator.taps(0, port, inputs, output), 1, 1)[0])
    for axis in range(axes):
        found = rows(operator.taps(axis, port, inputs, output), sizes[axis], lengths[axis])
        pattern = np.zeros((lengths[axis], sizes[axis]), dtype=bool)
        for index, row in enumerate(found):
            pattern[index, sorted(row)] = True
        matrix = np.kron(matrix, pattern)
    return matrix
