"""Measures one image in the engine's own process: skips, scores, layers, effective fields."""
