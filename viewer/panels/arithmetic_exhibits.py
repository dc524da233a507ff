"""Which pictures the stage of Arithmetic shows side by side, and what they are called."""

from __future__ import annotations

from dataclasses import dataclass

from viewer.drawing.arithmetic import (
    BackwardPicture,
    FlatPicture,
    MatrixPicture,
    Picture,
    PlatesPicture,
    Scene,
    StampPicture,
    ZeroInsertionPicture,
)
from viewer.messages import mark


@dataclass(frozen=True)
class Exhibit:
    """One picture; `turned` shows the backward pass as a scene of its own (`Bench.turned`)."""

    title: str
    subtitle: str
    picture: Picture
    turned: bool = False


class Exhibits:
    """The pictures, each made once: it keeps what it has painted."""

    def __init__(self) -> None:
        self._slide = Exhibit(
            mark("Slide the kernel"),
            mark("each output cell is one sum over the window"),
            FlatPicture(),
        )
        self._pool = Exhibit(
            mark("Slide the window"), mark("each output cell is made of one window"), FlatPicture()
        )
        self._plates = Exhibit(
            mark("Two plates"), mark("input below, output above"), PlatesPicture()
        )
        self._stretched_plates = Exhibit(
            mark("Two plates"),
            mark("drawn as a direct convolution over the input with zeros"),
            PlatesPicture(),
        )
        self._stamps = Exhibit(
            mark("Stamp and add"),
            mark("each input cell stamps the kernel, times its value"),
            StampPicture(),
        )
        self._zeros = Exhibit(
            mark("Insert zeros, flip, convolve"),
            mark("stride becomes zeros between cells"),
            ZeroInsertionPicture(),
        )
        self._matrix = Exhibit(
            mark("Multiply by C"), mark("one row for each output cell"), MatrixPicture()
        )
        self._matrix_transposed = Exhibit(
            mark("Multiply by Cᵀ"), mark("one row for each output cell"), MatrixPicture()
        )
        self._matrix_pool = Exhibit(
            mark("As a matrix"), mark("one row for each output cell, for these values"),
            MatrixPicture(),
        )  # fmt: skip
        self._back = Exhibit(
            mark("Back through the same taps"),
            mark("each cell of ∂x is one sum over ∂y"),
            BackwardPicture(),
        )
        self._back_transposed = Exhibit(
            mark("Multiply by Cᵀ"), mark("∂x = Cᵀ ∂y: a convolution goes back by Cᵀ"),
            MatrixPicture(), turned=True,
        )  # fmt: skip
        self._back_direct = Exhibit(
            mark("Multiply by C"), mark("∂x = C ∂y: a transposed convolution goes back by C"),
            MatrixPicture(), turned=True,
        )  # fmt: skip

    def of(self, scene: Scene, backward: bool) -> tuple[Exhibit, ...]:
        """The pictures of a scene, the one that says most first."""
        kind = scene.case.kind
        if backward:
            if scene.turned is None:
                return (self._back,)
            return (self._back, self._back_transposed if kind == "conv" else self._back_direct)
        if kind == "transposed":
            plates = (self._stretched_plates,) if scene.look == "plates" else ()
            second = () if plates else (self._zeros,)
            return (self._stamps, *plates, *second, self._matrix_transposed)
        first = self._plates if scene.look == "plates" else (
            self._slide if kind == "conv" else self._pool
        )  # fmt: skip
        return (first, self._matrix if kind == "conv" else self._matrix_pool)
