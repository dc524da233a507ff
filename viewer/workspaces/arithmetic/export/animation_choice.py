"""Makes the animation to export from the chosen settings, and a preview frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPixmap

from viewer.drawing.arithmetic.animation import Animation, picture_for
from viewer.drawing.arithmetic.backward_picture import BackwardPicture
from viewer.drawing.arithmetic.display import Look
from viewer.drawing.arithmetic.matrix_picture import MatrixPicture
from viewer.drawing.arithmetic.picture import Picture
from viewer.drawing.arithmetic.scene import Scene
from viewer.look.tokens import Mode


@dataclass(frozen=True)
class AnimationSettings:
    """The chosen settings of an export: steps from 1, both ends included."""

    first: int
    last: int
    size: tuple[int, int]
    speed: float
    look: Look
    mode: Mode
    matrix: bool
    loop: bool = True


def film_of(shown: Scene, wanted: AnimationSettings) -> Animation:
    """The film of a scene, with pictures of its own: another thread may paint it."""
    scene = replace(shown, mode=wanted.mode, look=wanted.look)
    return Animation(
        scene,
        wanted.size,
        wanted.speed,
        wanted.first - 1,
        wanted.last - 1,
        _pictures(scene, wanted.matrix),
        loop=wanted.loop,
    )


def _pictures(scene: Scene, with_matrix: bool) -> tuple[Picture, ...]:
    first = BackwardPicture() if scene.grad_output is not None else picture_for(scene)
    return (first, MatrixPicture()) if with_matrix else (first,)


def frame_of(film: Animation, step: int, room: tuple[int, int], ratio: float) -> QPixmap:
    """A frame as large as the room, painted at that size: a large film costs no more."""
    width, height = film.size
    scale = min(room[0] / width, room[1] / height)
    picture = QPixmap(QSize(width, height) * scale * ratio)
    picture.setDevicePixelRatio(ratio)
    painter = QPainter(picture)
    painter.scale(scale, scale)
    film.paint(painter, step)
    painter.end()
    return picture
