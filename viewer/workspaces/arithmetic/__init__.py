"""The workspace Arithmetic: one convolution, computed in the open."""
