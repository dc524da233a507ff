"""Reads windows of a map that are put into channels, and back, as calls on the map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod

from analysis.exchange.aten.call import Reading
from analysis.exchange.layout import Layout
from analysis.exchange.on_maps import LayoutOf, MapReader, OnMaps, listed
from analysis.exchange.recorded import Foreign
from analysis.operators import Fold, Unfold
from analysis.operators.contract import Shape


def _pair(reading: Reading, name: str) -> Shape:
    """A setting of both axes, spread where one number stands for them."""
    given = tuple(map(int, listed(reading.get(name))))
    return given * 2 if len(given) == 1 else given


def _windows(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    """`im2col`: (1, C·k, windows) of (1, C, H, W)."""
    layout = layout_of(reading.data())
    if not layout.is_plain or layout.folded or len(layout.axes) != 3:
        raise Foreign
    names = ("kernel_size", "stride", "padding", "dilation")
    operator = Unfold(*(_pair(reading, name) for name in names))
    shape = operator.shape([layout.shape])
    if not isinstance(shape, tuple):
        raise Foreign
    whole = Layout.plain("", shape)
    batch, channels, rows, columns = whole.dims
    return OnMaps(operator, (layout,), whole.with_dims((batch, channels, rows + columns)))


def _put_back(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    """`col2im`: the other way, wherever the pixels of the windows lie in the tensor."""
    layout = layout_of(reading.data())
    size = _pair(reading, "output_size")
    if layout.folded or len(layout.axes) != 3 or len(layout.dims) != 3 or not layout.keeps_places:
        raise Foreign
    names = ("kernel_size", "stride", "padding", "dilation")
    kernel, stride, padding, dilation = (_pair(reading, name) for name in names)
    least = Fold(kernel, stride, padding, (), dilation).shape([layout.shape])
    if not isinstance(least, tuple):
        raise Foreign
    more = tuple(whole - part for whole, part in zip(size, least[1:], strict=True))
    operator = Fold(kernel, stride, padding, more, dilation)
    shape = operator.shape([layout.shape])
    if not isinstance(shape, tuple):
        raise Foreign
    return OnMaps(operator, (layout,), Layout.plain("", shape))


def _along_an_axis(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    """`x.unfold(dim, size, step)`: the pixels of each window become the last axis."""
    layout = layout_of(reading.data())
    dim = reading.get("dimension") % len(layout.dims)
    size, step = int(reading.get("size")), int(reading.get("step"))
    axis = layout.axis(dim)
    if layout.folded or not axis or size < 2:
        raise Foreign
    kernel, stride = (tuple(n if at == axis else 1 for at in range(1, len(layout.axes)))
                      for n in (size, step))  # fmt: skip
    operator = Unfold(kernel, stride)
    count = (layout.recorded[dim] - size) // step + 1
    shorter = layout.resized(dim, count)
    new = len(shorter.sizes)
    axes = ((*shorter.axes[0], new), *shorter.axes[1:])
    grown = replace(shorter, axes=axes, sizes=(*shorter.sizes, size))
    found = grown.with_dims((*shorter.dims, (new,)))
    if prod(found.recorded) != prod(found.shape):
        raise Foreign
    return OnMaps(operator, (layout,), found)


UNFOLDED: Mapping[str, MapReader] = {
    "im2col": _windows,
    "col2im": _put_back,
    "unfold": _along_an_axis,
}
