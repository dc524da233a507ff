"""Compares the network of a window with another one, in the place of the canvas."""
