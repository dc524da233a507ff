"""The table of layers and the list of problems."""
