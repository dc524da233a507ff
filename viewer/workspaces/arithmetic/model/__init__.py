"""The state of the Arithmetic workspace: the scene of one case, its time and its edits."""
