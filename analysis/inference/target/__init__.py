"""Holds an output against its target: a mask of labels, or a picture."""
