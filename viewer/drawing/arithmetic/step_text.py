"""Writes the sum of a step as a line of text: y(1,3) = 2·3 + 0·1 + … = 12."""

from __future__ import annotations

from collections.abc import Callable

from analysis.arithmetic import Cell, Tap, written_out
from viewer.drawing.arithmetic.cells import number_text
from viewer.drawing.arithmetic.labelled_grids import symbol
from viewer.drawing.arithmetic.scene import Scene, place_of


def written_text(
    scene: Scene, index: int, width: Callable[[str], float] | None = None, room: float = 0.0
) -> str:
    """Step `index` written out; with `width` terms are left out until the line fits `room`."""
    if scene.grad_output is not None:
        return _backward(scene, index, width, room)
    if scene.by == "input":
        return _stamp(scene, scene.cell_of(index))
    step = scene.plan.step_at(scene.cell_of(index), scene.out_channel)
    found = written_out(scene.plan, step, scene.x, scene.w, scene.b)
    # In the order of the matrix's row, which for a transposed convolution is not the kernel's.
    ordered = sorted(found.terms, key=lambda t: (t.tap.input_channel, t.tap.input))
    if scene.shown == "symbols" and found.operation == "sum":
        terms = [_symbols(scene, t.tap) for t in ordered]
        if found.bias is not None:
            terms.append(f"b{step.channel}")
    elif found.operation == "sum":
        terms = [
            f"{_factor(t.weight) if at else number_text(t.weight)}·{_factor(t.value)}"
            for at, t in enumerate(ordered)
        ]
        if found.bias is not None:
            terms.append(_factor(found.bias))
    else:
        terms = [_factor(t.value) for t in ordered]
    result = scene.shown == "numbers" or found.operation != "sum"
    end = f" = {number_text(found.result)}" if result else ""

    def line(kept: int) -> str:
        shown = terms if kept >= len(terms) else [*terms[:kept], "…", terms[-1]]
        return _line(scene, step.cell, found.operation, shown, found.divisor) + end

    return longest_that_fits(line, len(terms), width, room)


def longest_that_fits(
    line: Callable[[int], str],
    count: int,
    width: Callable[[str], float] | None,
    room: float,
) -> str:
    """`line(kept)` with as many of `count` terms as fit `room`, at least one; no width keeps all.

    By halving: a sum over hundreds of channels is written at every move of the pointer.
    """
    whole = line(count)
    if width is None or count <= 1 or width(whole) <= room:
        return whole
    fits, too_many = 1, count - 1  # all but one term and an ellipsis are no shorter than all
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if width(line(middle)) <= room:
            fits = middle
        else:
            too_many = middle
    return line(fits)


def _symbols(scene: Scene, tap: Tap) -> str:
    """w02·x13; with channels w0,1,0,2·x1,1,3."""
    letter = scene.letters[0]
    weight, cell = tap.kernel, tap.input
    if scene.case.channels != (1, 1):
        place = scene.plan.weight_place(tap)
        joined = ",".join(map(str, (tap.input_channel, *cell)))
        return f"w{','.join(map(str, place))}·{letter}{joined}"
    rank = scene.case.rank
    left = symbol("w", *place_of(weight), rank)
    return f"{left}·{symbol(letter, *place_of(cell), rank)}"


def _line(scene: Scene, cell: Cell, operation: str, terms: list[str], divisor: int | None) -> str:
    name = f"{scene.letters[1]}({','.join(map(str, cell))}) = "
    if operation == "max":
        return f"{name}max({', '.join(terms)})"
    total = " + ".join(terms) or "0"
    return f"{name}({total}) / {divisor}" if operation == "average" else name + total


def _stamp(scene: Scene, cell: Cell) -> str:
    value = number_text(scene.x[(scene.in_channel, *cell)])
    return f"y += x({','.join(map(str, cell))}) · w = {value} · w"


def _backward(scene: Scene, index: int, width: Callable[[str], float] | None, room: float) -> str:
    """A cell of ∂x as the sum it is; of a pooling its value alone."""
    if scene.turned is not None:
        return written_text(scene.turned, index, width, room)
    cell = scene.cell_of(index)
    value = scene.gradients.input[(scene.in_channel, *cell)]
    return f"∂x({','.join(map(str, cell))}) = {number_text(value)}"


def _factor(value: object) -> str:
    text = number_text(value)
    return f"({text})" if text.startswith("−") else text
