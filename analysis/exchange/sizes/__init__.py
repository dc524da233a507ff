"""The sizes that an opened network holds for: what follows the picture, and what is fixed."""
