"""Lessons: Markdown with steps, each with a state, one thing to do, and a check in numbers.

The format is told in `assets/lessons/README.md`. Nothing here loads Qt or torch.
"""
