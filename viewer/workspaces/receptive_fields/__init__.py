"""The workspace Receptive fields: what one unit sees, and the fields of all layers."""
