"""Finds the cells to highlight: those of a step, or all that are connected with one cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from analysis.arithmetic import Case, Cell, Tap
from viewer.drawing.arithmetic.display import Part, Spot
from viewer.drawing.arithmetic.scene import Scene

Cells = frozenset[Cell]


@dataclass(frozen=True, slots=True)
class Highlight:
    """Highlighted cells of every part; `rows` and `columns` of the matrix are highlighted whole.

    `entries` are (row, column) of the matrix; `focus` is the cell that the others belong to.
    """

    inputs: Cells = frozenset()
    kernels: Cells = frozenset()
    outputs: Cells = frozenset()
    entries: Cells = frozenset()
    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
    focus: Spot | None = None


def step_highlight(scene: Scene, index: int) -> Highlight:
    """The cells highlighted at a step of the scene."""
    return connected(scene, Spot(scene.by, scene.cell_of(index)))


def connected(scene: Scene, spot: Spot) -> Highlight:
    """Everything that meets one cell in some product.

    Raises:
        IndexError: the cell is none of this scene's.
    """
    plan = scene.plan
    if spot.part == "output":
        taps = plan.step_at(spot.cell, scene.out_channel).taps
        row = scene.row_of(spot.cell)
        return _lit(scene, spot, taps, outputs=frozenset({spot.cell}), rows=frozenset({row}))
    if spot.part == "input":
        taps = plan.stamp_at(spot.cell, scene.in_channel).taps
        column = scene.column_of(spot.cell)
        lit = frozenset({spot.cell})
        return _lit(scene, spot, taps, inputs=lit, columns=frozenset({column}))
    if spot.part == "kernel":
        size = scene.case.kernel
        if len(spot.cell) != len(size) or any(
            not 0 <= at < length for at, length in zip(spot.cell, size, strict=True)
        ):
            raise IndexError(f"no cell {spot.cell} in {size}")
        taps = plan.taps_of_kernel(spot.cell, scene.out_channel, scene.in_channel)
        return _lit(scene, spot, taps, kernels=frozenset({spot.cell}))
    return _matrix_cell(scene, spot)


def turned_spot(spot: Spot) -> Spot:
    """One cell as the other direction has it."""
    if spot.part == "matrix":
        return Spot("matrix", (spot.cell[1], spot.cell[0]))
    parts: dict[Part, Part] = {"input": "output", "output": "input"}
    return Spot(parts.get(spot.part, spot.part), spot.cell)


def _lit(
    scene: Scene,
    focus: Spot,
    taps: Iterable[Tap],
    inputs: Cells = frozenset(),
    kernels: Cells = frozenset(),
    outputs: Cells = frozenset(),
    rows: frozenset[int] = frozenset(),
    columns: frozenset[int] = frozenset(),
) -> Highlight:
    every = tuple(taps)
    shown = [
        tap
        for tap in every
        if tap.input_channel == scene.in_channel and tap.output_channel == scene.out_channel
    ]
    return Highlight(
        inputs | {tap.input for tap in shown},
        kernels | {tap.kernel for tap in shown},
        outputs | {tap.output for tap in shown},
        _entries(scene.case, every),
        rows,
        columns,
        focus,
    )


def _entries(case: Case, taps: Iterable[Tap]) -> Cells:
    """(row, column) of the matrix of every tap."""
    out, inside = case.out_size, case.in_size

    def flat(channel: int, cell: Cell, size: tuple[int, ...]) -> int:
        for at, length in zip(cell, size, strict=True):
            channel = channel * length + at
        return channel

    return frozenset(
        (flat(tap.output_channel, tap.output, out), flat(tap.input_channel, tap.input, inside))
        for tap in taps
    )


def _matrix_cell(scene: Scene, spot: Spot) -> Highlight:
    row, column = spot.cell
    shape = scene.matrix.shape
    if not (0 <= row < shape[0] and 0 <= column < shape[1]):
        raise IndexError(f"no entry {spot.cell} in {shape}")
    out = tuple(int(at) for at in np.unravel_index(row, scene.case.output_shape))
    inside = tuple(int(at) for at in np.unravel_index(column, scene.case.input_shape))
    taps = [
        tap
        for tap in scene.plan.step_at(out[1:], out[0]).taps
        if (tap.input_channel, *tap.input) == inside
    ]
    here_out, here_in = out[0] == scene.out_channel, inside[0] == scene.in_channel
    return _lit(
        scene,
        spot,
        taps,
        inputs=frozenset({inside[1:]} if here_in else ()),
        outputs=frozenset({out[1:]} if here_out else ()),
        rows=frozenset({row}),
        columns=frozenset({column}),
    )
