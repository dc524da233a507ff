"""Pictures of receptive fields: overlays, pyramids, heat maps, masks."""
