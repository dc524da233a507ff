"""Rules about what a trained network does with an image."""
