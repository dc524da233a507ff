"""Pictures of convolution arithmetic, the same on screen and in files; they need no window."""

from viewer.drawing.arithmetic.flat import FlatPicture
from viewer.drawing.arithmetic.grid import Grid, Part
from viewer.drawing.arithmetic.highlight import Highlight, connected, step_highlight
from viewer.drawing.arithmetic.picture import Picture
from viewer.drawing.arithmetic.scene import By, Look, Scene, Shown, Spot

__all__ = [
    "By",
    "FlatPicture",
    "Grid",
    "Highlight",
    "Look",
    "Part",
    "Picture",
    "Scene",
    "Shown",
    "Spot",
    "connected",
    "step_highlight",
]
