"""Runs a person's model file and writes the graph that `torch.export` records of it.

A program of its own (`program.py`), started by its path in a process that is thrown away: the
file's code can do there what it likes, and neither the window nor the analysis is loaded. The
files import each other relative to this package, since there it goes by another name.
"""
