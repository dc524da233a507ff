"""The code of a trained auto-encoder: where pictures lie in it, and what it is good for."""
