"""A study: what a network does on every image of a folder, measured in parts that merge."""
