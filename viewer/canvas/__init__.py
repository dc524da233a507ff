"""The canvas: the network as its maps, and every gesture on it."""

from viewer.canvas.view import CanvasView

__all__ = ["CanvasView"]
