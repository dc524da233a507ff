"""The graphics items of the canvas: blocks, wires, frames, overlays, and how they move."""
