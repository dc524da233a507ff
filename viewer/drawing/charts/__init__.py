"""Charts as pictures: lines, bars, a heat map, histograms; they need no screen."""
