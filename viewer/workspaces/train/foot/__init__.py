"""The bottom panel of Train: gradients by layer, and the transport."""
