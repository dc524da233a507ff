"""A convolution or pooling of a network as a case of arithmetic, at one unit."""

from analysis.arithmetic.layer.layer import Layer, layer_of

__all__ = ["Layer", "layer_of"]
