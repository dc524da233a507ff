"""Says what a shape can be read as: how many pictures of how many channels."""

from __future__ import annotations

from math import prod

from analysis.tensor_pad.result import TensorResult
from viewer.text.number_format import grouped
from viewer.text.translation import mark, tr

AXES: dict[int, tuple[str, ...]] = {
    1: (mark("length"),),
    2: (mark("rows"), mark("columns")),
    3: (mark("channel"), mark("height"), mark("width")),
    4: (mark("batch"), mark("channel"), mark("height"), mark("width")),
    5: (mark("batch"), mark("channel"), mark("depth"), mark("height"), mark("width")),
}
"""What the axes of a tensor stand for in PyTorch's layers, by their number."""


def shape_text(shape: tuple[int, ...]) -> str:
    """As torch writes it: [2, 3]."""
    return f"[{', '.join(map(str, shape))}]"


def axis_name(axis: int, axes: int) -> str:
    """The name of an axis among so many; its number where it has none."""
    names = AXES.get(axes)
    return tr(names[axis]) if names else tr("axis {number}", number=axis)


def shape_words(shape: tuple[int, ...]) -> str:
    """A shape in words, as layers of PyTorch read it."""
    names = AXES.get(len(shape))
    if not shape:
        return tr("a single number, with no axis")
    if names is None:
        return tr("{n} axes", n=len(shape))
    return f"[{', '.join(map(tr, names))}]: {tr(_READ[len(shape)], **_values(names, shape))}"


_READ: dict[int, str] = {
    1: mark("a row of {length}"),
    2: mark("a table, rows {rows}, columns {columns}"),
    3: mark("a picture, channels {channel}, height {height}, width {width}"),
    4: mark("pictures, batch {batch}, channels {channel}, height {height}, width {width}"),
    5: mark(
        "volumes, batch {batch}, channels {channel}, depth {depth}, height {height}, width {width}"
    ),
}


def _values(names: tuple[str, ...], shape: tuple[int, ...]) -> dict[str, int]:
    return dict(zip(names, shape, strict=True))


def memory_words(result: TensorResult) -> str:
    """Dtype, number of elements, strides, and whether the memory is in order."""
    count = prod(result.shape)
    parts = [
        result.dtype,
        tr("1 element") if count == 1 else tr("{n} elements", n=grouped(count)),
        tr("strides {strides}", strides=shape_text(result.strides)),
        tr("contiguous") if result.contiguous else tr("not contiguous"),
    ]
    if result.offset:
        parts.append(tr("begins at {place}", place=grouped(result.offset)))
    if len(result.memory) > prod(result.shape):
        parts.append(tr("a view of {n} in memory", n=grouped(len(result.memory))))
    elif len(result.memory) < prod(result.shape):
        parts.append(tr("only {n} in memory", n=grouped(len(result.memory))))
    return " · ".join(parts)


def cell_text(value: object, dtype: str) -> str:
    """An element as it is written in a cell: at most seven characters."""
    if dtype == "bool":
        return "True" if value else "False"
    number = float(value)  # type: ignore[arg-type]
    if number != number:  # noqa: PLR0124 - not a number
        return "nan"
    if number in (float("inf"), float("-inf")):
        return "inf" if number > 0 else "−inf"
    if "float" not in dtype:
        whole = str(int(value))  # type: ignore[call-overload]
        return (whole if len(whole) < 8 else f"{number:.1e}").replace("-", "−")
    size = abs(number)
    if size and not 0.001 <= size < 10000:
        return f"{number:.1e}".replace("-", "−")
    written = f"{number:.4g}" if size >= 1 else f"{number:.4f}".rstrip("0").rstrip(".")
    return written.replace("-", "−")
