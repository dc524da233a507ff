"""What torch's record of a call says of the modules that a program of ours was made of."""

MODULES_OF = "fieldglass"
"""The Python module that their classes are said to come from; each is one operator."""
