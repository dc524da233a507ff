"""The panel that states sizes, counts and the way back of one case."""
