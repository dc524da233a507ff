"""The workspaces: the panels around the canvas, which read the session and keep no state."""
