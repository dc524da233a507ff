"""The colours that maps are drawn in: ramps of 256 colours, and the table of those offered."""
