"""Observes a network under review: its channels, its skips, its output, its gradient."""
