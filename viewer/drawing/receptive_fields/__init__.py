"""Draws receptive fields: overlays, pyramids, heat maps, masks."""
