"""The panel of one unit: its field in numbers and pictures, compared units, tiles, padding."""
