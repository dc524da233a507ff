"""Draws convolution arithmetic, the same on screen and in files; needs no window."""
