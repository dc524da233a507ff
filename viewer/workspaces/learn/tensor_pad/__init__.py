"""The tensor pad: a line about tensors, and what it comes to as numbers, memory and pictures."""
