"""TODO-docstring."""

from analysis.arithmetic.layer.layer import Layer, layer_of

__all__ = ["Layer", "layer_of"]
