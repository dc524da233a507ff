"""The training of one window: what is asked of its process, and all that came of it."""
