"""Measures of the skips, one function a file, and the table of all of them."""
