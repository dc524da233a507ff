"""Draws convolution arithmetic, the same on screen and in files; needs no window."""

from viewer.drawing.arithmetic.animation import Animation, picture_for
from viewer.drawing.arithmetic.animation_file import export_animation
from viewer.drawing.arithmetic.backward_picture import BackwardPicture
from viewer.drawing.arithmetic.count_pictures import OverlapPicture, UsePicture
from viewer.drawing.arithmetic.display import By, Look, Part, Shown, Spot
from viewer.drawing.arithmetic.flat_picture import FlatPicture
from viewer.drawing.arithmetic.formats.contract import Cancelled, CannotExport
from viewer.drawing.arithmetic.grid import Grid
from viewer.drawing.arithmetic.highlight import Highlight, connected, step_highlight
from viewer.drawing.arithmetic.matrix_picture import MatrixPicture
from viewer.drawing.arithmetic.picture import Picture
from viewer.drawing.arithmetic.plates_picture import PlatesPicture
from viewer.drawing.arithmetic.scene import Scene
from viewer.drawing.arithmetic.stamp_picture import StampPicture
from viewer.drawing.arithmetic.step_text import written_text
from viewer.drawing.arithmetic.zero_insertion_picture import ZeroInsertionPicture

__all__ = [
    "Animation",
    "BackwardPicture",
    "By",
    "Cancelled",
    "CannotExport",
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
