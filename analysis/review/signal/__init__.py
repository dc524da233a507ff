"""Rules about the gradient of a network with new weights."""
