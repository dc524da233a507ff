"""The right panel of Train: curves, pictures, histograms, and how far the epoch is."""
