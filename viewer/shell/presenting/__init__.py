"""Presenting: full screen, large type, spotlight and laser, and saved steps."""
