"""Imports networks: a model in a Python file becomes a graph and its weights."""
