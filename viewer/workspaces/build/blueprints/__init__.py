"""The panel that chooses a blueprint and its settings."""
