"""Starts child processes that import nothing from the current folder or PYTHONPATH."""
