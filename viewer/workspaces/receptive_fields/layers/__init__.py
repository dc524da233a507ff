"""The panel of all layers: fields as bars and as a table, What if, and their exports."""
