"""The panel of the skips: gates, shares of the output, bands."""
