"""One channel shown large: its map, its numbers, and what stands beside it."""
