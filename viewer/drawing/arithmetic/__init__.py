"""Pictures of convolution arithmetic, the same on screen and in files; they need no window."""

from viewer.arithmetic_view import By, Look, Part, Shown, Spot
from viewer.drawing.arithmetic.backward import BackwardPicture
from viewer.drawing.arithmetic.export import (
    ENDINGS,
    Cancelled,
    CannotExport,
    export_animation,
)
from viewer.drawing.arithmetic.film import Film, picture_for
from viewer.drawing.arithmetic.flat import FlatPicture
from viewer.drawing.arithmetic.grid import Grid
from viewer.drawing.arithmetic.highlight import Highlight, connected, step_highlight
from viewer.drawing.arithmetic.matrix_picture import MatrixPicture
from viewer.drawing.arithmetic.overlap import OverlapPicture, UsePicture
from viewer.drawing.arithmetic.picture import Picture
from viewer.drawing.arithmetic.plates import PlatesPicture
from viewer.drawing.arithmetic.scene import Scene
from viewer.drawing.arithmetic.stamps import StampPicture
from viewer.drawing.arithmetic.written import written_text
from viewer.drawing.arithmetic.zero_insertion import ZeroInsertionPicture

__all__ = [
    "ENDINGS",
    "BackwardPicture",
    "By",
    "Cancelled",
    "CannotExport",
    "Film",
    "FlatPicture",
    "Grid",
    "Highlight",
    "Look",
    "MatrixPicture",
    "OverlapPicture",
    "Part",
    "Picture",
    "PlatesPicture",
    "Scene",
    "Shown",
    "Spot",
    "StampPicture",
    "UsePicture",
    "ZeroInsertionPicture",
    "connected",
    "export_animation",
    "picture_for",
    "step_highlight",
    "written_text",
]
