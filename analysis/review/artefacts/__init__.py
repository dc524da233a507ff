"""Rules about what a network does to its picture by its build alone."""
