"""Places the tiles of a tiled prediction along one axis, with the part of each that is kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TileSpan:
    """Input pixels [start, end) of one tile, of which [kept_start, kept_end) stays.

    `end` can lie past the image, where its length is no multiple of what tiles must measure.
    """

    start: int
    end: int
    kept_start: int
    kept_end: int


def smallest_tile(margin: int, multiple: int) -> int:
    """The least tile of which something is left between two discarded margins."""
    return -(-(2 * margin + multiple) // multiple) * multiple


def tile_spans(length: int, tile: int, margin: int, multiple: int) -> tuple[TileSpan, ...]:
    """Tiles of `tile` pixels, from multiples of `multiple` on, that cover `length` pixels.

    At inner edges `margin` is discarded; at the image's own border nothing is, for there the
    whole image is cut in the same place. Raises ValueError for a tile that is no multiple or
    too small to keep anything.
    """
    if tile >= length:
        return (TileSpan(0, tile, 0, length),)
    if tile % multiple or tile < smallest_tile(margin, multiple):
        raise ValueError(tile)
    step = (tile - 2 * margin) // multiple * multiple
    last = -(-(length - tile) // multiple) * multiple
    starts = [*range(0, last, step), last]
    spans: list[TileSpan] = []
    for start in starts:
        kept_start = spans[-1].kept_end if spans else 0
        kept_end = length if start == last else start + tile - margin
        spans.append(TileSpan(start, start + tile, kept_start, kept_end))
    return tuple(spans)
