"""Painting tools that know nothing of networks: text, device pixels, hatches, outlines."""
