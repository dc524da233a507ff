"""Tiled prediction: an input of any size, piece by piece, equal to the whole at once."""
