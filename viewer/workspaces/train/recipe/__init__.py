"""The left panel of Train: the recipe."""
