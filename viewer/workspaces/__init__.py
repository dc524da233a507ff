"""The panels around the canvas: each reads the session and holds no truth of its own."""
