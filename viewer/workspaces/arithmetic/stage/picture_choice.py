"""Which pictures the stage of Arithmetic shows side by side, and what they are called."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from viewer.drawing.arithmetic.backward_picture import BackwardPicture
from viewer.drawing.arithmetic.display import Spot
from viewer.drawing.arithmetic.flat_picture import FlatPicture
from viewer.drawing.arithmetic.highlight import turned_spot
from viewer.drawing.arithmetic.matrix_picture import MatrixPicture
from viewer.drawing.arithmetic.picture import Picture
from viewer.drawing.arithmetic.plates_picture import PlatesPicture
from viewer.drawing.arithmetic.scene import Scene
from viewer.drawing.arithmetic.stamp_picture import StampPicture
from viewer.drawing.arithmetic.zero_insertion_picture import ZeroInsertionPicture
from viewer.text.translation import mark


@dataclass(frozen=True)
class StagePicture:
    """One picture of the scene.

    `turned` shows the backward pass as a scene of its own, `block` of many channels only what
    the shown two have with each other.
    """

    title: str
    subtitle: str
    picture: Picture
    turned: bool = False
    block: bool = False

    def scene_of(self, scene: Scene) -> Scene | None:
        """The scene that the picture shows."""
        whole = scene.turned if self.turned else scene
        return whole.block if self.block and whole is not None else whole

    def spot_in_picture(self, scene: Scene, spot: Spot) -> Spot:
        """Convert a cell of the forward scene to this picture's scene."""
        spot = turned_spot(spot) if self.turned else spot
        return self._moved(scene, spot, -1)

    def spot_in_scene(self, scene: Scene, spot: Spot) -> Spot:
        """Convert a cell of this picture's scene to the forward scene."""
        spot = self._moved(scene, spot, 1)
        return turned_spot(spot) if self.turned else spot

    def _moved(self, scene: Scene, spot: Spot, way: int) -> Spot:
        """Rows and columns of a matrix count from the first channel, of a block from its own."""
        shown = self.scene_of(scene)
        if spot.part != "matrix" or shown is None or shown.block_of is None:
            return spot
        inside, outside = shown.block_of
        down = outside * math.prod(shown.case.out_size)
        across = inside * math.prod(shown.case.in_size)
        return Spot("matrix", (spot.cell[0] + way * down, spot.cell[1] + way * across))


class PictureChoice:
    """The pictures, each made once: it keeps what it has painted."""

    def __init__(self) -> None:
        self._slide = StagePicture(
            mark("Slide the kernel"),
            mark("each output cell is one sum over the window"),
            FlatPicture(),
        )
        self._pool = StagePicture(
            mark("Slide the window"), mark("each output cell is made of one window"), FlatPicture()
        )
        self._plates = StagePicture(
            mark("Two plates"), mark("input below, output above"), PlatesPicture()
        )
        self._stretched_plates = StagePicture(
            mark("Two plates"),
            mark("drawn as a direct convolution over the input with zeros"),
            PlatesPicture(),
        )
        self._stamps = StagePicture(
            mark("Stamp and add"),
            mark("each input cell stamps the kernel, times its value"),
            StampPicture(),
        )
        self._zeros = StagePicture(
            mark("Insert zeros, flip, convolve"),
            mark("stride becomes zeros between cells"),
            ZeroInsertionPicture(),
        )
        self._matrix = StagePicture(
            mark("Multiply by C"), mark("one row for each output cell"), MatrixPicture(), block=True
        )
        self._matrix_transposed = StagePicture(
            mark("Multiply by Cᵀ"),
            mark("one row for each output cell"),
            MatrixPicture(),
            block=True,
        )
        self._matrix_columns = replace(
            self._matrix_transposed, subtitle=mark("one column for each input cell")
        )
        self._matrix_pool = StagePicture(
            mark("As a matrix"), mark("one row for each output cell, for these values"),
            MatrixPicture(), block=True)  # fmt: skip
        self._back = StagePicture(
            mark("Back through the same taps"),
            mark("each cell of ∂x is one sum over ∂y"),
            BackwardPicture(),
        )
        self._back_transposed = StagePicture(
            mark("Multiply by Cᵀ"), mark("∂x = Cᵀ ∂y: a convolution goes back by Cᵀ"),
            MatrixPicture(), turned=True, block=True,
        )  # fmt: skip
        self._back_direct = StagePicture(
            mark("Multiply by C"), mark("∂x = C ∂y: a transposed convolution goes back by C"),
            MatrixPicture(), turned=True, block=True,
        )  # fmt: skip

    def of(self, scene: Scene, backward: bool) -> tuple[StagePicture, ...]:
        """The pictures of a scene, the one that says most first."""
        kind = scene.case.kind
        if backward:
            if scene.turned is None:
                return (self._back,)
            return (self._back, self._back_transposed if kind == "conv" else self._back_direct)
        if kind == "transposed":
            plates = (self._stretched_plates,) if scene.look == "plates" else ()
            second = () if plates else (self._zeros,)
            by_row = scene.by == "output"
            third = self._matrix_transposed if by_row else self._matrix_columns
            return (self._stamps, *plates, *second, third)
        first = self._plates if scene.look == "plates" else (
            self._slide if kind == "conv" else self._pool
        )  # fmt: skip
        return (first, self._matrix if kind == "conv" else self._matrix_pool)
