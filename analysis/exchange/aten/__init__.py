"""Reads calls of ATen operators as the operators of a graph."""
