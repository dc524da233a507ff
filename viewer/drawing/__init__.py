"""Draws pictures without a screen, for the canvas and for exports."""
