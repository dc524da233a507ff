"""The saved document, and the store of weights and images kept by their hash."""
